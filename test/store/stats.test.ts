// Figures over ended runs: whatever runs there were, in whatever slices they are read, they say what a plain model
// says; and a long read lets the daemon do other things.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { StatsGroup, StatsQuery, StatsRow } from '../../src/contract/observation.ts';
import { STATS_GROUPS } from '../../src/contract/observation.ts';
import { RUN_STATUSES, type RunStatus, type StoreWrite, type TokenTotals } from '../../src/contract/store.ts';
import { readStats, runsPerSlice, statsStatement } from '../../src/store/stats.ts';
import { runEnded, runStarted } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Run {
  readonly endMs: number;
  readonly status: RunStatus;
  readonly agentKind: string;
  readonly labels: readonly string[];
  readonly seconds: number;
  readonly tokens: TokenTotals;
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
}

const count = fc.nat({ max: 1_000 });
const anyRun: fc.Arbitrary<Run> = fc.record({
  // Few different times, and the very borders of hours and days, so that slices and spans meet.
  endMs: fc
    .tuple(fc.nat({ max: 60 }), fc.constantFrom(0, 1, hourMs - 1))
    .map(([hour, ms]) => hour * hourMs + ms),
  status: fc.constantFrom(...RUN_STATUSES),
  agentKind: fc.constantFrom('mock', 'codex', 'claude-code'),
  labels: fc.array(fc.constantFrom('bug', 'backend', 'ünï', '"', "it's"), { maxLength: 4 }),
  // Often 0, as of a run that a crash interrupted.
  seconds: fc.oneof(
    fc.constant(0),
    fc.nat({ max: 5_000_000 }).map((ms) => ms / 1_000),
  ),
  tokens: fc.record({ inputTokens: count, outputTokens: count, cacheReadTokens: count }),
  costUsd: fc.option(fc.nat({ max: 1_000 }).map((quarters) => quarters / 4)),
  costEstimated: fc.boolean(),
});

const writesOf = (run: Run, n: number): StoreWrite[] => [
  runStarted(`r${n}`, { agentKind: run.agentKind, issueLabels: run.labels, issueId: String(n) }),
  runEnded(`r${n}`, {
    status: run.status,
    completedAtMs: run.endMs,
    secondsRunning: run.seconds,
    tokens: run.tokens,
    costUsd: run.costUsd,
    costEstimated: run.costEstimated,
  }),
];

const groupsOf: Record<StatsGroup, (run: Run) => readonly string[]> = {
  none: () => [''],
  agent: ({ agentKind }) => [agentKind],
  status: ({ status }) => [status],
  label: ({ labels }) => (labels.length === 0 ? [''] : [...new Set(labels)]),
};

/** Written from the contract. */
function modelStats(runs: readonly Run[], query: StatsQuery): StatsRow[] {
  const spans = new Map<string, { startMs: number; group: string; runs: Run[] }>();
  for (const run of runs) {
    if (run.endMs < query.sinceMs || run.endMs >= query.untilMs) continue;
    const { bucketMs } = query;
    const startMs = bucketMs === null ? query.sinceMs : Math.floor(run.endMs / bucketMs) * bucketMs;
    for (const group of groupsOf[query.group](run)) {
      const key = JSON.stringify([startMs, group]);
      const span = spans.get(key) ?? { startMs, group, runs: [] };
      span.runs.push(run);
      spans.set(key, span);
    }
  }
  return [...spans.values()]
    .sort((a, b) => a.startMs - b.startMs || (a.group < b.group ? -1 : 1))
    .map(({ startMs, group, runs: some }) => rowOf(startMs, group, some));
}

function rowOf(startMs: number, group: string, runs: readonly Run[]): StatsRow {
  const sum = (figure: (run: Run) => number): number => runs.reduce((total, run) => total + figure(run), 0);
  const sorted = runs
    .filter(({ seconds, status }) => seconds !== 0 || (status !== 'interrupted' && status !== 'cancelled'))
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  // The smallest value that at least this share of the runs does not exceed, by counting.
  const rank = (percent: number): number =>
    sorted.find(
      (value) => sorted.filter((other) => other <= value).length * 100 >= percent * sorted.length,
    ) ?? 0;
  const byStatus: Partial<Record<RunStatus, number>> = {};
  for (const { status } of runs) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    startMs,
    group,
    runs: runs.length,
    byStatus,
    tokens: {
      inputTokens: sum(({ tokens }) => tokens.inputTokens),
      outputTokens: sum(({ tokens }) => tokens.outputTokens),
      cacheReadTokens: sum(({ tokens }) => tokens.cacheReadTokens),
    },
    costUsd: sum(({ costUsd }) => costUsd ?? 0),
    costEstimated: runs.some(({ costEstimated }) => costEstimated),
    unpricedRuns: runs.filter(({ costUsd }) => costUsd === null).length,
    secondsTotal: expect.closeTo(
      sum(({ seconds }) => seconds),
      6,
    ) as number,
    secondsP50: rank(50),
    secondsP95: rank(95),
  };
}

