// How much of timelines is kept: so many entries an issue, so many in all, so long; and each call forgets only a
// bounded number.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TimelineEntry } from '../../src/contract/observation.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import {
  createTimelineRecorder,
  timelineLimits,
  type TimelineLimits,
} from '../../src/store/record-timeline.ts';
import type { SqliteDatabase } from '../../src/store/sqlite-module.ts';
import { createStore, type SqliteStore } from '../../src/store/sqlite-store.ts';
import { entry, tracker } from './rows.ts';
import { openInFolder, storeFolder } from './store-folder.ts';

const dayMs = 24 * 3_600_000;

async function openWithLimits(
  limits: Partial<TimelineLimits> = {},
): Promise<{ store: SqliteStore; count: () => number; sqlite: SqliteDatabase }> {
  const database = await openDatabase(join(storeFolder(), 'sortie.db'));
  const store = await createStore({
    database,
    tracker,
    now: Date.now,
    redact: (text) => text,
    timelineLimits: { ...timelineLimits, ...limits },
  });
  onTestFinished(() => store.close());
  const counting = database.sqlite.prepare('select count(*) as n from timeline');
  return { store, sqlite: database.sqlite, count: () => (counting.all()[0] as { n: number }).n };
}

const entries = (count: number, facts: Partial<TimelineEntry> = {}, firstMs = 0): TimelineEntry[] =>
  Array.from({ length: count }, (_, n) => entry({ atMs: firstMs + n, ...facts }));

test('an issue never keeps more than 5,000 entries, hardly fewer, and the newest of them, also over restarts', async () => {
  let store = await openInFolder();
  const { path } = store;
  let written = 0;
  for (const batch of [4_999, 1, 1, 248, 249, 3_000, 1]) {
    await store.record(entries(batch, {}, written));
    await store.record([entry({ issueId: '2' })]);
    written += batch;
    const kept: number[] = [];
    let beforeSeq: number | null = Number.MAX_SAFE_INTEGER;
    while (beforeSeq !== null) {
      const page = await store.timeline({ issueId: '1', limit: 1_000, beforeSeq });
      kept.unshift(...page.entries.map(({ atMs }) => atMs));
      beforeSeq = page.beforeSeq;
    }
    expect(kept.length).toBeLessThanOrEqual(5_000);
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(written, 4_750));
    expect(kept).toEqual(Array.from(kept, (_, n) => written - kept.length + n));
    await store.close();
    store = await openInFolder({ path });
  }
  expect((await store.timeline({ issueId: '2', limit: 10 })).entries).toHaveLength(7);
});

test('in all no more than the limit is kept, and what goes are the oldest of all issues', async () => {
  const { store, count } = await openWithLimits({ entries: 300 });
  for (let n = 0; n < 50; n += 1) await store.record(entries(10, { issueId: String(n) }, n * 10));
  expect(count()).toBe(300);
  expect((await store.timeline({ issueId: '19', limit: 10 })).entries).toEqual([]);
  expect((await store.timeline({ issueId: '20', limit: 10 })).entries).toHaveLength(10);
});

test('what was there before the start, or came with a failed batch, is counted right', async () => {
  const { store, count, sqlite } = await openWithLimits({ entries: 100 });
  await store.record(entries(90));
  sqlite.exec("create trigger broken before delete on timeline begin select raise(abort, 'broken'); end");
  await expect(store.record(entries(60))).rejects.toMatchObject({ kind: 'write_failed' });
  sqlite.exec('drop trigger broken');
  expect(count()).toBe(90);
  await store.record(entries(10));
  expect(count(), 'nothing went before its time').toBe(100);
  await store.record(entries(1));
  expect(count()).toBe(100);
});

test('the table is not counted again for each write that fails', async () => {
  const database = await openDatabase(join(storeFolder(), 'sortie.db'));
  onTestFinished(() => database.db.destroy());
  const { db, sqlite } = database;
  const recorder = createTimelineRecorder({ ...timelineLimits, entries: 100 });
  const counts: string[] = [];
  const watched = db.withPlugin({
    transformQuery: ({ node }) => {
      if (node.kind === 'SelectQueryNode' && JSON.stringify(node).includes('"count"')) counts.push(node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const record = async (count: number): Promise<void> => {
    try {
      await watched
        .transaction()
        .execute((writing) =>
          recorder.record({ db: writing, trackerId: 1, nowMs: 0, redact: (text) => text }, entries(count)),
        );
    } catch (error) {
      recorder.forget();
      throw error;
    }
  };
  const kept = (): unknown => sqlite.prepare('select count(*) as n from timeline').all()[0];
  sqlite.exec("insert into trackers values (1, 'file', 'x', 0)");
  sqlite.exec("create trigger full before insert on timeline begin select raise(abort, 'full'); end");
  for (let call = 0; call < 3; call += 1) await expect(record(10)).rejects.toThrow('full');
  expect(counts).toHaveLength(1);
  sqlite.exec('drop trigger full');
  await record(90);
  sqlite.exec("create trigger full before delete on timeline begin select raise(abort, 'full'); end");
  for (let call = 0; call < 3; call += 1) await expect(record(60)).rejects.toThrow('full');
  sqlite.exec('drop trigger full');
  await record(10);
  expect(kept(), 'nothing went before its time').toEqual({ n: 100 });
  await record(1);
  expect(kept()).toEqual({ n: 100 });
  expect(counts).toHaveLength(1);
});

test('entries older than 400 days go, a bounded number with each call', async () => {
  const { store, count } = await openWithLimits();
  await store.record(entries(2_000, { issueId: 'old' }));
  await store.record([entry({ issueId: 'young', atMs: 2 * dayMs })]);
  await store.record([entry({ issueId: 'young', atMs: 400 * dayMs })]);
  expect(count(), 'none is 400 days old').toBe(2_002);
  const left: number[] = [];
  for (let call = 0; call < 6; call += 1) {
    await store.record([entry({ issueId: 'young', atMs: 401 * dayMs + call })]);
    left.push(count());
  }
  expect(left.at(-1)).toBe(8);
  const steps = left.slice(1).map((now, n) => (left[n] ?? 0) - now);
  expect(Math.max(...steps)).toBeLessThanOrEqual(502);
});
