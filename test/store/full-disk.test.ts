// A disk that cannot take a write: the batch is not there at all, the error says why, and the store works
// again as soon as there is room.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StoreError, StoreWrite } from '../../src/contract/store.ts';
import { loadSqlite } from '../../src/store/sqlite-module.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { park, retry, runEnded, runStarted } from './rows.ts';
import { openBelow, openInFolder, storeFolder } from './store-folder.ts';

const long = 'x'.repeat(10_000);

/** Ends a run, adds to the totals and then needs far more room than there is. */
const tooLarge: StoreWrite[] = [
  runEnded('run-1'),
  { kind: 'delete_retry', issueId: '1' },
  ...Array.from({ length: 100 }, (_, n) => ({
    kind: 'put_park' as const,
    park: park(`p${n}`, { detail: long }),
  })),
];

async function prepare(store: SqliteStore): Promise<void> {
  await store.apply([runStarted('run-1'), { kind: 'put_retry', retry: retry('1') }]);
}

async function expectRefused(store: SqliteStore): Promise<void> {
  const before = await store.load();
  const failure = await store.apply(tooLarge).then(
    () => null,
    (error: StoreError) => error,
  );
  expect(failure).toMatchObject({ name: 'StoreError', kind: 'write_failed' });
  expect(failure?.message).toBe(
    `store: write_failed: ${store.path}: the disk is full (SQLITE_FULL): free some space on its file system`,
  );
  expect(await store.load()).toEqual(before);
}

async function expectAccepted(store: SqliteStore): Promise<void> {
  await store.apply(tooLarge);
  const state = await store.load();
  expect(state.parks).toHaveLength(100);
  expect(state.retries).toEqual([]);
  expect(state.openRuns).toEqual([]);
  expect(state.totals).toEqual({
    inputTokens: 100,
    outputTokens: 10,
    cacheReadTokens: 20,
    secondsRunning: 1.5,
  });
}

test('a database that may not grow refuses the whole batch, again and again, and then takes it', async () => {
  const { store, database } = await openBelow();
  await prepare(store);
  database.sqlite.exec('pragma max_page_count = 1');
  for (let round = 0; round < 3; round += 1) await expectRefused(store);
  database.sqlite.exec('pragma max_page_count = 1000000');
  await expectAccepted(store);
});

test('a file system without room refuses the whole batch, and takes it when there is room', async (context) => {
  const folder = join(storeFolder(), 'small');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    context.skip('only root may mount a small file system here');
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  const ballast = join(folder, 'ballast');
  const store = await openInFolder({ path: join(folder, 'sortie.db') });
  await prepare(store);
  expect(() => writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024))).toThrow(/ENOSPC/);
  for (let round = 0; round < 3; round += 1) await expectRefused(store);
  rmSync(ballast);
  await expectAccepted(store);
  await store.close();
});

test('a database that another program holds for too long is a failed write, and works when it lets go', async () => {
  const store = await openInFolder();
  await prepare(store);
  const other = (await loadSqlite())(store.path);
  onTestFinished(() => other.close());
  other.exec('begin immediate');
  const message = /write_failed: .*sortie\.db: another program holds the database \(SQLITE_BUSY\): close it/;
  await expect(store.apply([{ kind: 'delete_retry', issueId: '1' }])).rejects.toThrow(message);
  expect((await store.load()).retries).toHaveLength(1);
  other.exec('rollback');
  await store.apply([{ kind: 'delete_retry', issueId: '1' }]);
  expect((await store.load()).retries).toHaveLength(0);
});