const anyQuery: fc.Arbitrary<StatsQuery> = fc.record({
  sinceMs: fc.constantFrom(0, 1, hourMs, 10 * hourMs + 1),
  untilMs: fc.constantFrom(0, 20 * hourMs, dayMs, 61 * hourMs),
  bucketMs: fc.constantFrom(null, hourMs, 5 * hourMs, dayMs, 7 * dayMs),
  group: fc.constantFrom(...STATS_GROUPS),
});

test('any runs, any spans and groups, read in slices of any size: the figures of a plain model', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRun, { maxLength: 40 }),
      fc.array(anyQuery, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 12 }),
      async (runs, queries, sliceRuns) => {
        const { store, database } = await openBelow();
        await store.apply([...runs.flatMap(writesOf), runStarted('open')]);
        const reading = { db: database.db, trackerId: 1, inTurn: <T>(read: () => Promise<T>) => read() };
        for (const query of queries) {
          const expected = modelStats(runs, query);
          expect(await readStats(reading, query, sliceRuns)).toEqual(expected);
          expect(await store.stats(query)).toEqual(expected);
        }
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test('sums of absurd figures are figures', async () => {
  const store = await openInFolder();
  const huge = Number.MAX_SAFE_INTEGER;
  const tokens = { inputTokens: huge, outputTokens: huge, cacheReadTokens: huge };
  for (let n = 0; n < 3; n += 1) {
    await store.apply([
      runStarted(`r${n}`, { issueLabels: ['', ...Array.from({ length: 500 }, (_, label) => `l${label}`)] }),
      runEnded(`r${n}`, { tokens, costUsd: 1e308, secondsRunning: 1e308, completedAtMs: n - 1 }),
    ]);
  }
  await store.apply([runStarted('ancient'), runEnded('ancient', { completedAtMs: -Infinity })]);
  const ever = { sinceMs: -Infinity, untilMs: Infinity, bucketMs: dayMs };
  const rows = await store.stats({ ...ever, group: 'none' });
  expect(rows.map(({ startMs }) => startMs).slice(1)).toEqual([-dayMs, 0]);
  expect(rows[2]).toMatchObject({ runs: 2, tokens, costUsd: huge, secondsTotal: huge });
  expect((await store.stats({ ...ever, sinceMs: 0, group: 'label' })).length).toBe(50);
});

test.for([hourMs - 1, hourMs + 0.5, 0])('spans of %d ms are the mistake of the caller', async (bucketMs) => {
  const store = await openInFolder();
  const query = { sinceMs: 0, untilMs: 1, bucketMs, group: 'none' } as const;
  await expect(store.stats(query)).rejects.toThrow(RangeError);
});

test('a long read is one of many slices from one index: writes and whatever else is due go in between', async () => {
  const { store, database } = await openBelow();
  database.sqlite.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
    insert into runs (run_id, tracker_id, issue_id, identifier, identifier_key, title, attempt, failures, status,
                      agent_kind, started_at_ms, completed_at_ms, seconds_running)
    select 'run-' || i, 1, i, 'DEMO-1', 'demo-1', 'A title', 0, 0, 'succeeded', 'mock', i, i, i % 1000 from n`);
  const query = { sinceMs: 0, untilMs: 1e9, bucketMs: null, group: 'none' } as const;
  for (const group of STATS_GROUPS) {
    const slice = { fromMs: 0, toMs: 1e9 };
    const { sql: text, parameters } = statsStatement({ trackerId: 1 }, { ...query, group }, slice).compile(
      database.db,
    );
    const plan = database.sqlite.prepare(`explain query plan ${text}`).all(...parameters);
    const steps = plan.map((step) => (step as { detail: string }).detail).join('\n');
    expect(steps).toMatch(/^SEARCH runs USING COVERING INDEX runs_by_end \(/);
  }

  const order: string[] = [];
  const reading = store.stats(query).then((rows) => {
    order.push('stats');
    return rows;
  });
  let turns = 0;
  const turned = (): void => {
    turns += 1;
    turn = setImmediate(turned);
  };
  let turn = setImmediate(turned);
  await store.apply([runStarted('r'), runEnded('r', { completedAtMs: 59_999.5, secondsRunning: 3 })]);
  order.push('write');
  const rows = await reading;
  clearImmediate(turn);
  expect(order.indexOf('write')).toBeLessThan(order.indexOf('stats'));
  expect(turns, 'the loop turns between any two slices').toBeGreaterThanOrEqual(60_000 / runsPerSlice);
  expect(await sql`select count(*) as n from runs`.execute(database.db)).toMatchObject({
    rows: [{ n: 60_001 }],
  });
  expect(rows, 'the run that ended meanwhile is counted, and nothing twice').toMatchObject([
    { runs: 60_001, secondsP50: 499, secondsP95: 949 },
  ]);
});
