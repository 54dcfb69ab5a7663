// History pages: newest start first, ended runs only, stable while runs are added, and cheap at any depth.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { HistoryQuery, HistoryRun, StoreWrite } from '../../src/contract/store.ts';
import { historyStatement } from '../../src/store/history.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { runEnded, runStarted, tokens } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const ended = (runId: string, startedAtMs: number, identifier = 'DEMO-1'): StoreWrite[] => [
  runStarted(runId, { startedAtMs, identifier, issueId: identifier }),
  runEnded(runId, { status: startedAtMs % 2 === 0 ? 'succeeded' : 'failed' }),
];

async function allPages(
  store: SqliteStore,
  query: HistoryQuery,
  between?: () => Promise<void>,
): Promise<string[]> {
  const seen: HistoryRun[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await store.history({ ...query, cursor });
    expect(page.runs.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.runs);
    cursor = page.nextCursor;
    await between?.();
  }
  return seen.map(({ runId }) => runId);
}

test('a row of history holds the facts of the run', async () => {
  const store = await openInFolder();
  await store.apply([
    runStarted('r', { attempt: 3, identifier: 'Demo-1' }),
    { kind: 'run_workspace', runId: 'r', issueId: '1', identifier: 'Demo-1', path: '/w/Demo-1' },
    { kind: 'run_session', runId: 'r', issueId: '1', agentKind: 'mock', sessionId: 's' },
    runEnded('r', { status: 'timed_out', error: 'too slow', evidence: '2 files changed' }),
  ]);
  const row: HistoryRun = {
    runId: 'r',
    issueId: '1',
    issueIdentifier: 'Demo-1',
    title: 'A title',
    issueState: 'To Do',
    issueLabels: ['backend'],
    issueUrl: 'https://tracker.example/DEMO-1',
    attempt: 3,
    status: 'timed_out',
    error: 'too slow',
    evidence: '2 files changed',
    agentKind: 'mock',
    sessionId: 's',
    workspacePath: '/w/Demo-1',
    startedAtMs: 1_000,
    completedAtMs: 2_000,
    secondsRunning: 1.5,
    turnsCompleted: 2,
    tokens,
    costUsd: 0.25,
    costEstimated: true,
  };
  expect(await store.history({ limit: 500 })).toEqual({ runs: [row], nextCursor: null });
});

test('pages go from the newest start to the oldest, each run once, also among equal times, without open runs', async () => {
  const store = await openInFolder();
  await store.apply([
    ...['b', 'd', 'a', 'c'].flatMap((runId) => ended(runId, 500)),
    ...ended('late', 900),
    ...ended('early', 100),
    runStarted('open', { startedAtMs: 600 }),
  ]);
  for (const limit of [1, 2, 4, 6, 7]) {
    expect(await allPages(store, { limit })).toEqual(['late', 'd', 'c', 'b', 'a', 'early']);
  }
});

test('runs that end between two pages neither repeat nor hide one that was there', async () => {
  const store = await openInFolder();
  const first = Array.from({ length: 10 }, (_, n) => `old-${n}`);
  await store.apply(first.flatMap((runId, n) => ended(runId, 1_000 + n)));
  let added = 0;
  const seen = await allPages(store, { limit: 3 }, async () => {
    added += 1;
    await store.apply(ended(`new-${added}`, 2_000 + added));
  });
  expect(seen).toEqual([...first].reverse());
});

test('identifier (in any case, in any script) and status narrow the pages, alone and together', async () => {
  const store = await openInFolder();
  await store.apply([
    ...ended('1', 1, 'ÄB-1'),
    ...ended('2', 2, 'ÄB-1'),
    ...ended('3', 3, 'DEMO-1'),
    ...ended('4', 4),
  ]);
  expect(await allPages(store, { limit: 1, identifier: 'äb-1' })).toEqual(['2', '1']);
  expect(await allPages(store, { limit: 1, status: 'failed' })).toEqual(['3', '1']);
  expect(await allPages(store, { limit: 1, identifier: 'demo-1', status: 'failed' })).toEqual(['3']);
  expect(await allPages(store, { limit: 1, identifier: 'DEMO-2' })).toEqual([]);
});

test('a cursor that is not ours is refused, whatever it holds', async () => {
  const store = await openInFolder();
  await store.apply([...ended('1', 1), ...ended('2', 2)]);
  const ours = (await store.history({ limit: 1 })).nextCursor ?? '';
  expect((await store.history({ limit: 1, cursor: ours })).runs[0]?.runId).toBe('1');
  const forged = ['1:', ':x', 'x:1', '99999999999999999:r', '1.5:r'].map((text) =>
    Buffer.from(text).toString('base64url'),
  );
  const cursors = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.constantFrom('', `${ours}=`, ` ${ours}`, ...forged),
  );
  await fc.assert(
    fc.asyncProperty(cursors, async (cursor) => {
      fc.pre(cursor !== ours);
      await expect(store.history({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'invalid_cursor' });
    }),
  );
});

test.for([0, 501, 1.5, Number.NaN])('a page of %d runs is the mistake of the caller', async (limit) => {
  const store = await openInFolder();
  await expect(store.history({ limit })).rejects.toThrow(RangeError);
});

test('every kind of page walks its index in order, and none sorts, also at the end of many runs', async () => {
  const { store, database } = await openBelow();
  database.sqlite.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
    insert into runs (run_id, tracker_id, issue_id, identifier, identifier_key, title, attempt, failures,
                      status, agent_kind, started_at_ms)
    select 'run-' || i, 1, i, 'DEMO-' || (i % 100), 'demo-' || (i % 100), 'A title', 0, 0,
           case i % 10 when 0 then 'failed' else 'succeeded' end, 'mock', i from n`);
  const { nextCursor } = await store.history({ limit: 500 });
  const cursor = Buffer.from('1000:run-1000').toString('base64url');
  expect(nextCursor).toBe(Buffer.from('2501:run-2501').toString('base64url'));
  const queries: [HistoryQuery, string][] = [
    [{ limit: 50 }, 'runs_by_start'],
    [{ limit: 50, cursor }, 'runs_by_start'],
    [{ limit: 50, cursor, status: 'succeeded' }, 'runs_by_status'],
    [{ limit: 50, cursor, identifier: 'demo-7' }, 'runs_by_identifier'],
    [{ limit: 50, cursor, identifier: 'demo-7', status: 'succeeded' }, 'runs_by_identifier'],
  ];
  for (const [query, index] of queries) {
    const statement = historyStatement(database.db, 1, query);
    const plan = await statement.explain<{ detail: string }>(undefined, sql`query plan`);
    const steps = plan.map(({ detail }) => detail).join('\n');
    expect(steps).toMatch(new RegExp(`^SEARCH runs USING INDEX ${index} \\([^\\n]*$`));
    expect((await store.history(query)).runs.length, JSON.stringify(query)).toBeGreaterThan(8);
  }
});
