// A row of `sortie stats`: success as everywhere else, and nothing said of what is not known.
import { describe, expect, it } from 'vitest';
import { statsCells } from '../../src/cli/stats-cells.ts';
import type { StatsRow } from '../../src/contract/observation.ts';

function row(over: Partial<StatsRow>): StatsRow {
  return {
    startMs: 0,
    group: '',
    runs: 4,
    byStatus: { succeeded: 3, failed: 1 },
    tokens: { inputTokens: 1_000, outputTokens: 234, cacheReadTokens: 0 },
    costUsd: 1.5,
    costEstimated: false,
    unpricedRuns: 0,
    secondsTotal: 100,
    secondsP50: 59.9,
    secondsP95: 60,
    ...over,
  };
}

it('has a cell for each column', () => {
  expect(statsCells(row({}))).toEqual(['4', '75%', '59s', '1m 00s', '1.23k', '$1.50', '1 failed']);
});

describe('success', () => {
  it.each([
    [{ succeeded: 1, needs_human_review: 1 }, '100%'],
    [{ needs_human_review: 1, failed: 1 }, '50%'],
    [{ succeeded: 1, cancelled: 5, interrupted: 2 }, '100%'],
    [{ failed: 1, cancelled: 1 }, '0%'],
    [{ succeeded: 1, blocked: 1, timed_out: 1, stalled: 1 }, '25%'],
    [{ cancelled: 1, interrupted: 1 }, ''],
  ])('of %j is %j', (byStatus, shown) => {
    const runs = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
    expect(statsCells(row({ runs, byStatus }))[1]).toBe(shown);
  });
});

describe('cost', () => {
  it.each([
    [{ unpricedRuns: 4, costUsd: 0 }, ''],
    [{ unpricedRuns: 1 }, '$1.50+?'],
    [{ unpricedRuns: 1, costEstimated: true }, '≈ $1.50+?'],
    [{ unpricedRuns: 0, costUsd: 0 }, '$0.00'],
  ])('of %j is %j', (over, shown) => {
    expect(statsCells(row(over))[5]).toBe(shown);
  });
});
