// Brings a database to this program's schema, all migrations in one transaction: either the file is new
// or it is as it was. Refuses a database that a newer program has migrated, rather than guess at it.
import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import { StoreError } from '../contract/store.ts';
import { storeFailure } from './failure.ts';
import { migration0001 } from './migration-0001.ts';
import { migration0002 } from './migration-0002.ts';
import { migration0003 } from './migration-0003.ts';
import { migration0004 } from './migration-0004.ts';
import { migration0005 } from './migration-0005.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/** Names sort in the order in which they run. */
export const migrations: Migrations = {
  '0001_first': migration0001,
  '0002_spending': migration0002,
  '0003_past': migration0003,
  '0004_tools': migration0004,
  '0005_writes_by_run': migration0005,
};

/** Throws StoreError `newer_schema`, or `write_failed` when a migration could not be made. */
export async function migrateToLatest<T>(db: Kysely<T>, path: string, known: Migrations): Promise<void> {
  const applied = await appliedMigrations(db);
  refuseNewer(applied, known, path);
  const provider = { getMigrations: async () => ({ ...known }) };
  const migrator = new Migrator({ db, provider, allowUnorderedMigrations: false });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw storeFailure('write_failed', path, error);
}

/** Throws StoreError `newer_schema`: a newer program knows what is in it, this one would guess. */
export function refuseNewer(applied: readonly string[], known: Migrations, path: string): void {
  const unknown = applied.filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0) {
    const theirs = `its schema is ${unknown.at(-1) ?? ''}`;
    const ours = `newer than the ${Object.keys(known).sort().at(-1) ?? ''} of this program`;
    throw new StoreError('newer_schema', `${path}: ${theirs}, ${ours}: run the newer one, or change db_path`);
  }
}

/** In the order of their names; none of a database that has never been migrated. */
export async function appliedMigrations<T>(db: Kysely<T>): Promise<string[]> {
  const table = sql<{ found: number }>`
    select count(*) as found from sqlite_master where type = 'table' and name = 'kysely_migration'`;
  const { rows: tables } = await table.execute(db);
  if (tables[0]?.found !== 1) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
