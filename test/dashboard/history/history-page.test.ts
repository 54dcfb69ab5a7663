// The history in a real browser: filters that live in the address, totals of what is shown, and 50,000 rows.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { HistoryPage, HistoryQuery, HistoryRun } from '../../../src/contract/store.ts';
import { historyRun, NOW_MS, type FakeDaemon } from '../../http/fake-daemon.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';

const rows = (count: number) => (daemon: FakeDaemon) => {
  daemon.runs = Array.from({ length: count }, (_, index) =>
    historyRun({
      runId: `run-${index}`,
      issueId: `${index}`,
      issueIdentifier: `SHOP-${index}`,
      title: `Piece of work ${index}`,
      status: index % 4 === 3 ? 'failed' : 'succeeded',
      error: index % 4 === 3 ? 'agent: exit 1' : '',
      agentKind: index % 2 === 0 ? 'claude-code' : 'codex',
      startedAtMs: NOW_MS - index * 60_000,
      completedAtMs: NOW_MS - index * 60_000 + 30_000,
    }),
  );
};

/** A store that pages without looking at every run, as a real one does. */
function pageOf(runs: readonly HistoryRun[], { limit, cursor = '0' }: HistoryQuery): HistoryPage {
  const end = Number(cursor) + limit;
  return { runs: runs.slice(Number(cursor), end), nextCursor: end < runs.length ? String(end) : null };
}

const firstRow = (page: Page) => page.locator('tbody tr[data-row]').first();
const total = (page: Page, name: string) => page.locator(`.history-totals div:has(dt:text-is("${name}")) dd`);
const lastQuery = (daemon: FakeDaemon) => daemon.queries.at(-1);

