// Reading a database without owning it: beside a daemon or without one, and without leaving a mark on the file.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openStoreReader, storedTrackers, verifyLedger, type StoreReader } from '../../src/store/index.ts';
import { migration0001 } from '../../src/store/migration-0001.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { loadSqlite } from '../../src/store/sqlite-module.ts';
import { startChild } from './child-process.ts';
import { approval, auditFacts, auditedMany, decided, outboxWrite } from './ledger-rows.ts';
import { entry, operatorAction, runEnded, runStarted, sample, tracker } from './rows.ts';
import { openBelow, openInFolder, storeFolder } from './store-folder.ts';

async function openReader(path: string): Promise<StoreReader> {
  const reader = await openStoreReader({ path, tracker });
  onTestFinished(() => reader.close());
  return reader;
}

const ever = { sinceMs: 0, untilMs: 1e15 };

async function pastOf(store: Omit<StoreReader, 'path' | 'close'>): Promise<unknown[]> {
  return [
    await store.history({ limit: 10 }),
    await store.history({ limit: 10, text: 'title' }),
    await store.findIssue('demo-1'),
    await store.stats({ ...ever, bucketMs: null, group: 'label' }),
    await store.samples({ ...ever, bucketMs: 60_000 }),
    await store.timeline({ issueId: '1', limit: 10 }),
    await store.operatorActions(10),
    await store.tools.approvals({ limit: 10 }),
    await store.tools.unsettledApprovals(),
    await store.tools.untold('1'),
    await store.tools.writes({ limit: 10 }),
    await store.tools.writesOf('a'),
    await store.tools.openWrites(),
    await store.tools.auditHead(),
    await store.tools.auditStart(),
    await store.tools.audit({ afterSeq: 0, limit: 10 }),
    await verifyLedger(store.tools, null),
  ];
}

test('it says what the store says, while the store is open and when it is closed', async () => {
  const store = await openInFolder();
  await store.apply([runStarted('r'), runEnded('r'), { kind: 'operator_action', action: operatorAction() }]);
  await store.record([entry()]);
  await store.sample(sample(60_000, { running: 2 }));
  await store.tools.apply([
    { kind: 'add_approval', approval: approval('a') },
    { kind: 'add_approval', approval: decided('b') },
    { kind: 'add_write', write: outboxWrite('w', { approvalId: 'a' }) },
    ...auditedMany(3),
  ]);
  await store.tools.forgetAudit(auditFacts().atMs + 500, auditFacts().atMs + 5_000);
  const beside = await openReader(store.path);
  const past = await pastOf(store);
  expect(await pastOf(beside)).toEqual(past);
  await store.apply([runStarted('q'), runEnded('q')]);
  expect((await beside.history({ limit: 10 })).runs).toHaveLength(2);
  await beside.close();
  await store.close();

  const before = readFileSync(store.path);
  const alone = await openReader(store.path);
  expect((await alone.history({ limit: 10 })).runs).toHaveLength(2);
  await alone.close();
  expect(readFileSync(store.path).equals(before), 'the file is as it was').toBe(true);
  const side = ['', '-shm', '-wal', '.lock'].map((ending) => `sortie.db${ending}`);
  expect(side).toEqual(expect.arrayContaining(readdirSync(dirname(store.path))));
  expect((await (await openInFolder({ path: store.path })).history({ limit: 10 })).runs).toHaveLength(2);
});

test('another process reads whole batches while this one writes without being held up', async () => {
  const store = await openInFolder();
  await store.apply([runStarted('first'), runEnded('first')]);
  const child = startChild('child-reads.ts', store.path);
  await child.untilLines(1);
  let written = 1;
  while (written < 60) {
    await store.apply([0, 1].flatMap((n) => [runStarted(`${written}-${n}`), runEnded(`${written}-${n}`)]));
    written += 2;
    await child.untilLines(child.lines.length + 1);
  }
  await child.untilLines(child.lines.length + 2);
  await child.kill();
  expect(child.lines.length).toBeGreaterThan(30);
  const seen = child.lines.map((line) => line.split(' ').map(Number));
  for (const [runs = 0, counted = 0] of seen) {
    expect(runs % 2, 'never half a batch').toBe(1);
    expect(counted).toBeGreaterThanOrEqual(runs);
  }
  expect(seen.at(-1)).toEqual([written, written]);
  expect(seen[0]?.[0]).toBeLessThan(written);
});

