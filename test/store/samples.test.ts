// Samples of the load: by the minute for two days, by the hour for 400, and no sum is lost between.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sample } from '../../src/contract/observation.ts';
import { sample } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const all = { sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };

test('a minute is read as it was written, aligned to the minute', async () => {
  const store = await openInFolder();
  const written = sample(5 * minuteMs + 17, {
    running: 3,
    retrying: 1,
    parked: 2,
    waiting: 40,
    trackerRequests: 7,
    trackerErrors: 1,
    polls: 2,
    pollSeconds: 0.75,
    pollSecondsMax: 0.5,
  });
  await store.sample(written);
  const read = { ...written, atMs: 5 * minuteMs };
  expect(await store.samples({ ...all, bucketMs: minuteMs })).toEqual([read]);
  expect(await store.samples({ ...all, bucketMs: minuteMs, sinceMs: 5 * minuteMs })).toEqual([read]);
  expect(await store.samples({ ...all, bucketMs: minuteMs, sinceMs: 5 * minuteMs + 1 })).toEqual([]);
  expect(await store.samples({ ...all, bucketMs: minuteMs, untilMs: 5 * minuteMs })).toEqual([]);
  await store.close();
  const again = await openInFolder({ path: store.path });
  expect(await again.samples({ ...all, bucketMs: minuteMs })).toEqual([read]);
});

test('minutes are merged to hours after 48 hours, and forgotten after 400 days', async () => {
  const { store, database } = await openBelow();
  const rows = (): unknown =>
    database.sqlite
      .prepare('select span_ms, count(*) as n, sum(minutes) as minutes from samples group by 1 order by 1')
      .all()
      .map((row) => ({ ...(row as object) }));
  for (let minute = 0; minute < 120; minute += 1) {
    await store.sample(sample(minute * minuteMs, { running: minute, polls: 1, pollSecondsMax: minute % 50 }));
  }
  const young = [{ span_ms: minuteMs, n: 121, minutes: 121 }];
  await store.sample(sample(49 * hourMs - 1));
  expect(rows()).toEqual(young);
  await store.sample(sample(49 * hourMs));
  expect(rows()).toEqual([
    { span_ms: minuteMs, n: 62, minutes: 62 },
    { span_ms: hourMs, n: 1, minutes: 60 },
  ]);
  const [first] = await store.samples({ ...all, bucketMs: minuteMs });
  expect(first).toMatchObject({ atMs: 0, running: 29.5, polls: 60, pollSecondsMax: 49 });

  await store.sample(sample(400 * dayMs + hourMs));
  const starts = (await store.samples({ ...all, bucketMs: hourMs })).map(({ atMs }) => atMs / hourMs);
  expect(starts).toEqual([1, 48, 49, 400 * 24 + 1]);
});

const figures = fc.record({
  running: fc.nat({ max: 500 }),
  retrying: fc.nat({ max: 500 }),
  parked: fc.nat({ max: 500 }),
  waiting: fc.nat({ max: 500 }),
  trackerRequests: fc.nat({ max: 500 }),
  trackerErrors: fc.nat({ max: 500 }),
  polls: fc.nat({ max: 10 }),
  // Quarters add up without an error.
  pollSeconds: fc.nat({ max: 400 }).map((quarters) => quarters / 4),
  pollSecondsMax: fc.nat({ max: 400 }).map((quarters) => quarters / 4),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Written from the contract: each sample is a minute of its own. */
function bucketsOf(written: readonly Sample[], bucketMs: number): Sample[] {
  const startOf = ({ atMs }: Sample): number => Math.floor(atMs / bucketMs) * bucketMs;
  const starts = [...new Set(written.map(startOf))].sort((a, b) => a - b);
  return starts.map((atMs) => {
    const some = written.filter((one) => startOf(one) === atMs);
    const all = (name: keyof Sample): number[] => some.map((one) => one[name]);
    const mean = (name: keyof Sample): number => sum(all(name)) / some.length;
    return {
      atMs,
      running: mean('running'),
      retrying: mean('retrying'),
      parked: mean('parked'),
      waiting: mean('waiting'),
      trackerRequests: sum(all('trackerRequests')),
      trackerErrors: sum(all('trackerErrors')),
      polls: sum(all('polls')),
      pollSeconds: sum(all('pollSeconds')),
      pollSecondsMax: Math.max(...all('pollSecondsMax')),
    };
  });
}

test('whatever was merged in whatever order, each bucket has the sums, means and longest of its minutes', async () => {
  // Often the same minute twice, and both ends of an hour.
  const minute = fc
    .tuple(fc.nat({ max: 4 * 24 }), fc.constantFrom(0, 1, 59))
    .map(([hour, n]) => hour * 60 + n);
  const times = fc.array(fc.oneof(minute, fc.nat({ max: 3 })), { minLength: 1, maxLength: 40 });
  const bucket = fc.constantFrom(hourMs, 3 * hourMs, dayMs, 7 * dayMs);
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.array(figures, { minLength: 40, maxLength: 40 }),
      bucket,
      async (at, facts, bucketMs) => {
        const store = await openInFolder();
        const written = at.map((minute, n) => sample(minute * minuteMs, facts[n]));
        for (const one of written) await store.sample(one);
        expect(await store.samples({ ...all, bucketMs })).toEqual(bucketsOf(written, bucketMs));
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test.for([59_999, 0, 60_000.5])('a bucket of %d ms is the mistake of the caller', async (bucketMs) => {
  const store = await openInFolder();
  await expect(store.samples({ ...all, bucketMs })).rejects.toThrow(RangeError);
});
