// The live transcript in a real browser: what is read, how it follows, and what a lost line does not do.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it, type TestContext } from 'vitest';
import { historyRun } from '../../http/fake-daemon.ts';
import { openPage } from '../browser-page.ts';
import { holdTimers } from '../held-timers.ts';
import { liveTranscript, type LiveTranscript } from './live-transcript.ts';

/** Of SHOP-42, which runs. */
const RUN = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';
const claude = readFileSync(
  new URL('../../fixtures/agents/claude-code/success.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n');

const protocol = '{"type":"stream_event","event":{"type":"message_stop"}}';

async function openTranscript(ctx: TestContext, transcript: LiveTranscript, width = 1280) {
  const opened = await openPage(ctx, {
    path: '/issues/SHOP-42',
    server: { transcripts: transcript.source },
    width,
  });
  const box = opened.page.getByRole('region', { name: 'Transcript lines' });
  return { ...opened, box };
}

/** From another page of the same document, so that not even the first of its waits is over by itself. */
async function openUnderHeldTimers(ctx: TestContext, transcript: LiveTranscript) {
  const opened = await openPage(ctx, { server: { transcripts: transcript.source } });
  const { page } = opened;
  const timers = await holdTimers(page, 500);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/transcript')) asked.push(request.url());
  });
  await page.getByRole('link', { name: 'SHOP-42', exact: true }).first().click();
  await page.getByText('The agent has not said anything yet.').waitFor();
  const box = page.getByRole('region', { name: 'Transcript lines' });
  return { ...opened, box, timers, asked };
}

const numbered = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => `line number ${from + index}`);

const drawn = (page: Page): Promise<number> => page.locator('.transcript > li').count();
const isAtEnd = (page: Page): Promise<boolean> =>
  page.evaluate(
    "(() => { const { scrollTop, clientHeight, scrollHeight } = document.querySelector('.transcript-box'); return scrollHeight - clientHeight - scrollTop < 30 })()",
  );

const topOf = (page: Page): Promise<number> =>
  page.evaluate("document.querySelector('.transcript-box').scrollTop");

