// One spelling for one database file, whatever relative path or symlink led to it, so that two daemons
// that mean the same file collide. Creates the file private to its user; never opens one that exists,
// because closing a second descriptor would drop SQLite's POSIX locks of this process.
import { closeSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StoreError } from '../contract/store.ts';

/** As many as Linux follows before it says ELOOP. */
const symlinkLimit = 40;

/** Follows also a symlink whose target does not exist yet. Throws StoreError `unreadable`. */
export function realDatabasePath(path: string): string {
  if (path === '' || path === ':memory:') {
    throw new StoreError(
      'unreadable',
      `db_path is "${path}": name a file, because scheduling must survive a restart`,
    );
  }
  let spelling = resolve(path);
  for (let depth = 0; depth < symlinkLimit; depth += 1) {
    const existing = unlessMissing(() => realpathSync(spelling), spelling);
    if (existing !== null) return existing;
    const folder = unlessMissing(() => realpathSync(dirname(spelling)), spelling);
    if (folder === null) {
      throw new StoreError(
        'unreadable',
        `${spelling}: its folder does not exist: create it, or change db_path`,
      );
    }
    const here = join(folder, basename(spelling));
    const target = unlessMissing(() => readlinkSync(here), spelling);
    if (target === null) return here;
    spelling = resolve(folder, target);
  }
  throw new StoreError('unreadable', `${path}: too many symbolic links: change db_path`);
}

/** Owner only from its first moment; SQLite gives its side files the same mode. */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    const detail = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'unreadable',
      `${path}: cannot be created (${detail}): change db_path or its folder`,
      error,
    );
  }
}

function unlessMissing<T>(look: () => T, path: string): T | null {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    const detail = error instanceof Error ? error.message : String(error);
    throw new StoreError('unreadable', `${path}: cannot be resolved (${detail}): change db_path`, error);
  }
}

function errnoOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
