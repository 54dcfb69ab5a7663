// Opening a database file: it is private and durable, and what is not ours is refused and left alone.
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { loadSqlite } from '../../src/store/sqlite-module.ts';
import { retry, tracker } from './rows.ts';
import { openBelow, openInFolder, storeFolder } from './store-folder.ts';

test('the database and its side files belong to their user only', async () => {
  const store = await openInFolder();
  await store.apply([{ kind: 'put_retry', retry: retry('1') }]);
  for (const path of [store.path, `${store.path}-wal`]) expect(statSync(path).mode & 0o777, path).toBe(0o600);
});

test('commits are synced, the log is bounded, foreign keys hold', async () => {
  const { database } = await openBelow();
  const pragma = (name: string): unknown =>
    Object.values(database.sqlite.prepare(`pragma ${name}`).all()[0] ?? {})[0];
  const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'journal_size_limit'].map(pragma);
  expect(settings).toEqual(['wal', 2, 1, 16_777_216]);
});

test('garbage is unreadable: one line with the file and a remedy, and the file stays as it was', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const garbage = 'not a database, '.repeat(1_000);
  writeFileSync(path, garbage);
  const opening = openStore({ path, tracker });
  await expect(opening).rejects.toMatchObject({ kind: 'unreadable' });
  await expect(opening).rejects.toThrow(
    `${path}: this is not an SQLite database (SQLITE_NOTADB): set db_path to`,
  );
  await expect(opening).rejects.toThrow(/^[^\n]+$/);
  expect(readFileSync(path, 'utf8')).toBe(garbage);
});

test("another program's database is refused before anything is written to it", async () => {
  const path = join(storeFolder(), 'other.db');
  const other = (await loadSqlite())(path);
  other.exec('create table customers (name text)');
  other.close();
  const before = readFileSync(path);
  await expect(openStore({ path, tracker })).rejects.toThrow(
    /unreadable: .*other\.db: this is another program's/,
  );
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a folder, or a file in a folder that does not exist, is unreadable', async () => {
  const folder = storeFolder();
  mkdirSync(join(folder, 'sortie.db'));
  for (const path of [join(folder, 'sortie.db'), join(folder, 'missing', 'sortie.db')]) {
    await expect(openStore({ path, tracker })).rejects.toMatchObject({ kind: 'unreadable' });
  }
});

test('through a symlink the real file is made and opened', async () => {
  const folder = storeFolder();
  symlinkSync('real.db', join(folder, 'link.db'));
  const store = await openInFolder({ path: join(folder, 'link.db') });
  expect(store.path).toBe(join(folder, 'real.db'));
  expect(statSync(store.path).size).toBeGreaterThan(0);
});

test('a database that a newer program migrated is refused, naming the file and both schemas', async () => {
  const { store, database } = await openBelow();
  await sql`insert into kysely_migration (name, timestamp) values ('0099_later', '')`.execute(database.db);
  await store.close();
  const opening = openStore({ path: store.path, tracker });
  await expect(opening).rejects.toMatchObject({ kind: 'newer_schema' });
  await expect(opening).rejects.toThrow(
    `${store.path}: its schema is 0099_later, newer than the 0005_writes_by_run of this`,
  );
});

test('ping fails when the database file is gone, and everything fails once the store is closed', async () => {
  const store = await openInFolder();
  await store.ping();
  rmSync(store.path);
  await expect(store.ping()).rejects.toThrow(/read_failed: .*moved or deleted/);
  await Promise.all([store.close(), store.close()]);
  await expect(store.ping()).rejects.toMatchObject({ kind: 'read_failed' });
  await expect(store.load()).rejects.toMatchObject({ kind: 'read_failed' });
  const write = { kind: 'delete_retry', issueId: '1' } as const;
  await expect(store.apply([write])).rejects.toMatchObject({ kind: 'write_failed' });
});
