// What the charts and the history page read of a year with 200,000 runs, against one bare scan of the same figures: the
// least that anybody would have to do who keeps no sums. Also how long such a read keeps the daemon from everything else.

import { join } from 'node:path';
import type { SqliteStore } from '../../src/store/index.ts';
import { builtSqlite, builtStore } from '../built.ts';
import { withLongestHold } from '../loop-hold.ts';
import type { Scenario } from '../sample.ts';

const RUNS = 200_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;
const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const SINCE_MS = Date.UTC(2025, 0, 1);
const year = { sinceMs: SINCE_MS, untilMs: SINCE_MS + YEAR_MS };

const FILL = `
  with recursive n(i) as (select 0 union all select i + 1 from n where i < ${RUNS - 1})
  insert into runs (run_id, tracker_id, issue_id, identifier, identifier_key, title, attempt, failures, status, error,
    agent_kind, started_at_ms, completed_at_ms, seconds_running, input_tokens, output_tokens, cache_read_tokens,
    cost_usd, cost_estimated, issue_state, issue_labels)
  select 'run-' || i, 1, i % 5000, 'BENCH-' || (i % 5000), 'bench-' || (i % 5000),
    'Round prices to two digits, part ' || i, 0, 0, iif(i % 7, 'succeeded', 'failed'),
    iif(i % 7, '', 'turn failed: the tests of the price list did not pass'), iif(i % 3, 'claude-code', 'codex'),
    ${SINCE_MS} + i * ${Math.floor(YEAR_MS / RUNS)} - 60000, ${SINCE_MS} + i * ${Math.floor(YEAR_MS / RUNS)},
    (i * 7919 % 3600000) / 1000.0, i * 31 % 100000, i * 17 % 10000, i * 13 % 100000, (i % 100) / 10.0, i % 3 = 0,
    'To Do', iif(i % 2, '["backend","bug"]', '[]')
  from n;
  insert into run_search
  select tracker_id, started_at_ms, run_id, status, agent_kind, lower(issue_state), identifier_key, lower(title),
    lower(error) from runs`;

const SCAN = `
  select count(*), total(seconds_running), total(input_tokens), total(output_tokens), total(cache_read_tokens),
    total(cost_usd) from runs not indexed where completed_at_ms >= ? and completed_at_ms < ?`;

const reads: readonly (readonly [figure: string, read: (store: SqliteStore) => Promise<unknown>])[] = [
  ['charts: a year by day', (store) => store.stats({ ...year, bucketMs: DAY_MS, group: 'none' })],
  ['charts: a year by day and agent', (store) => store.stats({ ...year, bucketMs: DAY_MS, group: 'agent' })],
  ['charts: a year by day and label', (store) => store.stats({ ...year, bucketMs: DAY_MS, group: 'label' })],
  ['charts: a year in one figure', (store) => store.stats({ ...year, bucketMs: null, group: 'none' })],
  [
    'history: a page by agent and status',
    (store) => store.history({ ...page, agentKind: 'codex', status: 'failed' }),
  ],
  ['history: a page by common text', (store) => store.history({ ...page, text: 'PRICES' })],
  ['history: a text that is nowhere', (store) => store.history({ ...page, text: 'prices to three' })],
];
const page = { limit: 50 };

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 120_000,
  async measure({ folder, record, defer }) {
    const path = join(folder, 'year.db');
    const { openStore } = await builtStore();
    const store = await openStore({ path, tracker: { kind: 'file', identity: '/issues.json' } });
    defer(() => store.close());
    const { loadSqlite } = await builtSqlite();
    const bare = (await loadSqlite())(path);
    defer(async () => {
      bare.close();
    });
    bare.exec(FILL);
    const scan = bare.prepare(SCAN);

    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
      for (const [figure, read] of reads) {
        const ours = await withLongestHold(() => read(store));
        const startMs = performance.now();
        scan.all(year.sinceMs, year.untilMs);
        const floorMs = performance.now() - startMs;
        if (round <= 0) continue;
        record(figure, 'ms', 'ours', ours.tookMs);
        record(figure, 'ms', 'floor', floorMs);
        record('charts, history: the longest hold of the loop', 'ms', 'ours', ours.longestHoldMs);
        record('charts, history: the longest hold of the loop', 'ms', 'floor', floorMs);
      }
    }
  },
};