describe('a transcript', () => {
  it('tells what the agent says, calls and gets, and keeps the raw line one click away', async (ctx) => {
    const { page, box, complaints } = await openTranscript(ctx, liveTranscript(RUN, [...claude, protocol]));
    const call = box.getByRole('listitem').filter({ hasText: 'Calls' }).first();
    await call.waitFor();
    expect(await call.innerText()).toMatch(/Calls\s+Bash[\s\S]*echo hello-from-agent/);
    expect(await box.getByRole('listitem').filter({ hasText: 'Result' }).first().innerText()).toMatch(
      /ok[\s\S]*hello-from-agent/,
    );
    expect(await box.innerText()).not.toContain('message_stop');
    await call.getByRole('button', { name: /^raw/ }).click();
    expect(await call.locator('pre').innerText()).toContain('"type":"tool_use"');
    await page.getByRole('checkbox', { name: 'Protocol lines' }).check();
    await expect.poll(() => box.innerText()).toContain('message_stop');
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  });

  it('follows its end, waits while the reader is elsewhere, and comes back', async (ctx) => {
    const transcript = liveTranscript(RUN, numbered(300));
    const { page, box } = await openTranscript(ctx, transcript);
    await box.getByText('line number 300', { exact: true }).waitFor();
    expect(await isAtEnd(page)).toBe(true);
    transcript.say(...numbered(50, 301));
    await box.getByText('line number 350', { exact: true }).waitFor();
    await box.hover();
    await page.mouse.wheel(0, -2_000);
    const jump = page.getByRole('button', { name: /Jump to the end/ });
    await jump.waitFor();
    const before = await topOf(page);
    expect(before).toBeGreaterThan(1_000);
    transcript.say(...numbered(100, 351));
    await expect.poll(() => page.locator('.transcript-status').innerText()).toBe('Live, 450 lines');
    expect(await topOf(page)).toBe(before);
    await jump.click();
    await box.getByText('line number 450', { exact: true }).waitFor();
    transcript.say('one more');
    await box.getByText('one more', { exact: true }).waitFor();
    expect(await jump.count()).toBe(0);
  });

  it('goes on behind its last line after the daemon was away, and shows none twice', async (ctx) => {
    const transcript = liveTranscript(RUN, numbered(40));
    const { page, box, server, restart } = await openTranscript(ctx, transcript);
    await box.getByText('line number 40', { exact: true }).waitFor();
    await server.close();
    await expect.poll(() => page.locator('.transcript-status').innerText()).toContain('Connection lost');
    transcript.say(...numbered(10, 41));
    await restart();
    await box.getByText('line number 50', { exact: true }).waitFor();
    expect(await page.locator('.transcript-status').innerText()).toBe('Live, 50 lines');
    expect(transcript.asked).toEqual([0, 40]);
    await page.getByRole('searchbox', { name: 'Find in the transcript' }).fill('line number 4');
    await expect.poll(() => page.getByText(/^\d+ found$/).innerText()).toBe('11 found');
  });

  it('says when it is over, and when there is none', async (ctx) => {
    const transcript = liveTranscript(RUN, ['{"event":"notification","message":"done"}']);
    const { page } = await openTranscript(ctx, transcript);
    transcript.end();
    await expect.poll(() => page.locator('.transcript-status').getAttribute('data-status')).toBe('ended');
    const none = await openTranscript(ctx, liveTranscript('another run'));
    await none.page.getByText('The agent has not said anything yet.').waitFor();
  });

  it('appears when the agent that said nothing begins to speak', async (ctx) => {
    const transcript = liveTranscript(RUN);
    const { page, box } = await openTranscript(ctx, transcript);
    await page.getByText('The agent has not said anything yet.').waitFor();
    transcript.say('here I am');
    await box.getByText('here I am').waitFor();
  });

  it('that is not there yet is asked for again after growing pauses, however far the run comes', async (ctx) => {
    const transcript = liveTranscript(RUN);
    const { page, box, daemon, timers, asked } = await openUnderHeldTimers(ctx, transcript);
    await expect.poll(() => timers.waiting()).toContain(1_000);
    const [running] = daemon.snapshot?.running ?? [];
    if (running === undefined) throw new Error('nothing runs');
    const turns = page
      .getByRole('region', { name: 'Attempts side by side' })
      .getByRole('row', { name: 'Turns' });
    for (let turnCount = 4; turnCount < 9; turnCount += 1) {
      daemon.change({ running: [{ ...running, turnCount }] });
      await expect.poll(() => turns.getByRole('cell').first().innerText()).toBe(String(turnCount));
    }
    // A stream, and a question why there is none.
    expect(asked).toHaveLength(2);
    await timers.pass();
    await expect.poll(() => asked.length).toBe(4);
    await expect
      .poll(async () => {
        await timers.pass();
        return asked.length;
      })
      .toBeGreaterThanOrEqual(6);
    await expect.poll(async () => Math.max(...(await timers.waiting()))).toBeGreaterThanOrEqual(4_000);
    transcript.say('here I am, late');
    await timers.pass();
    await box.getByText('here I am, late').waitFor();
  });

  it('of a run that is over is not asked for again', async (ctx) => {
    const { page, daemon, timers, asked } = await openUnderHeldTimers(ctx, liveTranscript('another run'));
    await expect.poll(() => timers.waiting()).toContain(1_000);
    daemon.runs = [historyRun({ runId: RUN, issueIdentifier: 'SHOP-42' })];
    daemon.change({ running: [] });
    await expect.poll(() => page.title()).not.toContain('running');
    const passed = async (): Promise<number> => {
      await timers.pass();
      return asked.length;
    };
    // One last look, for what was said just before the end.
    await expect.poll(passed).toBe(4);
    await page.getByRole('heading', { name: 'Why is it not running?' }).waitFor();
    for (let round = 0; round < 3; round += 1) {
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
      expect(await passed()).toBe(4);
    }
  });

  it('of 100,000 lines is held by a browser, with a screen’s worth of them drawn', async (ctx) => {
    const { page, box } = await openTranscript(ctx, liveTranscript(RUN, numbered(100_000)));
    await expect
      .poll(() => page.locator('.transcript-status').innerText(), { timeout: 100_000, interval: 250 })
      .toBe('Live, 100,000 lines');
    await box.getByText('line number 100000', { exact: true }).waitFor();
    expect(await drawn(page)).toBeLessThan(80);
    await page.evaluate(
      "(() => { const box = document.querySelector('.transcript-box'); box.scrollTop = box.scrollHeight / 2; })()",
    );
    await expect.poll(() => box.innerText()).toMatch(/line number (4|5)\d{4}/);
    expect(await drawn(page)).toBeLessThan(80);
  });

  it('folds what is long, and shows all of it on demand', async (ctx) => {
    const long = `begin ${'word '.repeat(2_000)}finish`;
    const { box } = await openTranscript(ctx, liveTranscript(RUN, [long, 'last']));
    const row = box.getByRole('listitem').filter({ hasText: 'begin' });
    expect(await row.innerText()).not.toContain('finish');
    await row.getByRole('button', { name: 'Show all 10,012 characters' }).click();
    expect(await row.innerText()).toContain('finish');
    await row.getByRole('button', { name: 'Show less' }).click();
    expect(await row.innerText()).not.toContain('finish');
  });

  it('leaves hostile lines as text', async (ctx) => {
    const nasty = [
      '<img src=x onerror="window.owned=1">',
      '{"type":"assistant","message":{"content":[{"type":"text","text":"<script>window.owned=1</script>"}]}}',
      '{"type":"tool_use","name":"<svg/onload=window.owned=1>","input":{"a":"javascript:window.owned=1"}}',
      '\u001b[31mred\u001b[0m\u001b]0;title\u0007 \u202Egnp.exe \u0000',
      'x'.repeat(20_000),
    ];
    const { page, box, complaints } = await openTranscript(ctx, liveTranscript(RUN, nasty), 360);
    await box.getByText('<script>window.owned=1</script>').waitFor();
    const text = await box.innerText();
    expect(text).toContain('<img src=x onerror="window.owned=1">');
    expect(text).toMatch(/red ⟨.+⟩gnp\.exe/);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await box.locator('img, script, svg, iframe, a').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    // No prompt was kept, which is a 404 and none of the browser's business.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  });
});
