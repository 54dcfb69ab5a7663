// One issue's timeline: kept in the order in which it was recorded, read in pages from the newest entries back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TIMELINE_KINDS, type TimelineEntry } from '../../src/contract/observation.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { entry } from './rows.ts';
import { openInFolder } from './store-folder.ts';

async function wholeTimeline(store: SqliteStore, issueId: string, limit: number): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  let beforeSeq: number | null | undefined;
  while (beforeSeq !== null) {
    const page = await store.timeline({ issueId, limit, ...(beforeSeq === undefined ? {} : { beforeSeq }) });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    if (beforeSeq !== undefined) expect(page.entries, 'a page that was promised').not.toEqual([]);
    entries.unshift(...page.entries.map(({ seq: _, ...facts }) => facts));
    beforeSeq = page.beforeSeq;
  }
  return entries;
}

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((drawn) => !drawn.includes('\0'));
const anyEntry: fc.Arbitrary<TimelineEntry> = fc.record({
  atMs: fc.nat(),
  issueId: fc.constantFrom('1', '2', '"', ''),
  issueIdentifier: text,
  runId: fc.option(text),
  attempt: fc.option(fc.nat()),
  kind: fc.constantFrom(...TIMELINE_KINDS),
  name: text,
  detail: text,
  durationMs: fc.option(fc.nat()),
  ok: fc.option(fc.boolean()),
});

test('pages of any size give every entry of the issue once, in the order of recording', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyEntry, { maxLength: 6 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      async (batches, limit) => {
        const store = await openInFolder();
        for (const batch of batches) await store.record(batch);
        for (const issueId of ['1', '2', '"', '']) {
          const mine = batches.flat().filter((one) => one.issueId === issueId);
          expect(await wholeTimeline(store, issueId, limit)).toEqual(mine);
        }
        await store.close();
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('entries that come between two pages shift nothing', async () => {
  const store = await openInFolder();
  await store.record(Array.from({ length: 5 }, (_, n) => entry({ atMs: n })));
  const newest = await store.timeline({ issueId: '1', limit: 2 });
  await store.record([entry({ atMs: 5 })]);
  const older = await store.timeline({ issueId: '1', limit: 2, beforeSeq: newest.beforeSeq ?? 0 });
  expect(newest.entries.map(({ atMs }) => atMs)).toEqual([3, 4]);
  expect(older.entries.map(({ atMs }) => atMs)).toEqual([1, 2]);
});

test('a NUL, half a character and an overlong text are recorded as text that can be read', async () => {
  const store = await openInFolder();
  await store.record([
    entry({ name: 'x'.repeat(1_000), detail: `a\0b\uD800c${'y'.repeat(5_000)}`, runId: '\0' }),
  ]);
  const [read] = (await store.timeline({ issueId: '1', limit: 1 })).entries;
  expect(read).toMatchObject({ runId: '\uFFFD' });
  expect(read?.detail.startsWith('a\uFFFDb\uFFFDcy')).toBe(true);
  expect(read?.detail).toHaveLength(2_000);
  expect(read?.name).toHaveLength(200);
});

test.for([0, 1_001, 1.5])('a page of %d entries is the mistake of the caller', async (limit) => {
  const store = await openInFolder();
  await expect(store.timeline({ issueId: '1', limit })).rejects.toThrow(RangeError);
});

test('a batch that cannot be stored leaves nothing behind, and the next one is recorded', async () => {
  const store = await openInFolder();
  const broken = [entry(), entry({ kind: null as unknown as 'tool' })];
  await expect(store.record(broken)).rejects.toMatchObject({ kind: 'write_failed' });
  await store.record([entry({ name: 'next' })]);
  expect((await store.timeline({ issueId: '1', limit: 10 })).entries).toMatchObject([{ name: 'next' }]);
});
