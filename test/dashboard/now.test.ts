// The Now page by what a person sees: who runs, waits and is set aside, and the figures above them.
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot, waiting } from '../http/fake-daemon.ts';
import { openPage, rowOf } from './browser-page.ts';

const RUNNING = 'Running issues';

describe('the Now page', () => {
  it('says who runs, retries, is parked and waits, and why', async (ctx) => {
    const { page, complaints } = await openPage(ctx);
    expect(await rowOf(page, RUNNING, 'SHOP-42').innerText()).toMatch(
      /Checkout forgets[\s\S]*Working[\s\S]*turn 3 · attempt 1[\s\S]*Running the checkout tests[\s\S]*running Bash[\s\S]*1[23]m \d\ds[\s\S]*55\.1k[\s\S]*≈ \$0\.41[\s\S]*claude-code[\s\S]*claude-sonnet/,
    );
    expect(await rowOf(page, 'Issues that wait for another try', 'SHOP-57').innerText()).toMatch(
      /After an error[\s\S]*attempt 2[\s\S]*exit 1 after 214 s[\s\S]*(in \d+s|now)/,
    );
    expect(await rowOf(page, 'Issues that were set aside', 'SHOP-31').innerText()).toMatch(
      /Blocked[\s\S]*wrote "blocked"[\s\S]*when the issue changes, WORKFLOW\.md changes or an operator says so[\s\S]*1h 0\dm ago/,
    );
    expect(await rowOf(page, 'Issues that were read and not started', 'SHOP-64').innerText()).toMatch(
      /Blocked[\s\S]*SHOP-42 is In Progress[\s\S]*as of (\d\ds|1m) ago[\s\S]*1h 3\dm ago/,
    );
    await expect.poll(() => page.title()).toBe('3 to decide · 1 running · Sortie');
    expect(complaints).toEqual([]);
  });

  it('has the figures of the day, each beside its limit', async (ctx) => {
    const { page } = await openPage(ctx);
    const figures = (await page.getByLabel('At a glance').innerText()).replaceAll(/\s+/g, ' ');
    expect(figures).toMatch(/Slots in use 1 of 10 Retrying 1 Parked 1 Waiting 3 In review 3 of 5/);
    expect(figures).toMatch(/Tokens today 236k of 5\.00M Cost today \$3\.27 of \$25 /);
    await expect
      .poll(async () => (await page.getByLabel('At a glance').innerText()).replaceAll(/\s+/g, ' '))
      .toMatch(
        /Last look at the tracker Check now \d+s ago all well · next (in \d+s|now)|\d+s ago all well · next (in \d+s|now)/,
      );
    const slots = page.getByRole('meter', { name: 'Slots in use' });
    expect([await slots.getAttribute('aria-valuenow'), await slots.getAttribute('aria-valuemax')]).toEqual([
      '1',
      '10',
    ]);
  });

  it('leads from each row to the issue', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.snapshot = snapshot({ running: [running({ issueIdentifier: 'A/B ?#1' })] });
      },
    });
    const link = page.getByRole('link', { name: 'A/B ?#1' });
    expect(await link.getAttribute('href')).toBe('/issues/A%2FB%20%3F%231');
  });

  it('counts what is waiting and not shown', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.snapshot = snapshot({ waiting: [waiting()], waitingTotal: 240 });
      },
    });
    await page.getByText('239 more are not shown.').waitFor();
  });

  it('says what it means that there is nothing, and what to do', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        const empty = { running: [], retrying: [], parked: [], waiting: [], waitingTotal: 0 };
        daemon.snapshot = snapshot({ ...empty, rateLimits: [], pauses: [], handoff: null });
        daemon.tools.proposals = [];
        daemon.runs = [];
      },
    });
    await page.getByText('Nothing is running. An issue in an active state').waitFor();
    await page.getByText('Nothing waits for another try.').waitFor();
    await page.getByText('no issue needs a person').waitFor();
    await page.getByText('No issue waits').waitFor();
    await page.getByText('No run has ended yet.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await expect.poll(() => page.title()).toBe('Sortie');
  });

  it('runs its times by itself, by the clock of the daemon', async (ctx) => {
    const { page } = await openPage(ctx);
    const elapsed = rowOf(page, RUNNING, 'SHOP-42').locator('time').last();
    const before = await elapsed.textContent();
    expect(before).toMatch(/^1[23]m \d\ds$/);
    await expect.poll(() => elapsed.textContent()).not.toBe(before);
    expect(await elapsed.getAttribute('title')).toBe('2026-11-22 09:17:26 UTC');
  });

  it('follows changes and leaves alone what did not change', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    await page.getByRole('link', { name: 'SHOP-42', exact: true }).focus();
    await page.evaluate(`
      window.touched = 0;
      window.row = document.activeElement.closest('tr');
      new MutationObserver((seen) => (window.touched += seen.length))
        .observe(window.row.closest('tbody'), { childList: true });
      new MutationObserver((seen) => (window.touched += seen.filter((one) => !one.target.parentElement?.closest('time')).length))
        .observe(window.row, { childList: true, subtree: true, characterData: true, attributes: true });
    `);
    const second = running({ issueId: '2', issueIdentifier: 'SHOP-2', runId: 'r2', startedAtMs: NOW_MS });
    daemon.change({ running: [running(), second] });
    await rowOf(page, RUNNING, 'SHOP-2').waitFor();
    // The new row itself, and nothing of the old one.
    expect(await page.evaluate('window.touched')).toBe(1);
    expect(await page.evaluate("document.activeElement.closest('tr') === window.row")).toBe(true);
    daemon.change({ running: [running({ turnCount: 4 }), second] });
    await rowOf(page, RUNNING, 'SHOP-42').getByText('turn 4 · attempt 1').waitFor();
    expect(await page.evaluate("document.activeElement.closest('tr') === window.row")).toBe(true);
    daemon.change({ running: [second] });
    await expect.poll(() => rowOf(page, RUNNING, 'SHOP-42').count()).toBe(0);
  });

  it('sorts by a heading and goes back to the order of the daemon', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        const make = (name: string, total: number) =>
          running({
            issueId: name,
            runId: name,
            issueIdentifier: name,
            tokens: { inputTokens: total, outputTokens: 0, cacheReadTokens: 0 },
          });
        daemon.snapshot = snapshot({ running: [make('S-10', 5), make('S-9', 70), make('S-2', 600)] });
      },
    });
    const table = page.getByRole('table', { name: RUNNING });
    const names = () => table.getByRole('rowheader').getByRole('link').allTextContents();
    const byIssue = table.getByRole('columnheader', { name: 'Issue' });
    await byIssue.getByRole('button').click();
    expect(await names()).toEqual(['S-2', 'S-9', 'S-10']);
    expect(await byIssue.getAttribute('aria-sort')).toBe('ascending');
    await table.getByRole('button', { name: 'Tokens' }).click();
    await table.getByRole('button', { name: 'Tokens' }).click();
    expect(await names()).toEqual(['S-2', 'S-9', 'S-10']);
    await table.getByRole('button', { name: 'Tokens' }).click();
    expect(await names()).toEqual(['S-10', 'S-9', 'S-2']);
  });

  it('asks for a tick with its button', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    await page.getByRole('button', { name: 'Check now' }).click();
    await expect.poll(() => daemon.refreshes).toBe(1);
    await page.locator('.toast[data-tone=good]').waitFor();
  });
});