describe('the history', () => {
  it('shows runs with their results, durations and costs, and what they add up to', async (ctx) => {
    const { page, complaints } = await openPage(ctx, { path: '/history', arrange: rows(8) });
    await page.getByRole('link', { name: 'SHOP-3' }).waitFor();
    const row = page.getByRole('row', { name: /SHOP-3/ });
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /SHOP-3 Piece of work 3 Failed attempt 1 .*agent: exit 1 codex 4 30s 101k \$0\.82/,
    );
    expect(await total(page, 'Runs').innerText()).toBe('8');
    expect(await total(page, 'Success rate').innerText()).toBe('75 %');
    expect(await total(page, 'Agent time').innerText()).toBe('4m 00s');
    expect(await total(page, 'Cost').innerText()).toBe('$6.56');
    expect(complaints).toEqual([]);
  });

  it('tells how long the agent ran, and beside it how long it was where that differs much', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: '/history',
      arrange: (daemon) => {
        rows(2)(daemon);
        daemon.runs = daemon.runs.map((run, index) => ({
          ...run,
          status: index === 1 ? ('interrupted' as const) : run.status,
          secondsRunning: index === 1 ? 0 : 30,
          completedAtMs: run.startedAtMs + 7_200_000,
        }));
      },
    });
    await page.getByRole('link', { name: 'SHOP-1' }).waitFor();
    const took = page.locator('tbody .col-took');
    expect((await took.first().innerText()).replaceAll(/\s+/g, ' ')).toBe('30s over 2h 00m');
    // Nobody knows how long a run took that a crash has ended.
    expect(await took.nth(1).innerText()).toBe('–');
    expect((await total(page, 'Agent time').innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /^30s ?1 not timed$/,
    );
    expect(await total(page, 'Mean agent time').innerText()).toBe('30s');
    expect(await total(page, 'Success rate').innerText()).toBe('100 %');
  });

  it('filters by what is in the address, and puts into the address what is chosen', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/history?status=failed', arrange: rows(40) });
    await page.getByRole('link', { name: 'SHOP-3', exact: true }).waitFor();
    expect(await page.getByLabel('Status').inputValue()).toBe('failed');
    expect(await total(page, 'Runs').innerText()).toBe('10');
    await page.getByLabel('Search').fill('work 11');
    await expect.poll(() => page.locator('tbody tr[data-row]').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?status=failed&text=work+11');
    expect(lastQuery(daemon)).toMatchObject({ status: 'failed', text: 'work 11' });
    await page.reload();
    await expect.poll(() => firstRow(page).innerText()).toContain('SHOP-11');
    await page.getByLabel('Started').selectOption('Last 7 days');
    await expect.poll(() => lastQuery(daemon)?.sinceMs).toBeTypeOf('number');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => total(page, 'Runs').innerText()).toBe('40');
    expect(new URL(page.url()).search).toBe('');
  });

  it('filters by agent and state with what was seen, and between days', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/history', arrange: rows(6) });
    await page.getByRole('link', { name: 'SHOP-1' }).waitFor();
    expect(await page.locator('datalist option[value=codex]').count()).toBe(1);
    await page.getByLabel('Agent').fill('codex');
    await expect.poll(() => lastQuery(daemon)?.agentKind).toBe('codex');
    await page.getByLabel('Started').selectOption('Between days…');
    await page.getByLabel('From (UTC)').fill('2026-11-20');
    await page.getByLabel('To (UTC)').fill('2026-11-22');
    await expect
      .poll(() => [lastQuery(daemon)?.sinceMs, lastQuery(daemon)?.untilMs])
      .toEqual([Date.UTC(2026, 10, 20), Date.UTC(2026, 10, 23)]);
  });

  it('says that runs have ended since it was read, and shows them when it is told', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/history?range=24h', arrange: rows(3) });
    await page.getByRole('link', { name: 'SHOP-1' }).waitFor();
    expect(await page.locator('.history-news').innerText()).toBe('');
    const before = lastQuery(daemon)?.sinceMs ?? 0;
    daemon.runs = [
      ...daemon.runs,
      { ...daemon.runs[0], runId: 'new', issueIdentifier: 'SHOP-77' } as HistoryRun,
    ];
    daemon.change({ runsEnded: (daemon.snapshot?.runsEnded ?? 0) + 1, generatedAtMs: NOW_MS + 7_200_000 });
    await page.getByText('1 new run has ended').waitFor();
    expect(await page.getByRole('link', { name: 'SHOP-77' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show those that fit' }).click();
    await page.getByRole('link', { name: 'SHOP-77' }).waitFor();
    expect(await page.locator('.history-news').innerText()).toBe('');
    // The last 24 hours are those before now, not before the page was opened.
    expect((lastQuery(daemon)?.sinceMs ?? 0) - before).toBeGreaterThan(7_000_000);
  });

  it('leaves a blank that is typed with a pause behind it', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/history', arrange: rows(3) });
    const field = page.getByLabel('Search');
    await field.pressSequentially('piece ');
    await expect.poll(() => new URL(page.url()).search).toBe('?text=piece');
    await field.pressSequentially('of');
    await expect.poll(() => new URL(page.url()).search).toBe('?text=piece+of');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => field.inputValue()).toBe('');
  });

  it('exports what is filtered as CSV', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/history?status=failed&agent=codex', arrange: rows(20) });
    const link = page.getByRole('link', { name: 'Export CSV' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const text = await (await download.createReadStream()).toArray();
    const lines = Buffer.concat(text as Buffer[])
      .toString('utf8')
      .trim()
      .split(/\r?\n/);
    expect(lines).toHaveLength(1 + 5);
    expect(lines[1]).toContain('SHOP-3');
  });

  it('leads to the run on its issue’s page', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/history', arrange: rows(2) });
    await page.getByRole('link', { name: 'SHOP-1' }).click();
    await expect
      .poll(() => new URL(page.url()).pathname + new URL(page.url()).search)
      .toBe('/issues/SHOP-1?run=run-1');
  });

  it('of 50,000 runs is scrolled to its end, with a screen’s worth of rows drawn', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: '/history',
      arrange: (daemon) => {
        rows(50_000)(daemon);
        Object.assign(daemon.store, { history: async (query: HistoryQuery) => pageOf(daemon.runs, query) });
      },
    });
    await firstRow(page).waitFor();
    const toEnd =
      "(() => { const box = document.querySelector('.table-box'); box.scrollTop = box.scrollHeight; return document.querySelectorAll('tbody tr').length })()";
    let drawn = 0;
    await expect
      .poll(
        async () => {
          drawn = Math.max(drawn, Number(await page.evaluate(toEnd)));
          return page.locator('.history-totals dt', { hasText: /^Runs$/ }).count();
        },
        { timeout: 90_000, interval: 5 },
      )
      .toBe(1);
    expect(await total(page, 'Runs').innerText()).toBe('50,000');
    await page.evaluate(toEnd);
    await page.getByRole('link', { name: 'SHOP-49999' }).waitFor();
    expect(drawn).toBeLessThan(80);
  });

  it('says what will appear where nothing is, and how to see more where a filter hides it', async (ctx) => {
    const empty = await openPage(ctx, { path: '/history', arrange: rows(0) });
    await empty.page.getByText('No run has ended yet.').waitFor();
    const { page } = await openPage(ctx, { path: '/history?text=nowhere', arrange: rows(3) });
    await page.getByText('No run fits these filters.').waitFor();
    await page.getByRole('link', { name: 'Show all runs.' }).click();
    await expect.poll(() => total(page, 'Runs').innerText()).toBe('3');
  });

  it('says what went wrong, and reads again when it is told', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/history?status=sleeping', arrange: rows(3) });
    await page.getByRole('alert').waitFor();
    expect(daemon.queries).toEqual([]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => total(page, 'Runs').innerText()).toBe('3');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('leaves strangers’ text as text, in rows of one height', async (ctx) => {
    const nasty = `<img src=x onerror="window.owned=1">\u202E${'x'.repeat(9_000)}`;
    const { page } = await openPage(ctx, {
      path: '/history',
      arrange: (daemon) => {
        rows(150)(daemon);
        daemon.runs = daemon.runs.map((run, index) =>
          index === 1
            ? { ...run, title: nasty, error: nasty, agentKind: nasty, issueIdentifier: nasty.slice(0, 400) }
            : run,
        );
      },
    });
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.evaluate('window.owned')).toBeUndefined();
    const heights = (await page.evaluate(
      "[...document.querySelectorAll('tbody tr[data-row]')].map((row) => row.offsetHeight)",
    )) as number[];
    expect(new Set(heights).size).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s', (_theme, look) => {
  it('axe finds nothing wrong, with many rows, with none, and with a refusal', async (ctx) => {
    for (const [count, path] of [
      [300, '/history?since=2026-11-01'],
      [0, '/history'],
      [1, '/history?status=x'],
    ] as const) {
      const { page } = await openPage(ctx, { path, arrange: rows(count), ...look });
      await page
        .locator(path.endsWith('=x') ? '[role=alert]' : count === 0 ? '.empty' : 'tbody tr[data-row]')
        .first()
        .waitFor();
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it('everything of a run is inside its card', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/history', arrange: rows(300), ...look });
    await firstRow(page).waitFor();
    const row = await firstRow(page).boundingBox();
    const last = await firstRow(page).locator('time').boundingBox();
    expect((last?.y ?? 1e9) + (last?.height ?? 0)).toBeLessThanOrEqual((row?.y ?? 0) + (row?.height ?? 0));
  });
});
