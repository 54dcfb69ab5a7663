// What strangers wrote stays text wherever it appears, shows what hides in it, and breaks no layout.
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot, waiting } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const hostile = [
  '<img src=x onerror="window.owned=1">',
  '<script>window.owned=1</script>',
  '"><svg/onload=window.owned=1>',
  'javascript:window.owned=1',
  '\u202Egnp.exe\u0000\u001B[2J{{constructor.constructor("window.owned=1")()}}',
  'x'.repeat(10_000),
  '\u2066\u200Bzero\uFEFF\u0085',
];
const [image = '', script = '', svg = ''] = hostile;

describe('hostile text', () => {
  it('is only ever text, in every place of the Now page', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      arrange: (daemon) => {
        const base = snapshot();
        daemon.snapshot = snapshot({
          running: hostile.map((text, index) =>
            running({
              issueId: `r${index}`,
              issueIdentifier: text.slice(0, 300),
              title: text,
              lastMessage: text,
              tools: [text.slice(0, 300)],
              agentKind: text.slice(0, 300),
              modelName: text.slice(0, 300),
              runId: null,
            }),
          ),
          retrying: base.retrying.map((entry) => ({ ...entry, title: image, error: script })),
          parked: base.parked.map((entry) => ({ ...entry, title: script, detail: svg, endsOn: hostile })),
          waiting: hostile.map((text, index) =>
            waiting({ issueId: `w${index}`, issueIdentifier: `W-${index}`, detail: text }),
          ),
          lastTick: { atMs: NOW_MS, result: 'error', error: image },
          preflightProblems: [script],
          pauses: [{ reason: 'quota', agentKind: svg, detail: image, untilMs: null }],
          dispatch: { mode: 'paused', by: image, reason: script, sinceMs: NOW_MS },
          rateLimits: [
            { agentKind: image, atMs: NOW_MS, windows: [{ name: svg, usedPercent: 5, resetsAtMs: null }] },
          ],
        });
        daemon.readiness = { ...daemon.readiness, reloadError: svg };
      },
    });
    await page.getByText(script).first().waitFor();
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.locator('main img, main script, main svg, main iframe').count()).toBe(0);
    const titles = await page.locator('table').first().locator('.issue-title').allTextContents();
    expect(titles.slice(0, 4)).toEqual(hostile.slice(0, 4));
    expect(titles[4]).toContain('⟨RLO⟩gnp.exe⟨NUL⟩⟨ESC⟩[2J');
    expect(titles[6]).toBe('⟨LRI⟩⟨ZWSP⟩zero⟨BOM⟩⟨U+0085⟩');
    const links: string[] = await page.evaluate(
      "[...document.querySelectorAll('main a')].map((link) => link.href)",
    );
    expect(links.length).toBeGreaterThan(hostile.length);
    for (const link of links) expect(new URL(link).origin).toBe(new URL(page.url()).origin);
    expect(complaints).toEqual([]);
  });

  it('of 10,000 characters is cut, whole in its title, and pushes nothing aside', async (ctx) => {
    const long = 'x'.repeat(10_000);
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.snapshot = snapshot({ running: [running({ title: long, lastMessage: long })] });
      },
    });
    const title = page.locator('.issue-title').first();
    expect(await title.getAttribute('title')).toBe(long);
    expect((await title.boundingBox())?.height).toBeLessThan(30);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('stays text in the questions, the toasts and the settings', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.snapshot = snapshot({ running: [running({ issueIdentifier: image })] });
        daemon.controlAnswer = { kind: 'accepted', message: script };
        daemon.settings = {
          path: svg,
          effective: [{ key: 'a.b', value: image, source: 'front_matter', place: script }],
        };
        daemon.actions = [
          { atMs: NOW_MS, control: 'hold', issueId: '1', issueIdentifier: svg, by: image, reason: script },
        ];
      },
    });
    await page.getByRole('button', { name: `Cancel ${image}` }).click();
    await page.getByRole('heading', { name: `Cancel the run of ${image}?` }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(script).waitFor();
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByText(svg).first().waitFor();
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.locator('main img, main script, main svg').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
