// Samples as columns: gaps stay gaps, and longer steps are made by what each figure means.
import { describe, expect, it } from 'vitest';
import { mergeSamples, pollDuration, queueLength } from '../../../src/dashboard/charts/samples-data.ts';
import type { Samples } from '../../../src/dashboard/wire.ts';

const sample = (minute: number, over: Partial<Samples['rows'][number]> = {}): Samples['rows'][number] => ({
  at: new Date(Date.UTC(2026, 10, 22, 9, minute)).toISOString(),
  running: 1,
  retrying: 0,
  parked: 2,
  waiting: 4,
  tracker_requests: 3,
  tracker_errors: 1,
  polls: 2,
  poll_seconds_mean: 0.5,
  poll_seconds_max: 1,
  ...over,
});

describe('samples', () => {
  it('break where the daemon did not run', () => {
    const data = queueLength({ bucket_seconds: 60, rows: [sample(0), sample(1), sample(30)] });
    expect(data.series[0]?.values).toEqual([1, 1, null, 1]);
    expect(data.times).toHaveLength(4);
  });

  it('have no duration where nothing was polled', () => {
    const data = pollDuration({
      bucket_seconds: 60,
      rows: [sample(0, { polls: 0, poll_seconds_mean: null })],
    });
    expect(data.series.map(({ values }) => values)).toEqual([[null], [null]]);
  });

  it('are merged by mean, by sum, by weight and by the longest', () => {
    const rows = [
      sample(0, { running: 3, polls: 1, poll_seconds_mean: 2, poll_seconds_max: 2 }),
      sample(9, { running: 1, polls: 3, poll_seconds_mean: 1, poll_seconds_max: 7 }),
      sample(10),
    ];
    const merged = mergeSamples({ bucket_seconds: 60, rows }, 600);
    expect(merged.rows).toHaveLength(2);
    expect(merged.rows[0]).toMatchObject({
      at: '2026-11-22T09:00:00.000Z',
      running: 2,
      tracker_requests: 6,
      polls: 4,
      poll_seconds_mean: 1.25,
      poll_seconds_max: 7,
    });
  });
});
