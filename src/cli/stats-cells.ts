// One row of `sortie stats` for people. What cannot be known is left empty: a rate of no runs is not 0 %, and a cost that
// nobody told is not $0.00.

import type { StatsRow } from '../contract/observation.ts';
import { duration, money, tokens } from './table.ts';

/** Runs, success, P50, P95, tokens, cost, and how many ended otherwise than `succeeded`. */
export function statsCells(row: StatsRow): string[] {
  return [
    String(row.runs),
    successOf(row),
    duration(row.secondsP50 * 1000),
    duration(row.secondsP95 * 1000),
    tokens(row.tokens.inputTokens + row.tokens.outputTokens),
    costOf(row),
    Object.entries(row.byStatus)
      .filter(([status]) => status !== 'succeeded')
      .map(([status, count]) => `${count} ${status}`)
      .join(', '),
  ];
}

/** As the contract has it; "" = none that anybody judged. */
function successOf({ runs, byStatus }: StatsRow): string {
  const judged = runs - (byStatus.cancelled ?? 0) - (byStatus.interrupted ?? 0);
  const good = (byStatus.succeeded ?? 0) + (byStatus.needs_human_review ?? 0);
  return judged === 0 ? '' : `${Math.round((100 * good) / judged)}%`;
}

/** `+?` = some runs cost something, and nobody knows what. */
function costOf({ runs, unpricedRuns, costUsd, costEstimated }: StatsRow): string {
  if (unpricedRuns === runs) return '';
  return `${money(costUsd, costEstimated)}${unpricedRuns === 0 ? '' : '+?'}`;
}
