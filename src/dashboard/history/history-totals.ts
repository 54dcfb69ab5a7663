// What the rows that are shown add up to. Pure; sums are kept up by adding pages, never by reading all rows again.

import { judge, NONE_JUDGED, type Judged } from '../run-status.ts';
import { secondsOf } from '../run-time.ts';
import type { HistoryRun } from '../wire.ts';

export interface Totals {
  readonly runs: number;
  readonly judged: Judged;
  /** How long agents ran, in runs that have ended. */
  readonly seconds: number;
  /** Runs that `seconds` is made of. */
  readonly timed: number;
  readonly tokens: number;
  readonly costUsd: number;
  /** Some of the cost is an estimate. */
  readonly isEstimated: boolean;
  /** Runs whose cost nobody knows. */
  readonly unpriced: number;
}

export const NO_TOTALS: Totals = {
  runs: 0,
  judged: NONE_JUDGED,
  seconds: 0,
  timed: 0,
  tokens: 0,
  costUsd: 0,
  isEstimated: false,
  unpriced: 0,
};

export function addTotals(totals: Totals, runs: readonly HistoryRun[]): Totals {
  let { judged, seconds, timed, tokens, costUsd, isEstimated, unpriced } = totals;
  for (const run of runs) {
    judged = judge(judged, run.status);
    const ran = secondsOf(run);
    if (ran !== null) timed += 1;
    seconds += ran ?? 0;
    tokens += run.tokens.total_tokens;
    if (run.cost_usd === null) unpriced += 1;
    else costUsd += run.cost_usd;
    isEstimated ||= run.cost_estimated && run.cost_usd !== null;
  }
  return { runs: totals.runs + runs.length, judged, seconds, timed, tokens, costUsd, isEstimated, unpriced };
}
