// The past for commands that run without a daemon, or beside one: opens a database that is there, to read only.
// Makes, migrates and marks nothing; SQLite itself may make the two side files that any reader of such a file needs.
import { existsSync } from 'node:fs';
import { Kysely } from 'kysely';
import { StoreError } from '../contract/store.ts';
import type { LedgerReads } from '../contract/tool-ledger.ts';
import { realDatabasePath } from './database-path.ts';
import { storeFailure } from './failure.ts';
import { createLedgerReads } from './ledger-reads.ts';
import { appliedMigrations, migrations, refuseNewer } from './migrate.ts';
import { applicationId, busyTimeoutMs, type OpenDatabase } from './open-database.ts';
import { proveAudit, type ProveAudit } from './prove-audit.ts';
import type { Reading } from './reading.ts';
import { createReads, type PastReads } from './reads.ts';
import type { Tables } from './schema.ts';
import { BuiltinSqliteDialect } from './sqlite-dialect.ts';
import { loadSqlite, type SqliteDatabase } from './sqlite-module.ts';
import { findTracker, listTrackers, type StoredTracker, type TrackerIdentity } from './trackers.ts';
import { createTurns } from './turns.ts';

export interface StoreReader extends PastReads {
  /** The real path of the database file. */
  readonly path: string;
  readonly tools: LedgerReads;
  readonly proveAudit: ProveAudit;
  close(): Promise<void>;
}

export interface StoreReaderOptions {
  readonly path: string;
  /** Whose past is read. */
  readonly tracker: TrackerIdentity;
}

/**
 * Throws StoreError `unreadable` (no such file, not ours, an older schema, a tracker that it holds nothing of) or
 * `newer_schema`; then nothing is left open. Reads throw `read_failed`.
 */
export async function openStoreReader({ path, tracker }: StoreReaderOptions): Promise<StoreReader> {
  const database = await openToRead(path);
  const { db } = database;
  const turns = createTurns(database.path);
  const close = (): Promise<void> => turns.close(() => db.destroy());
  try {
    const trackerId = await knownTracker(database, tracker);
    const reading: Reading = { db, trackerId, inTurn: (read) => turns.take('read_failed', read) };
    return {
      path: database.path,
      ...createReads(reading),
      tools: createLedgerReads(reading),
      proveAudit: (question) => proveAudit(reading, question),
      close,
    };
  } catch (error) {
    await close();
    throw storeFailure('unreadable', database.path, error);
  }
}

/** Those that the database holds something of, the one that a daemon opened last first. Throws as above. */
export async function storedTrackers(path: string): Promise<readonly StoredTracker[]> {
  const database = await openToRead(path);
  try {
    return await listTrackers(database.db);
  } catch (error) {
    throw storeFailure('read_failed', database.path, error);
  } finally {
    await database.db.destroy();
  }
}

async function openToRead(dbPath: string): Promise<OpenDatabase> {
  const path = realDatabasePath(dbPath);
  if (!existsSync(path)) {
    throw new StoreError(
      'unreadable',
      `${path}: there is no such file: start the daemon once, or name another`,
    );
  }
  const open = await loadSqlite();
  let sqlite: SqliteDatabase | null = null;
  try {
    sqlite = open(path, { readOnly: true });
    sqlite.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    refuseForeign(sqlite, path);
    const db = new Kysely<Tables>({ dialect: new BuiltinSqliteDialect(sqlite) });
    await refuseOtherSchema(db, path);
    return { path, sqlite, db };
  } catch (error) {
    sqlite?.close();
    throw storeFailure('unreadable', path, error);
  }
}

function refuseForeign(sqlite: SqliteDatabase, path: string): void {
  const [row] = sqlite.prepare('pragma application_id').all() as { application_id: number }[];
  if (row?.application_id === applicationId) return;
  throw new StoreError(
    'unreadable',
    `${path}: this is another program's database: name the one of the daemon`,
  );
}

async function refuseOtherSchema(db: Kysely<Tables>, path: string): Promise<void> {
  const applied = await appliedMigrations(db);
  refuseNewer(applied, migrations, path);
  if (applied.length === Object.keys(migrations).length) return;
  const theirs = applied.length === 0 ? 'it has no schema yet' : `its schema is ${applied.at(-1) ?? ''}`;
  throw new StoreError(
    'unreadable',
    `${path}: ${theirs}, older than this program: start the daemon once to migrate it`,
  );
}

async function knownTracker({ db, path }: OpenDatabase, tracker: TrackerIdentity): Promise<number> {
  const trackerId = await findTracker(db, tracker);
  if (trackerId !== null) return trackerId;
  const others = (await listTrackers(db)).map(({ kind, identity }) => `${kind} ${identity}`).join(', ');
  throw new StoreError(
    'unreadable',
    `${path}: it holds nothing of ${tracker.kind} ${tracker.identity}, only of ${others || 'nobody'}: ` +
      'start the daemon once with this tracker, or name another database',
  );
}
