// After a real run of twenty issues every figure of the page is what the API says and what the database holds, reckoned
// anew here; and it still is after a restart.

import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { compact, dollars, duration } from '../../../src/dashboard/format.ts';
import { words } from '../../../src/dashboard/phrases.ts';
import type { State } from '../../../src/dashboard/wire.ts';
import type { Daemon } from '../daemon.ts';
import { getJson, makeIssue, until, type Folder } from '../program.ts';
import { loadCharts, runCharts } from './expected-charts.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { look, stage, start, startAgain } from './stage.ts';
import { readStored, type Stored, type StoredRun } from './stored.ts';
import { cellsOf, chartFigures } from './tables.ts';

const QUICK = 14;
const usd = (run: StoredRun): number => run.cost_usd ?? 0;
const tokensOf = (run: StoredRun): number => run.input_tokens + run.output_tokens;
/** How long its agent ran. */
const tookMs = (run: StoredRun): number => run.seconds_running * 1000;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const money = (amount: number): string => `≈ ${dollars(amount)}`;

/** Twenty issues: fourteen succeed, each with tokens of its own; the others fail, ask, are blocked, wait and hang. */
async function runTwenty(ctx: TestContext, folder: Folder): Promise<Daemon> {
  const byIssue = Object.fromEntries(
    Array.from({ length: QUICK }, (_, index) => [
      `E2E-${index + 1}`,
      { input_tokens: 90_000 + 7_001 * index, output_tokens: 3_000 + 511 * index, turn_ms: 200 + 60 * index },
    ]),
  );
  await writeMockWorkflow(folder, {
    slots: 5,
    agent: { max_retry_backoff_ms: 2_000 },
    mock: {
      turn_ms: 400,
      input_tokens: 50_000,
      output_tokens: 2_000,
      by_issue: {
        ...byIssue,
        'E2E-15': { fail_first: 1 },
        'E2E-16': { outcome: 'input_required' },
        'E2E-17': { status: 'blocked' },
        'E2E-18': { outcome: 'fail' },
        'E2E-20': { outcome: 'hang' },
      },
    },
    more: { token_rates: { mock: { input_per_mtok: 3, output_per_mtok: 15, cache_read_per_mtok: 0.3 } } },
  });
  const blocked = { blocked_by: [{ id: '99', identifier: 'E2E-99', state: 'Backlog' }] };
  await folder.writeIssues([
    ...Array.from({ length: 20 }, (_, index) => makeIssue(index + 1, index === 18 ? blocked : {})),
    makeIssue(99, { state: 'Backlog' }),
  ]);
  const daemon = await start(ctx, folder);
  await until('all that ends to have ended', async () => {
    const { counts } = await daemon.state();
    const handedOff = (await folder.issues()).filter(({ state }) => state === 'In Review').length;
    const again = (await daemon.runs('E2E-18')).length;
    return handedOff === QUICK + 1 && counts.parked === 2 && again >= 2;
  });
  // What is paused stands still to be counted; the run that hangs goes on and says nothing new.
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${daemon.url}/api/v1/pause`, { method: 'POST', headers, body: '{}' })).status).toBe(
    202,
  );
  await until('the one that hangs to be alone', async () => {
    const { counts } = await daemon.state();
    return counts.running === 1 && counts.retrying === 1;
  });
  return daemon;
}

async function checkNow(page: Page, daemon: Daemon, folder: Folder): Promise<void> {
  const state = await getJson<State>(`${daemon.url}/api/v1/state`);
  const stored = await readStored(folder);
  expect(state.counts).toEqual({ running: stored.openRuns, retrying: stored.retries, parked: stored.parks });
  const { today } = state;
  // No run of today has told its tokens when it is just after midnight.
  const day = stored.days.find((one) => one.day === today.day);
  expect([today.day, today.tokens.input_tokens, today.tokens.output_tokens]).toEqual([
    today.day,
    day?.input_tokens ?? 0,
    day?.output_tokens ?? 0,
  ]);
  expect(today.cost_usd).toBeCloseTo(day?.cost_usd ?? 0, 9);

  await page.getByRole('link', { name: 'Now', exact: true }).click();
  const figure = (name: string) =>
    page
      .locator('.figure')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('.value');
  await expect.poll(() => figure('Slots in use').innerText()).toBe(String(state.slots.used));
  await expect.poll(() => figure('Retrying').innerText()).toBe(String(stored.retries));
  await expect.poll(() => figure('Parked').innerText()).toBe(String(stored.parks));
  await expect.poll(() => figure('Waiting').innerText()).toBe(String(state.waiting_total));
  await expect
    .poll(() => figure('Tokens today').innerText())
    .toBe(compact((day?.input_tokens ?? 0) + (day?.output_tokens ?? 0)));
  await expect.poll(() => figure('Cost today').innerText()).toBe(dollars(day?.cost_usd ?? 0));
  for (const [caption, rows] of [
    ['Running issues', state.running],
    ['Issues that wait for another try', state.retrying],
    ['Issues that were set aside', state.parked],
    ['Issues that were read and not started', state.waiting],
  ] as const) {
    const names = page.getByRole('table', { name: caption }).getByRole('rowheader').getByRole('link');
    await expect
      .poll(async () => (await names.allInnerTexts()).sort(), { message: caption })
      .toEqual(rows.map(({ issue_identifier }) => issue_identifier).sort());
  }
  for (const run of state.running) {
    const row = page.getByRole('row').filter({ hasText: run.issue_identifier }).first();
    expect(await row.locator('.col-tokens').innerText()).toBe(compact(run.tokens.total_tokens));
    expect(await row.locator('.col-cost').innerText()).toBe(money(run.cost_usd ?? NaN));
  }
}

const rowOfRun = (run: StoredRun): string[] => [
  run.identifier,
  words(run.status),
  run.agent_kind,
  String(run.turns),
  duration(tookMs(run)),
  compact(tokensOf(run)),
  money(usd(run)),
];

async function checkHistory(page: Page, { runs }: Stored): Promise<void> {
  await page.getByRole('link', { name: 'History', exact: true }).click();
  const table = page.getByRole('table', { name: 'Runs, newest first' });
  await table.locator('tbody tr').first().waitFor();
  await expect.poll(async () => (await cellsOf(table)).length).toBe(runs.length);
  const shown = (await cellsOf(table)).map((cells) =>
    cells.slice(0, 7).map((cell, index) => (index < 2 ? (cell.split('\n')[0] ?? '') : cell)),
  );
  expect(shown).toEqual(runs.map(rowOfRun));

  const total = (name: string) =>
    page
      .locator('.history-totals > div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .innerText();
  const judged = runs.filter(({ status }) => status !== 'cancelled' && status !== 'interrupted');
  const good = judged.filter(
    ({ status }) => status === 'succeeded' || status === 'needs_human_review',
  ).length;
  expect(await total('Runs')).toBe(String(runs.length));
  expect(await total('Success rate')).toBe(`${Math.round((100 * good) / judged.length)} %`);
  expect(await total('Agent time')).toBe(duration(sum(runs.map(tookMs))));
  expect(await total('Mean agent time')).toBe(duration(sum(runs.map(tookMs)) / runs.length));
  expect(await total('Tokens')).toBe(compact(sum(runs.map(tokensOf))));
  expect(await total('Cost')).toBe(money(sum(runs.map(usd))));
}

async function checkIssue(page: Page, { runs }: Stored, identifier: string): Promise<void> {
  const own = runs.filter((run) => run.identifier === identifier);
  await page.keyboard.press('/');
  await page.keyboard.type(identifier);
  await page.keyboard.press('Enter');
  const attempts = page.getByRole('region', { name: 'Attempts side by side' });
  await attempts.getByRole('button', { name: `Attempt ${own[0]?.attempt ?? 0}` }).waitFor();
  const row = (name: string) =>
    attempts.getByRole('row', { name, exact: false }).getByRole('cell').allInnerTexts();
  await expect.poll(() => row('Result')).toEqual(own.map(({ status }) => words(status)));
  expect(await row('Took')).toEqual(own.map((run) => duration(tookMs(run))));
  expect(await row('Turns')).toEqual(own.map(({ turns }) => String(turns)));
  expect(await row('Tokens')).toEqual(own.map((run) => compact(tokensOf(run))));
  expect(await row('Cost')).toEqual(own.map((run) => money(usd(run))));
}

async function checkCharts(page: Page, stored: Stored): Promise<void> {
  await page.getByRole('link', { name: 'Charts', exact: true }).click();
  await page.getByRole('button', { name: '24 hours' }).click();
  const statuses = Object.fromEntries(
    [...new Set(stored.runs.map(({ status }) => status))].map((code) => [code, words(code)]),
  );
  for (const [title, figures] of Object.entries(runCharts(stored, statuses))) {
    expect(await chartFigures(page, title), title).toEqual(figures);
  }
}

/** A sample may come while one looks: both are read again then. */
async function checkLoad(page: Page, folder: Folder): Promise<void> {
  await until('a sample that was not overtaken', async () => {
    await page.reload();
    const before = await readStored(folder);
    const shown: Record<string, unknown> = {};
    for (const title of Object.keys(loadCharts(before))) shown[title] = await chartFigures(page, title);
    if ((await readStored(folder)).samples.length !== before.samples.length) return false;
    expect(before.samples.length).toBeGreaterThan(0);
    expect(shown).toEqual(loadCharts(before));
    return true;
  });
}

describe('the figures of the page', () => {
  let folder: Folder;
  let daemon: Daemon;
  beforeEach(async (ctx) => {
    folder = await stage(ctx);
    daemon = await runTwenty(ctx, folder);
  });

  it('are those of the API and of the store, before and after a restart', async (ctx) => {
    const { page, complaints } = await look(ctx, daemon.url);
    await daemon.ticks(2);
    await checkNow(page, daemon, folder);
    const before = await readStored(folder);
    await checkHistory(page, before);
    await checkIssue(page, before, 'E2E-18');
    await checkIssue(page, before, 'E2E-15');
    await checkCharts(page, before);

    await daemon.stop();
    daemon = await startAgain(ctx, folder, daemon);
    await daemon.ticks(2);
    await page.goto(daemon.url);
    const after = await readStored(folder);
    // The run that hung was interrupted.
    expect(after.runs).toHaveLength(before.runs.length + 1);
    await checkNow(page, daemon, folder);
    await checkHistory(page, after);
    await checkIssue(page, after, 'E2E-20');
    await checkCharts(page, after);
    await checkLoad(page, folder);
    expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
  });
});
