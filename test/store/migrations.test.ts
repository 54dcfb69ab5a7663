// Migrations are all or nothing: a database is at the new schema or exactly as it was.
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.ts';
import { migrations, type Migrations } from '../../src/store/migrate.ts';
import { retry } from './rows.ts';
import { openBelow, openInFolder, storeFolder } from './store-folder.ts';

const run = async (db: Kysely<unknown>, statement: string): Promise<void> => {
  await sql.raw(statement).execute(db);
};

const failing: Migrations = {
  ...migrations,
  '0098_notes': { up: async (db: Kysely<unknown>) => run(db, 'create table notes (text text) strict') },
  '0099_broken': {
    up: async (db: Kysely<unknown>) => {
      await run(db, 'alter table retries add column colour text');
      await run(db, 'delete from retries');
      await run(db, 'insert into no_such_table values (1)');
    },
  },
};

async function schemaOf(path: string): Promise<unknown[]> {
  const { store, database } = await openBelow(path);
  const rows = database.sqlite.prepare('select type, name, sql from sqlite_master order by name').all();
  const applied = database.sqlite.prepare('select name from kysely_migration').all();
  await store.close();
  return [...rows, ...applied];
}

test('a migration that fails leaves schema and rows as they were, and the old program goes on', async () => {
  const store = await openInFolder();
  await store.apply([{ kind: 'put_retry', retry: retry('1') }]);
  await store.close();
  const before = await schemaOf(store.path);

  const migrating = openDatabase(store.path, failing);
  await expect(migrating).rejects.toMatchObject({ name: 'StoreError', kind: 'write_failed' });
  await expect(migrating).rejects.toThrow(`${store.path}: no such table: no_such_table`);

  expect(await schemaOf(store.path)).toEqual(before);
  const again = await openInFolder({ path: store.path });
  expect((await again.load()).retries).toEqual([retry('1')]);
});

test('a first migration that fails leaves a file that the next start can use', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const broken: Migrations = { '0001_first': failing['0099_broken'] ?? {} } as Migrations;
  await expect(openDatabase(path, broken)).rejects.toMatchObject({ kind: 'write_failed' });
  const store = await openInFolder({ path });
  expect((await store.load()).retries).toEqual([]);
});

test('a good migration keeps the rows', async () => {
  const store = await openInFolder();
  await store.apply([{ kind: 'put_retry', retry: retry('1') }]);
  await store.close();
  const { '0099_broken': _, ...good } = failing;
  const migrated = await openDatabase(store.path, good);
  expect(await migrated.db.selectFrom('retries').select('issue_id').execute()).toEqual([{ issue_id: '1' }]);
  await migrated.db.destroy();
  await expect(openDatabase(store.path)).rejects.toMatchObject({ kind: 'newer_schema' });
});
