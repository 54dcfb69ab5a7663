// A folder with one database for the tests of the store. Everything opened through it is closed, and the
// folder removed, after each test.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type SqliteStore, type StoreOptions } from '../../src/store/index.ts';
import { openDatabase, type OpenDatabase } from '../../src/store/open-database.ts';
import { createStore } from '../../src/store/sqlite-store.ts';
import { tracker } from './rows.ts';

export function storeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sortie-store-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openInFolder(options: Partial<StoreOptions> = {}): Promise<SqliteStore> {
  const path = options.path ?? join(storeFolder(), 'sortie.db');
  const store = await openStore({ tracker, ...options, path });
  onTestFinished(() => store.close());
  return store;
}

/** With the connection itself, for tests that look below the port. */
export async function openBelow(
  path = join(storeFolder(), 'sortie.db'),
): Promise<{ store: SqliteStore; database: OpenDatabase }> {
  const database = await openDatabase(path);
  const store = await createStore({ database, tracker, now: Date.now, redact: (text) => text });
  onTestFinished(() => store.close());
  return { store, database };
}