test('a file that is not there is refused and not made', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const message = `store: unreadable: ${path}: there is no such file: start the daemon once, or name another`;
  await expect(openStoreReader({ path, tracker })).rejects.toThrow(message);
  await expect(storedTrackers(path)).rejects.toThrow(message);
  expect(existsSync(path)).toBe(false);
});

test('garbage, an empty file and the database of another program are refused and left alone', async () => {
  const folder = storeFolder();
  writeFileSync(join(folder, 'garbage.db'), 'x'.repeat(5_000));
  writeFileSync(join(folder, 'empty.db'), '');
  const other = (await loadSqlite())(join(folder, 'other.db'));
  other.exec('create table notes (text)');
  other.close();
  for (const name of ['garbage.db', 'empty.db', 'other.db']) {
    const path = join(folder, name);
    const before = readFileSync(path);
    const opening = openStoreReader({ path, tracker });
    await expect(opening, name).rejects.toMatchObject({ name: 'StoreError', kind: 'unreadable' });
    await expect(opening).rejects.toThrow(
      `${path}: ${name === 'garbage.db' ? 'this is not an SQLite' : 'this is another program'}`,
    );
    expect(readFileSync(path).equals(before), name).toBe(true);
  }
});

test('an older schema is refused with what to do, a newer one as well, and neither is changed', async () => {
  const old = join(storeFolder(), 'old.db');
  await (await openDatabase(old, { '0001_first': migration0001 })).db.destroy();
  await expect(openStoreReader({ path: old, tracker })).rejects.toThrow(
    `unreadable: ${old}: its schema is 0001_first, older than this program: start the daemon once to migrate it`,
  );
  const { store, database } = await openBelow();
  await sql`insert into kysely_migration (name, timestamp) values ('0099_later', '')`.execute(database.db);
  const opening = openStoreReader({ path: store.path, tracker });
  await expect(opening).rejects.toMatchObject({ kind: 'newer_schema' });
  await expect(opening).rejects.toThrow(
    'its schema is 0099_later, newer than the 0005_writes_by_run of this program',
  );
});

test('the trackers of a file are listed, the last opened first, and one that it knows nothing of is refused', async () => {
  const { path } = await openInFolder({ now: () => 1_000 });
  await openInFolder({
    path,
    tracker: { kind: 'jira', identity: 'https://x.example DEMO' },
    now: () => 2_000,
  });
  expect(await storedTrackers(path)).toEqual([
    { kind: 'jira', identity: 'https://x.example DEMO', openedAtMs: 2_000 },
    { ...tracker, openedAtMs: 1_000 },
  ]);
  const unknown = openStoreReader({ path, tracker: { kind: 'file', identity: '/other.json' } });
  await expect(unknown).rejects.toMatchObject({ kind: 'unreadable' });
  await expect(unknown).rejects.toThrow(
    'it holds nothing of file /other.json, only of jira https://x.example DEMO, file /issues.json',
  );
});

test('nothing can be written through it, also where everything may be written', async () => {
  const store = await openInFolder();
  chmodSync(store.path, 0o600);
  const open = await loadSqlite();
  const sqlite = open(store.path, { readOnly: true });
  onTestFinished(() => sqlite.close());
  expect(() => sqlite.exec('delete from trackers')).toThrow(/readonly/);
});

test('once closed it reads nothing more', async () => {
  const store = await openInFolder();
  const reader = await openReader(store.path);
  await Promise.all([reader.close(), reader.close()]);
  await expect(reader.history({ limit: 1 })).rejects.toMatchObject({ kind: 'read_failed' });
});
