// What the rows that are shown add up to.
import { expect, it } from 'vitest';
import { addTotals, NO_TOTALS } from '../../../src/dashboard/history/history-totals.ts';
import { aRun } from './runs.ts';

it('adds pages up, and tells estimates and unknown prices from the rest', () => {
  const first = addTotals(NO_TOTALS, [aRun(1), aRun(2, { status: 'failed', cost_usd: null })]);
  const both = addTotals(first, [aRun(3, { cost_usd: 0.5, cost_estimated: true, completed_at: null })]);
  expect(both).toEqual({
    runs: 3,
    succeeded: 2,
    seconds: 120,
    tokens: 36,
    costUsd: 1.5,
    isEstimated: true,
    unpriced: 1,
  });
});
