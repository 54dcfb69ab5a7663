// Opens the one connection to a database file: private to its user, durable at each commit, at the latest
// schema. Refuses a file that is not ours, so that a mistyped db_path never adds tables to another
// program's database.
import { Kysely } from 'kysely';
import { StoreError } from '../contract/store.ts';
import { createPrivately, realDatabasePath } from './database-path.ts';
import { storeFailure } from './failure.ts';
import { migrateToLatest, migrations, type Migrations } from './migrate.ts';
import type { Tables } from './schema.ts';
import { BuiltinSqliteDialect } from './sqlite-dialect.ts';
import { loadSqlite, type SqliteDatabase } from './sqlite-module.ts';

/** "sort" in ASCII, in the file's header: `file(1)` shows it, and it tells our databases from others. */
export const applicationId = 0x736f7274;

/** Somebody may look into the file with other tools; the daemon stands still while it waits for them. */
export const busyTimeoutMs = 2_000;

export interface OpenDatabase {
  readonly path: string;
  readonly sqlite: SqliteDatabase;
  readonly db: Kysely<Tables>;
}

/** Throws StoreError `unreadable`, `newer_schema` or `write_failed`; then nothing is left open. */
export async function openDatabase(dbPath: string, known: Migrations = migrations): Promise<OpenDatabase> {
  const path = realDatabasePath(dbPath);
  createPrivately(path);
  const open = await loadSqlite();
  let sqlite: SqliteDatabase | null = null;
  try {
    sqlite = open(path);
    sqlite.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    refuseForeign(sqlite, path);
    configure(sqlite);
    const db = new Kysely<Tables>({ dialect: new BuiltinSqliteDialect(sqlite) });
    await migrateToLatest(db, path, known);
    return { path, sqlite, db };
  } catch (error) {
    sqlite?.close();
    throw storeFailure('unreadable', path, error);
  }
}

function configure(sqlite: SqliteDatabase): void {
  // FULL syncs the log at each commit: in WAL mode the default of some builds loses the last commits
  // when the machine (not the process) dies. The log is cut back to 16 MiB when it is reset.
  sqlite.exec('pragma journal_mode = wal');
  sqlite.exec('pragma synchronous = full');
  sqlite.exec('pragma foreign_keys = on');
  sqlite.exec('pragma journal_size_limit = 16777216');
}

/** Looks before anything is written, and then puts our mark on a file that is empty. */
function refuseForeign(sqlite: SqliteDatabase, path: string): void {
  const { application_id: id } = row(sqlite, 'pragma application_id');
  if (id === applicationId) return;
  const { tables } = row(sqlite, 'select count(*) as tables from sqlite_master');
  if (id !== 0 || tables !== 0) {
    throw new StoreError(
      'unreadable',
      `${path}: this is another program's database: set db_path to another file`,
    );
  }
  sqlite.exec(`pragma application_id = ${applicationId}`);
}

function row(sqlite: SqliteDatabase, sql: string): Record<string, unknown> {
  return sqlite.prepare(sql).all()[0] as Record<string, unknown>;
}
