// A timeline is cut into runs and the spans between them, and no entry is lost or told twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupTimeline, mergeEntries } from '../../../src/dashboard/issue/timeline-groups.ts';
import { entry } from './timeline-entries.ts';

const shape = (entries: Parameters<typeof groupTimeline>[0]) =>
  groupTimeline(entries).map(({ key, runId, entries: own }) => [key, runId, own.map(({ seq }) => seq)]);

describe('a timeline', () => {
  it('has one group for each run, newest first, and what lies between', () => {
    const entries = [
      entry(1, 'verdict'),
      entry(2, 'dispatched', { run_id: 'a' }),
      entry(3, 'run_finished', { run_id: 'a', name: 'failed' }),
      entry(4, 'retry_queued'),
      entry(5, 'dispatched', { run_id: 'b' }),
    ];
    expect(shape(entries)).toEqual([
      ['b', 'b', [5]],
      ['before-b', null, [4]],
      ['a', 'a', [2, 3]],
      ['before-a', null, [1]],
    ]);
  });

  it('gives an operator’s word during a run to that run, and afterwards to the span behind it', () => {
    const entries = [
      entry(1, 'dispatched', { run_id: 'a' }),
      entry(2, 'operator', { name: 'cancel' }),
      entry(3, 'run_finished', { run_id: 'a' }),
      entry(4, 'operator', { name: 'unhold' }),
      entry(5, 'warning', { run_id: 'a' }),
    ];
    expect(shape(entries)).toEqual([
      ['before-anything', null, [4]],
      ['a', 'a', [1, 2, 3, 5]],
    ]);
  });

  it('tells how a run ended, and its attempt', () => {
    const [group] = groupTimeline([
      entry(1, 'dispatched', { run_id: 'a', attempt: 2 }),
      entry(2, 'run_finished', { run_id: 'a', name: 'stalled' }),
    ]);
    expect([group?.attempt, group?.ending?.name]).toEqual([2, 'stalled']);
  });

  it('keeps the name of a span while an older page is put before it', () => {
    const newer = [entry(5, 'verdict'), entry(6, 'dispatched', { run_id: 'a' })];
    const keys = [newer, mergeEntries([entry(1, 'verdict')], newer)].map(
      (all) => groupTimeline(all).at(-1)?.key,
    );
    expect(keys).toEqual(['before-a', 'before-a']);
  });

  it('loses nothing and doubles nothing, in whatever order the pages come', () => {
    const run = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
    const kind = fc.constantFrom('verdict', 'tool', 'run_finished', 'operator');
    const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), run, kind), { maxLength: 80 });
    fc.assert(
      fc.property(some, (picked) => {
        const entries = picked.map(([seq, runId, name]) => entry(seq, name, { run_id: runId }));
        const groups = groupTimeline(entries);
        const seen = groups.flatMap(({ entries: own }) => own.map(({ seq }) => seq));
        expect([...seen].sort((a, b) => a - b)).toEqual(
          [...new Set(picked.map(([seq]) => seq))].sort((a, b) => a - b),
        );
        expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
      }),
    );
  });
});
