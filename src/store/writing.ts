// Each write is one transaction, all or nothing. Scheduling facts are on the disk when it resolves; observations may
// be lost with the machine, so they do not wait for the disk. Folds the log back now and then, and owns no timer.
import { busyTimeoutMs, type OpenDatabase } from './open-database.ts';
import type { Redact } from './storable.ts';
import type { Turns } from './turns.ts';
import type { WriteContext } from './write-issue.ts';

/** SQLite itself folds the log back at 1,000 pages but never shortens the file; this does. */
const writesPerCheckpoint = 1_000;

export interface WritingParts {
  readonly database: OpenDatabase;
  readonly turns: Turns;
  readonly trackerId: number;
  readonly now: () => number;
  readonly redact: Redact;
}

export interface Writing {
  /** Synced to the disk. Rejects with StoreError `write_failed`. */
  durable(work: (context: WriteContext) => Promise<unknown>): Promise<void>;
  /** Survives the process, not always the machine. `undone` is told, still in the same turn, when nothing was kept. */
  observed(work: (context: WriteContext) => Promise<unknown>, undone?: () => void): Promise<void>;
  /** Before the last connection is closed. */
  checkpoint(): void;
}

export function createWriting({ database, turns, trackerId, now, redact }: WritingParts): Writing {
  const { db, sqlite } = database;
  let writes = 0;

  async function transaction(work: (context: WriteContext) => Promise<unknown>): Promise<void> {
    await db.transaction().execute((writing) => work({ db: writing, trackerId, nowMs: now(), redact }));
    writes += 1;
    if (writes % writesPerCheckpoint === 0) checkpoint();
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
    durable: (work) => turns.take('write_failed', () => transaction(work)),
    observed: (work, undone) =>
      turns.take('write_failed', async () => {
        sqlite.exec('pragma synchronous = normal');
        try {
          await transaction(work);
        } catch (error) {
          undone?.();
          throw error;
        } finally {
          sqlite.exec('pragma synchronous = full');
        }
      }),
    checkpoint,
  };
}
