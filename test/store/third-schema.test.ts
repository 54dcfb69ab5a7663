// A database that the released program of the third schema has filled: its rows are all there under the schema of
// today, and it takes proposals, writes and audit.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migration0001 } from '../../src/store/migration-0001.ts';
import { migration0002 } from '../../src/store/migration-0002.ts';
import { migration0003 } from '../../src/store/migration-0003.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { EMPTY_AUDIT } from '../../src/contract/audit.ts';
import { openStoreReader, verifyLedger } from '../../src/store/index.ts';
import { approval, audited, outboxWrite } from './ledger-rows.ts';
import { operatorAction, tracker } from './rows.ts';
import { openInFolder, storeFolder } from './store-folder.ts';

const released = {
  '0001_first': migration0001,
  '0002_spending': migration0002,
  '0003_past': migration0003,
};

/** As that program wrote them: plain SQL, so that today's write paths have no part in it. */
const rows = `
  insert into trackers values (1, 'file', '/issues.json', 5);
  insert into runs values ('done', 1, '1', 'DEMO-1', 'demo-1', 'A title', 0, 0, 'succeeded', '', 'mock', 's-1',
    '/w/DEMO-1', 1000, 2000, 1.5, 2, 100, 10, 20, 0.25, 1, 'commit on main', 'To Do', '["backend"]', 'https://x', 0);
  insert into operator_actions values (1, 1, 1000, 'hold', '1', 'DEMO-1', 'ada', 'not today');
  insert into dispatch values (1, 'paused', 'ada', 'a release', 7);
`;

test('a database of the third schema keeps its data and takes what agents ask for', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const { sqlite, db } = await openDatabase(path, released);
  sqlite.exec(rows);
  await db.destroy();
  await expect(openStoreReader({ path, tracker })).rejects.toThrow(
    'its schema is 0003_past, older than this',
  );

  const store = await openInFolder({ path });
  expect((await store.load()).dispatch).toMatchObject({ mode: 'paused' });
  expect((await store.history({ limit: 10 })).runs).toMatchObject([{ runId: 'done', issueState: 'To Do' }]);
  expect(await store.operatorActions(10)).toEqual([operatorAction()]);
  expect(await store.tools.auditHead()).toEqual(EMPTY_AUDIT);
  expect(await store.tools.openWrites()).toEqual([]);
  await store.tools.apply([
    { kind: 'add_approval', approval: approval('a') },
    { kind: 'add_write', write: outboxWrite('w') },
    audited(),
  ]);
  expect(await verifyLedger(store.tools, await store.tools.auditHead())).toMatchObject({ entries: 1 });
});

test('the third schema is what it was when it was released', async () => {
  const { sqlite, db } = await openDatabase(join(storeFolder(), 'sortie.db'), released);
  const made = sqlite
    .prepare("select sql from sqlite_master where sql is not null and name not like 'kysely%' order by name")
    .all();
  await db.destroy();
  const digest = createHash('sha256').update(JSON.stringify(made)).digest('hex');
  expect(digest, 'a released migration is never edited: write the next one').toBe(
    'cc14ce5aa15eb75608f2cd127404336e3344d5e7d827245fead74a148cd7b910',
  );
});
