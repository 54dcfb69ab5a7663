// One daemon a database. The proof is an exclusive transaction on a small lock database beside the store:
// a lock of the kernel on an open file, which ends with the process however it dies. Nothing is ever
// written to that file, and it is never deleted: a new file of the same name would be a second lock.
// Rollback journal, never WAL: there the lock would sit on a side file that SQLite makes and deletes.
import { statSync } from 'node:fs';
import { StoreError } from '../contract/store.ts';
import { createPrivately, realDatabasePath } from './database-path.ts';
import { sqliteCode, storeFailure } from './failure.ts';
import { loadSqlite, type SqliteDatabase } from './sqlite-module.ts';

/** Two that start at the same instant must not both lose; a restart may overlap by a moment. */
const waitMs = 250;
const busy = 5;

/** Keeps each lock reachable: a collected connection is a closed one, and its lock would be gone. */
const held = new Set<SqliteDatabase>();

export interface Ownership {
  /** The one real path of the database; open this. */
  readonly path: string;
  readonly lockPath: string;
  /** False when the lock file was removed or replaced: another daemon could then take the same database. */
  isHeld(): boolean;
  /** Lets another daemon in. Call after the store is closed; again does nothing. */
  release(): void;
}

/**
 * Call before `openStore`, hold until after `close`. Throws StoreError `locked` when another daemon owns
 * the database, `unreadable` when the lock file cannot be made or is something else.
 */
export async function acquireOwnership(dbPath: string): Promise<Ownership> {
  const path = realDatabasePath(dbPath);
  const lockPath = `${path}.lock`;
  createPrivately(lockPath);
  const open = await loadSqlite();
  let lock: SqliteDatabase | null = null;
  try {
    lock = open(lockPath);
    lock.exec(`pragma busy_timeout = ${waitMs}`);
    lock.exec('pragma journal_mode = delete');
    lock.exec('begin exclusive');
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) !== busy) throw storeFailure('unreadable', lockPath, error);
    const remedy = `stop it (find it with: fuser '${lockPath}'), or set db_path to another file`;
    throw new StoreError('locked', `${path}: another daemon owns this database: ${remedy}`, error);
  }
  return hold(path, lockPath, lock);
}

function hold(path: string, lockPath: string, lock: SqliteDatabase): Ownership {
  held.add(lock);
  const ours = statSync(lockPath);
  return {
    path,
    lockPath,
    isHeld: () => {
      const now = statSync(lockPath, { throwIfNoEntry: false });
      return now?.ino === ours.ino && now.dev === ours.dev;
    },
    release: () => {
      if (held.delete(lock)) lock.close();
    },
  };
}
