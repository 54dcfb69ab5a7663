// What the rows that are shown add up to. Pure; sums are kept up by adding pages, never by reading all rows again.

import type { HistoryRun } from '../wire.ts';

export interface Totals {
  readonly runs: number;
  readonly succeeded: number;
  /** Of runs that have ended. */
  readonly seconds: number;
  readonly tokens: number;
  readonly costUsd: number;
  /** Some of the cost is an estimate. */
  readonly isEstimated: boolean;
  /** Runs whose cost nobody knows. */
  readonly unpriced: number;
}

export const NO_TOTALS: Totals = {
  runs: 0,
  succeeded: 0,
  seconds: 0,
  tokens: 0,
  costUsd: 0,
  isEstimated: false,
  unpriced: 0,
};

const SUCCESSES = new Set(['succeeded', 'needs_human_review']);

export function addTotals(totals: Totals, runs: readonly HistoryRun[]): Totals {
  let { succeeded, seconds, tokens, costUsd, isEstimated, unpriced } = totals;
  for (const run of runs) {
    if (SUCCESSES.has(run.status ?? '')) succeeded += 1;
    seconds += secondsOf(run) ?? 0;
    tokens += run.tokens.total_tokens;
    if (run.cost_usd === null) unpriced += 1;
    else costUsd += run.cost_usd;
    isEstimated ||= run.cost_estimated && run.cost_usd !== null;
  }
  return { runs: totals.runs + runs.length, succeeded, seconds, tokens, costUsd, isEstimated, unpriced };
}

/** null while it runs. */
export function secondsOf({ started_at, completed_at }: HistoryRun): number | null {
  if (completed_at === null) return null;
  return Math.max(0, (Date.parse(completed_at) - Date.parse(started_at)) / 1000);
}
