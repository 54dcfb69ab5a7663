// What the API tells of ended runs, as columns: every step is there, nothing is invented.
import { describe, expect, it } from 'vitest';
import { isEmpty, stacked } from '../../../src/dashboard/charts/chart-data.ts';
import {
  costByAgent,
  runDuration,
  successRate,
  throughput,
  throughputByAgent,
} from '../../../src/dashboard/charts/stats-data.ts';
import type { Stats, StatsRow } from '../../../src/dashboard/wire.ts';

const DAY = 86_400;
const day = (number: number): string => new Date(Date.UTC(2026, 10, number)).toISOString();

const row = (number: number, by_status: Record<string, number>, over: Partial<StatsRow> = {}): StatsRow => ({
  start: day(number),
  group: '',
  runs: Object.values(by_status).reduce((sum, runs) => sum + runs, 0),
  by_status,
  tokens: { input_tokens: 1, output_tokens: 1, total_tokens: 2, cache_read_tokens: 0 },
  cost_usd: 0.5,
  cost_estimated: false,
  unpriced_runs: 0,
  seconds_total: 60,
  seconds_p50: 60,
  seconds_p95: 300,
  ...over,
});

const stats = (...rows: StatsRow[]): Stats => ({ since: day(1), until: day(5), bucket_seconds: DAY, rows });

const columns = ({ series }: ReturnType<typeof throughput>) =>
  Object.fromEntries(series.map(({ label, values }) => [label, values]));

describe('runs', () => {
  it('have a step for each day, 0 where none ended, and no series for what never happened', () => {
    const data = throughput(
      stats(row(2, { succeeded: 3, failed: 1 }), row(4, { failed: 2, newly_invented: 1 })),
    );
    expect(data.times).toEqual([1, 2, 3, 4].map((number) => Date.parse(day(number))));
    expect(columns(data)).toEqual({
      Succeeded: [0, 3, 0, 0],
      Failed: [0, 1, 0, 2],
      'Newly invented': [0, 0, 0, 1],
    });
  });

  it('are told by agent, the busiest first', () => {
    const data = throughputByAgent(
      stats(row(1, { failed: 1 }, { group: 'codex' }), row(2, { failed: 2 }, { group: 'mock' })),
    );
    expect(columns(data)).toEqual({ mock: [0, 2, 0, 0], codex: [1, 0, 0, 0] });
    expect(data.series.map(({ label }) => label)).toEqual(['mock', 'codex']);
  });

  it('succeed in percent of those that were judged, absent where none was', () => {
    const data = successRate(
      stats(
        row(1, { succeeded: 2, needs_human_review: 1, failed: 1, cancelled: 6 }),
        row(3, { interrupted: 4 }),
      ),
      false,
    );
    expect(columns(data)).toEqual({ 'Success rate': [75, null, null, null] });
  });

  it('may all have failed, which is a figure; where none was judged there is none', () => {
    expect(isEmpty(successRate(stats(row(1, { failed: 2 })), false), true)).toBe(false);
    expect(isEmpty(successRate(stats(row(1, { cancelled: 2 })), false), true)).toBe(true);
  });

  it('have durations as the API says, in minutes', () => {
    const data = runDuration(stats(row(2, { succeeded: 1 })), false);
    expect(columns(data)).toEqual({
      'Half took less (p50)': [null, 1, null, null],
      '95 % took less (p95)': [null, 5, null, null],
    });
  });

  it('cost by agent; a sum of nothing is empty', () => {
    expect(columns(costByAgent(stats(row(1, { failed: 1 }, { group: 'codex' }))))).toEqual({
      codex: [0.5, 0, 0, 0],
    });
    expect(isEmpty(costByAgent(stats(row(1, { failed: 1 }, { cost_usd: 0 }))))).toBe(true);
    expect(isEmpty(throughput(stats()))).toBe(true);
  });

  it('stand on each other where there are any', () => {
    const data = stacked(throughput(stats(row(2, { succeeded: 3, failed: 1 }), row(4, { failed: 2 }))));
    expect(columns(data)).toEqual({ Succeeded: [null, 3, null, null], Failed: [null, 4, null, 2] });
  });
});
