// A database that an earlier program has filled: its rows are all there under the schema of today, and what that
// program did not know is empty.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migration0001 } from '../../src/store/migration-0001.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { nothingRemembered, park, retry, runEnded, runStarted, tokens } from './rows.ts';
import { openInFolder, storeFolder } from './store-folder.ts';

/** As the first program wrote them: plain SQL, so that today's write paths have no part in it. */
const rows = `
  insert into trackers values (1, 'file', '/issues.json', 5);
  insert into issues values (1, '1', 'DEMO-1', 'demo-1', '/w/DEMO-1', 's-1', 'mock', 3, 7);
  insert into runs values ('done', 1, '1', 'DEMO-1', 'demo-1', 'A title', 0, 0, 'succeeded', '', 'mock', 's-1',
    '/w/DEMO-1', 1000, 2000, 1.5, 2, 100, 10, 20, 0.25, 1);
  insert into runs values ('open', 1, '2', 'DEMO-2', 'demo-2', 'A title', 1, 1, null, '', 'mock', null,
    null, 3000, null, 0, 1, 100, 10, 20, null, 0);
  insert into run_processes values (1, 'open', 42, 42, 'boot:1');
  insert into retries values (1, '1', 'DEMO-1', 'A title', 1, 1, 11000, 'error', 'it broke', 'agent', 0, 0, null);
  insert into parks values (1, '2', 'DEMO-2', 'A title', 'blocked', 'the agent says so', 12000, null, 1, 0,
    'fingerprint');
  insert into totals values (1, 100, 10, 20, 1.5);
`;

async function firstDatabase(path: string): Promise<void> {
  const { sqlite, db } = await openDatabase(path, { '0001_first': migration0001 });
  sqlite.exec(rows);
  await db.destroy();
}

test('a database of the first schema keeps its data and gets what is new', async () => {
  const path = join(storeFolder(), 'sortie.db');
  await firstDatabase(path);
  const store = await openInFolder({ path });
  const issue = {
    ...nothingRemembered,
    issueId: '1',
    identifier: 'DEMO-1',
    workspacePath: '/w/DEMO-1',
    sessionId: 's-1',
    sessionAgentKind: 'mock',
    sessionsUsed: 3,
  };
  const { openRuns, ...state } = await store.load();
  expect(state).toEqual({
    retries: [retry('1')],
    parks: [park('2')],
    issues: [issue],
    totals: { ...tokens, secondsRunning: 1.5 },
    quotas: [],
    day: null,
    dispatch: null,
  });
  expect(openRuns).toMatchObject([
    { runId: 'open', tokens, turns: 1, processes: [{ pid: 42, processGroup: 42, startTime: 'boot:1' }] },
  ]);
  expect((await store.history({ limit: 10 })).runs).toMatchObject([
    { runId: 'done', status: 'succeeded', evidence: '', tokens, costUsd: 0.25, costEstimated: true },
  ]);

  // The old rows take the new writes.
  const spending = { ...tokens, costUsd: 0.5 };
  await store.apply([
    { kind: 'put_spending', issueId: '1', identifier: 'DEMO-1', spending, sessionUsage: null },
    { kind: 'put_park', park: park('2', { crossed: { limit: 'maxUsdPerIssue', allowed: 0.4, used: 0.5 } }) },
    runEnded('open', { evidence: '1 file changed' }),
    runStarted('new'),
  ]);
  const after = await store.load();
  expect(after.issues).toEqual([{ ...issue, spending }]);
  expect(after.parks[0]?.crossed).toEqual({ limit: 'maxUsdPerIssue', allowed: 0.4, used: 0.5 });
  expect((await store.history({ limit: 1 })).runs[0]).toMatchObject({ evidence: '1 file changed' });
});

test('the first schema is what it was when it was released', async () => {
  const { sqlite, db } = await openDatabase(join(storeFolder(), 'sortie.db'), {
    '0001_first': migration0001,
  });
  const made = sqlite
    .prepare("select sql from sqlite_master where sql is not null and name not like 'kysely%' order by name")
    .all();
  await db.destroy();
  const digest = createHash('sha256').update(JSON.stringify(made)).digest('hex');
  expect(digest, 'a released migration is never edited: write the next one').toBe(
    '079c43dfc7f10e96487821316fed5fdc71c3750d192120f6c3364218922eb13f',
  );
});
