// What the rows that are shown add up to.
import { expect, it } from 'vitest';
import { addTotals, NO_TOTALS } from '../../../src/dashboard/history/history-totals.ts';
import { successRate } from '../../../src/dashboard/run-status.ts';
import { aRun } from './runs.ts';

it('adds pages up, and tells estimates and unknown prices from the rest', () => {
  const first = addTotals(NO_TOTALS, [aRun(1), aRun(2, { status: 'failed', cost_usd: null })]);
  const both = addTotals(first, [aRun(3, { cost_usd: 0.5, cost_estimated: true, completed_at: null })]);
  expect(both).toEqual({
    runs: 3,
    judged: { good: 2, judged: 3 },
    seconds: 120,
    timed: 2,
    tokens: 36,
    costUsd: 1.5,
    isEstimated: true,
    unpriced: 1,
  });
});

it('adds up how long agents ran, not how long it was from start to end', () => {
  const { seconds, timed } = addTotals(NO_TOTALS, [aRun(1, { seconds_running: 7 }), aRun(2)]);
  expect([seconds, timed]).toEqual([67, 2]);
});

it('counts as success what the charts count, and no run that nobody judged', () => {
  const statuses = ['succeeded', 'needs_human_review', 'failed', 'blocked', 'cancelled', 'interrupted'];
  const { judged } = addTotals(
    NO_TOTALS,
    statuses.map((status, index) => aRun(index, { status })),
  );
  expect(successRate(judged)).toBe(50);
  expect(successRate(addTotals(NO_TOTALS, [aRun(1, { status: 'cancelled' })]).judged)).toBeNull();
});
