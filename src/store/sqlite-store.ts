// The store itself: one transaction at a time, in the order of the calls. A write that fails leaves
// nothing behind and the store usable, so that work goes on when the disk has room again. Reads write
// nothing. Owns no timer: the log is folded back into the database after a number of writes and at close.
import { existsSync } from 'node:fs';
import { StoreError, type Store, type StoreErrorKind } from '../contract/store.ts';
import { applyWrite } from './apply-write.ts';
import { storeFailure } from './failure.ts';
import { findStoredIssue } from './find-issue.ts';
import { assertPageSize, readHistory } from './history.ts';
import { loadState } from './load-state.ts';
import { busyTimeoutMs, type OpenDatabase } from './open-database.ts';
import type { Redact } from './storable.ts';

/** SQLite itself folds the log back at 1,000 pages but never shortens the file; this does. */
const appliesPerCheckpoint = 1_000;

/** Asked about more ids than SQLite binds at once, the question is split. */
const idsPerQuestion = 500;

export interface TrackerIdentity {
  readonly kind: string;
  /** Endpoint and project, or the real path of the issues file; compared exactly. */
  readonly identity: string;
}

export interface SqliteStore extends Store {
  /** The real path of the database file. */
  readonly path: string;
  /**
   * Those of the ids that are runs of this database, of whichever tracker: only processes marked with
   * one of these are ours to end.
   */
  knownRunIds(runIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface StoreParts {
  readonly database: OpenDatabase;
  readonly tracker: TrackerIdentity;
  readonly now: () => number;
  readonly redact: Redact;
}

/** Makes the tracker known, which also proves at start-up that the database can be written. */
export async function createStore({ database, tracker, now, redact }: StoreParts): Promise<SqliteStore> {
  const { db, path, sqlite } = database;
  const trackerId = await guard('write_failed', () => registerTracker(database, tracker, now()));
  let queue: Promise<unknown> = Promise.resolve();
  let applies = 0;
  let closing: Promise<void> | null = null;

  async function guard<T>(kind: StoreErrorKind, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(kind, path, error);
    }
  }

  function inTurn<T>(kind: StoreErrorKind, work: () => Promise<T>): Promise<T> {
    if (closing) return Promise.reject(new StoreError(kind, `${path}: the store is closed`));
    const turn = queue.then(() => guard(kind, work));
    queue = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for nobody: a person who reads the file with another tool must not stop the daemon. */
  function checkpoint(): void {
    try {
      sqlite.exec('pragma busy_timeout = 0');
      sqlite.exec('pragma wal_checkpoint(truncate)');
    } catch {
      // The log is as durable as the database, so nothing is lost; a sick disk fails the next write.
    } finally {
      sqlite.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    }
  }

  return {
    path,
    load: () =>
      inTurn('read_failed', () =>
        db
          .transaction()
          .setAccessMode('read only')
          .execute((reading) => loadState(reading, trackerId)),
      ),
    apply: async (writes) => {
      if (writes.length === 0) return;
      await inTurn('write_failed', async () => {
        await db.transaction().execute(async (writing) => {
          const context = { db: writing, trackerId, nowMs: now(), redact };
          for (const write of writes) await applyWrite(context, write);
        });
        applies += 1;
        if (applies % appliesPerCheckpoint === 0) checkpoint();
      });
    },
    history: async (query) => {
      assertPageSize(query);
      return await inTurn('read_failed', () => readHistory(db, trackerId, query));
    },
    findIssue: (identifier) => inTurn('read_failed', () => findStoredIssue(db, trackerId, identifier)),
    ping: () =>
      inTurn('read_failed', async () => {
        await db.selectFrom('trackers').select('id').where('id', '=', trackerId).executeTakeFirstOrThrow();
        if (existsSync(path)) return;
        throw new StoreError(
          'read_failed',
          `${path}: the file was moved or deleted: put it back and restart`,
        );
      }),
    knownRunIds: (runIds) => inTurn('read_failed', () => readKnownRunIds(database, runIds)),
    close: () => {
      closing ??= queue.then(() => {
        checkpoint();
        return guard('write_failed', () => db.destroy());
      });
      return closing;
    },
  };
}

async function registerTracker(
  { db }: OpenDatabase,
  tracker: TrackerIdentity,
  nowMs: number,
): Promise<number> {
  const { id } = await db
    .insertInto('trackers')
    .values({ kind: tracker.kind, identity: tracker.identity, opened_at_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['kind', 'identity']).doUpdateSet({ opened_at_ms: nowMs }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function readKnownRunIds({ db }: OpenDatabase, runIds: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < runIds.length; start += idsPerQuestion) {
    const some = runIds.slice(start, start + idsPerQuestion);
    const rows = await db.selectFrom('runs').select('run_id').where('run_id', 'in', some).execute();
    for (const { run_id } of rows) known.add(run_id);
  }
  return known;
}
