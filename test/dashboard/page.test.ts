// The page in a real browser: what it shows, that it stays current, and that hostile text stays text.
import { describe, expect, it } from 'vitest';
import { historyRun, NOW_MS, running, snapshot } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const hostile = [
  '<img src=x onerror="window.owned=1">',
  '<script>window.owned=1</script>',
  '"><svg/onload=window.owned=1>',
  'javascript:window.owned=1',
  '\u202Egnp.exe\u0000\u001b[2J{{constructor.constructor("window.owned=1")()}}',
];

describe('the page', () => {
  it('shows what runs, waits, is parked and has ended', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.runs = [historyRun({ status: 'failed', error: 'exit 1' })];
      },
    });
    await page.waitForSelector('#history tbody tr');
    expect(await page.locator('#slots').textContent()).toBe('1 of 10');
    const [runs, retries, parks, ended] = await Promise.all(
      ['running', 'retrying', 'parked', 'history'].map((id) => page.locator(`#${id} tbody`).innerText()),
    );
    expect(runs).toMatch(
      /SHOP-42[\s\S]*Checkout forgets[\s\S]*Working[\s\S]*12m 3\ds[\s\S]*55\.1k[\s\S]*voucher\.ts/,
    );
    expect(retries).toMatch(
      /SHOP-57[\s\S]*After an error[\s\S]*attempt 2[\s\S]*in \d\ds[\s\S]*exit 1 after 214 s/,
    );
    expect(parks).toMatch(/SHOP-31[\s\S]*Blocked[\s\S]*the issue changes or WORKFLOW\.md changes/);
    expect(ended).toMatch(/SHOP-12[\s\S]*exit 1[\s\S]*Failed[\s\S]*5m 00s[\s\S]*\$0\.82/);
    expect(runs).toMatch(/voucher\.ts\s*Running Bash/);
    expect(await page.locator('#notices').innerText()).toMatch(
      /^Paused: codex, usage limit of the plan, until [\d -]*\d\d:\d\d$/,
    );
    expect(await page.title()).toBe('1 running · Sortie');
    expect(complaints).toEqual([]);
  });

  it('ticks by itself, by the clock of the daemon', async (ctx) => {
    const { page } = await openPage(ctx);
    const elapsed = page.locator('#running td[data-heading=Elapsed]');
    const before = await elapsed.textContent();
    expect(before).toMatch(/^12m 3\ds$/);
    await expect.poll(() => elapsed.textContent(), { timeout: 5_000 }).not.toBe(before);
  });

  it('follows changes, keeps the rows that stay, and reads the history again when a run ends', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    const second = running({ issueId: '2', issueIdentifier: 'SHOP-2', runId: 'r2', title: 'Another' });
    const link = page.locator('#running tbody a').first();
    await link.focus();
    daemon.change({ running: [running({ turnCount: 4 }), second] });
    await expect.poll(() => page.locator('#running tbody tr').count()).toBe(2);
    const focused = "document.activeElement === document.querySelector('#running tbody a')";
    expect(await page.evaluate(focused)).toBe(true);
    const asked = daemon.queries.length;
    daemon.runs = [historyRun({ issueIdentifier: 'SHOP-2', runId: 'r2' })];
    daemon.change({ running: [running()] });
    await expect.poll(() => page.locator('#history tbody').innerText()).toContain('SHOP-2');
    expect(daemon.queries.length).toBe(asked + 1);
  });

  it('leaves hostile text as text wherever it appears', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      arrange: (daemon) => {
        const base = snapshot();
        daemon.snapshot = snapshot({
          running: hostile.map((text, index) =>
            running({
              issueId: `r${index}`,
              issueIdentifier: text,
              title: text,
              lastMessage: text,
              tools: [text],
              runId: null,
            }),
          ),
          retrying: base.retrying.map((entry) => ({
            ...entry,
            title: hostile[0] ?? '',
            error: hostile[1] ?? '',
          })),
          parked: base.parked.map((entry) => ({
            ...entry,
            title: hostile[1] ?? '',
            detail: hostile[2] ?? '',
            endsOn: hostile,
          })),
          lastTick: { atMs: NOW_MS, result: 'error', error: hostile[0] ?? '' },
          preflightProblems: [hostile[1] ?? ''],
          pauses: [{ reason: 'quota', agentKind: null, detail: hostile[0] ?? '', untilMs: null }],
        });
        daemon.readiness = { ...daemon.readiness, reloadError: hostile[2] ?? '' };
        daemon.runs = [
          historyRun({ title: hostile[0] ?? '', error: hostile[1] ?? '' }),
          historyRun({ runId: 'r2', evidence: hostile[2] ?? '' }),
        ];
      },
    });
    await page.waitForSelector('#history tbody tr');
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.locator('main img, main script, main svg, main iframe').count()).toBe(0);
    expect(await page.locator('#running .title').allTextContents()).toEqual(
      hostile.map((text) => text.replaceAll('\r', '')),
    );
    const links: string[] = await page.evaluate(
      "[...document.querySelectorAll('main a')].map((link) => link.href)",
    );
    expect(links.length).toBeGreaterThan(hostile.length);
    for (const link of links) expect(new URL(link).origin).toBe(new URL(page.url()).origin);
    expect(complaints).toEqual([]);
  });

  it('says that the connection is lost, and recovers with the daemon', async (ctx) => {
    const { page, server, daemon, restart } = await openPage(ctx);
    await server.close();
    await page.waitForSelector('#connection[data-state=lost]');
    expect(await page.locator('#connection').textContent()).toContain('Connection lost');
    expect(await page.locator('#running tbody tr').count()).toBe(1);
    daemon.snapshot = snapshot({ running: [] });
    await restart();
    await page.waitForSelector('#connection[data-state=live]', { timeout: 15_000 });
    await expect.poll(() => page.locator('#running').innerText()).toContain('Nothing is running');
  });

  it('shows a refused reload and why nothing is started', async (ctx) => {
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = snapshot({ pauses: [] });
      },
    });
    expect(await page.locator('#notices .notice').count()).toBe(0);
    daemon.readiness = { ...daemon.readiness, reloadError: 'WORKFLOW.md:3:1: unclosed fence' };
    daemon.change({ preflightProblems: ['claude is not on PATH'] });
    await expect
      .poll(() => page.locator('#notices .notice').allTextContents())
      .toEqual([
        'WORKFLOW.md was not reloaded, the last good settings stay: WORKFLOW.md:3:1: unclosed fence',
        'Nothing new is started: claude is not on PATH',
      ]);
  });

  it('asks for a tick with its button', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    await page.locator('#refresh').click();
    await expect.poll(() => daemon.refreshes).toBe(1);
    await expect.poll(() => page.locator('#refresh').textContent()).toBe('Checking…');
  });

  it('bounds what it shows of a very long list, and counts the rest', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        const many = Array.from({ length: 1_000 }, (_, index) =>
          running({ issueId: `${index}`, runId: null }),
        );
        daemon.snapshot = snapshot({ running: many });
      },
    });
    expect(await page.locator('#running tbody tr').count()).toBe(200);
    expect(await page.locator('#running .empty').textContent()).toBe('… and 800 more');
    expect(await page.locator('#running .count').textContent()).toBe('1000');
  });

  it('fits a phone: no sideways scrolling, headings beside the values, even with endless words', async (ctx) => {
    const { page } = await openPage(ctx, {
      width: 360,
      arrange: (daemon) => {
        const long = 'x'.repeat(400);
        daemon.snapshot = snapshot({
          running: [running({ issueIdentifier: long, title: long, lastMessage: long })],
        });
        daemon.readiness = { ...daemon.readiness, reloadError: long };
      },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBe(0);
    const elapsed = "document.querySelector('#running td[data-heading=Elapsed]')";
    expect(await page.evaluate(`getComputedStyle(${elapsed}, '::before').content`)).toBe('"Elapsed"');
  });

  it('is a page that assistive technology can read', async (ctx) => {
    const { page } = await openPage(ctx);
    for (const name of ['Running 1', 'Retrying 1', 'Parked 1', 'Recent runs 0']) {
      expect(await page.getByRole('table', { name }).count(), name).toBe(1);
    }
    expect(await page.getByRole('columnheader', { name: 'Elapsed' }).count()).toBe(1);
    expect(await page.getByRole('rowheader', { name: /SHOP-42/ }).count()).toBe(1);
    expect(await page.locator('[aria-live=polite]').count()).toBeGreaterThan(0);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to what is running');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
  });
});
