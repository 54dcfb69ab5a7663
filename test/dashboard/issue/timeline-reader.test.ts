// The timeline is read page by page: no hole, nothing twice, one thing at a time.
import { expect, it } from 'vitest';
import { createTimelineReader } from '../../../src/dashboard/issue/timeline-reader.ts';
import type { Timeline } from '../../../src/dashboard/wire.ts';
import { entry } from './timeline-entries.ts';

/** A daemon with entries 1 to `count`, in pages of ten. */
function daemonWith(count: number) {
  const kept = { count, asked: [] as (number | null)[], fails: false };
  const read = async (before: number | null): Promise<Timeline> => {
    kept.asked.push(before);
    if (kept.fails) throw new Error('The daemon does not answer.');
    const end = before === null ? kept.count : before - 1;
    const start = Math.max(1, end - 9);
    const entries = Array.from({ length: end - start + 1 }, (_, index) => entry(start + index, 'tool'));
    return { entries, before: start > 1 ? start : null };
  };
  return { kept, reader: createTimelineReader(read) };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
};
const seqs = (reader: ReturnType<typeof daemonWith>['reader']): number[] =>
  reader.read.value.entries.map(({ seq }) => seq);
const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

it('begins with the newest page, and reads older ones on demand', async () => {
  const { reader } = daemonWith(25);
  reader.refresh();
  await settled();
  expect([seqs(reader), reader.read.value.hasOlder]).toEqual([upTo(16, 25), true]);
  reader.older();
  await settled();
  reader.older();
  await settled();
  expect([seqs(reader), reader.read.value.hasOlder]).toEqual([upTo(1, 25), false]);
});

it('fills the gap when more has happened than a page holds', async () => {
  const { kept, reader } = daemonWith(12);
  reader.refresh();
  await settled();
  kept.count = 47;
  reader.refresh();
  await settled();
  expect(seqs(reader)).toEqual(upTo(3, 47));
  reader.older();
  await settled();
  expect(seqs(reader)).toEqual(upTo(1, 47));
});

it('looks once more, and only once, when it is told so while it reads', async () => {
  const { kept, reader } = daemonWith(5);
  reader.refresh();
  kept.count = 6;
  reader.refresh();
  reader.refresh();
  await settled();
  expect([seqs(reader), kept.asked.length]).toEqual([upTo(1, 6), 2]);
});

it('keeps what is there when a reading fails, and says so', async () => {
  const { kept, reader } = daemonWith(5);
  reader.refresh();
  await settled();
  kept.fails = true;
  reader.refresh();
  await settled();
  expect([seqs(reader).length, reader.read.value.error]).toEqual([5, 'The daemon does not answer.']);
  kept.fails = false;
  reader.refresh();
  await settled();
  expect(reader.read.value.error).toBe('');
});
