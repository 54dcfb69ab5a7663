// A database that the released program of the second schema has filled: its rows are all there under the schema of
// today, its runs can be searched and counted, and what that program did not know is empty.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migration0001 } from '../../src/store/migration-0001.ts';
import { migration0002 } from '../../src/store/migration-0002.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { notification, operatorAction, park, runEnded, tokens } from './rows.ts';
import { openInFolder, storeFolder } from './store-folder.ts';

const released = { '0001_first': migration0001, '0002_spending': migration0002 };

/** As that program wrote them: plain SQL, so that today's write paths have no part in it. */
const rows = `
  insert into trackers values (1, 'file', '/issues.json', 5);
  insert into runs values ('done', 1, '1', 'ÄB-1', 'äb-1', 'Große Preise 100%', 0, 0, 'failed', 'ΟΔΟΣ broke', 'mock',
    's-1', '/w/AB-1', 1000, 2000, 1.5, 2, 100, 10, 20, 0.25, 1, 'commit on main');
  insert into runs values ('open', 1, '2', 'DEMO-2', 'demo-2', 'An open one', 1, 1, null, '', 'mock', null,
    null, 3000, null, 0, 1, 100, 10, 20, null, 0, '');
  insert into parks values (1, '2', 'DEMO-2', 'A title', 'blocked', 'the agent says so', 12000, null, 1, 0,
    'fingerprint', null, null, null);
  insert into days values (1, '2026-11-22', 100, 10, 20, 0.25);
`;

test('a database of the second schema keeps its data, is searched and counted, and takes the new writes', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const { sqlite, db } = await openDatabase(path, released);
  sqlite.exec(rows);
  await db.destroy();

  const store = await openInFolder({ path });
  const state = await store.load();
  expect(state).toMatchObject({ parks: [park('2')], dispatch: null, day: { day: '2026-11-22', ...tokens } });
  expect(state.openRuns).toMatchObject([{ runId: 'open' }]);
  const { runs } = await store.history({ limit: 10 });
  expect(runs).toMatchObject([{ runId: 'done', evidence: 'commit on main', tokens }]);
  expect(runs).toMatchObject([{ issueState: '', issueLabels: [], issueUrl: '' }]);
  for (const text of ['GROSSE', '100_', 'open']) {
    expect((await store.history({ limit: 10, text })).runs, text).toEqual([]);
  }
  for (const text of ['GROßE', '100%', 'οδος', 'äB']) {
    expect((await store.history({ limit: 10, text })).runs, text).toHaveLength(1);
  }
  const stats = await store.stats({ sinceMs: 0, untilMs: 3_000, bucketMs: null, group: 'label' });
  expect(stats).toMatchObject([{ group: '', runs: 1, byStatus: { failed: 1 }, tokens, secondsP50: 1.5 }]);

  const dispatch = { mode: 'paused', by: 'ada', reason: 'a release', sinceMs: 7 } as const;
  await store.apply([
    runEnded('open', { status: 'failed', error: 'late' }),
    { kind: 'put_dispatch', dispatch },
    { kind: 'operator_action', action: operatorAction() },
    { kind: 'queue_notification', notification: notification('a') },
  ]);
  expect((await store.load()).dispatch).toEqual(dispatch);
  expect((await store.history({ limit: 10, text: 'LATE', agentKind: 'mock' })).runs).toHaveLength(1);
});

test('more runs than one insert holds are all made searchable', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const { sqlite, db } = await openDatabase(path, released);
  sqlite.exec(`
    insert into trackers values (1, 'file', '/issues.json', 5);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 1234)
    insert into runs (run_id, tracker_id, issue_id, identifier, identifier_key, title, attempt, failures, status,
                      agent_kind, started_at_ms)
    select 'run-' || i, 1, i, 'DEMO-' || i, 'demo-' || i, 'A title', 0, 0, iif(i % 3, 'failed', null), 'mock', i from n`);
  await db.destroy();
  const store = await openInFolder({ path });
  let found = 0;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await store.history({ limit: 500, text: 'TITLE', cursor });
    found += page.runs.length;
    cursor = page.nextCursor;
  }
  expect(found).toBe(1234 - Math.floor(1234 / 3));
});

test('the second schema is what it was when it was released', async () => {
  const { sqlite, db } = await openDatabase(join(storeFolder(), 'sortie.db'), released);
  const made = sqlite
    .prepare("select sql from sqlite_master where sql is not null and name not like 'kysely%' order by name")
    .all();
  await db.destroy();
  const digest = createHash('sha256').update(JSON.stringify(made)).digest('hex');
  expect(digest, 'a released migration is never edited: write the next one').toBe(
    'f1fd396d82655f42f9ebc3edf231544123c2e70887e15a4aadeb5ed8105f6641',
  );
});
