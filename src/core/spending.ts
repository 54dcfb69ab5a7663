// What one report of usage adds to whom: the run, the session, the issue and the day. Arithmetic only. An agent that
// reports its cost speaks for everything since its last report in the same turn, so its figure takes the place of what
// was estimated meanwhile. A turn that ended without a report is never reported later: its estimate stays. No figure
// ever goes below 0.

import type { Spending, StoredSessionUsage, TokenRates, TokenTotals, TokenUsage } from '../contract/index.ts';

export interface RunSpending {
  readonly tokens: TokenTotals;
  /** null = neither reported nor estimated so far. */
  readonly costUsd: number | null;
  /** A part of the figure is an estimate. */
  readonly costEstimated: boolean;
  /** A part of it will stay one: its turn or its session is over, and with it whoever could report the truth. */
  readonly keepsEstimate: boolean;
}

export interface Books {
  readonly run: RunSpending;
  /** Of the session that reports. */
  readonly session: StoredSessionUsage;
  readonly issue: Spending;
  readonly day: Spending;
}

const NO_TOKENS: TokenTotals = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };
export const NOTHING_SPENT: Spending = { ...NO_TOKENS, costUsd: 0 };
export const UNUSED_SESSION: StoredSessionUsage = { ...NO_TOKENS, reportedCostUsd: 0, pendingCostUsd: 0 };
export const NOTHING_RUN: RunSpending = {
  tokens: NO_TOKENS,
  costUsd: null,
  costEstimated: false,
  keepsEstimate: false,
};

/** @param rates of the run's agent kind; without them, what is not reported costs nothing that we know of. */
export function account(books: Books, usage: TokenUsage, rates: TokenRates | undefined): Books {
  const { session } = books;
  const reported = usage.costUsd;
  const estimate = reported === null ? estimateUsd(usage, rates) : null;
  const change = reported === null ? (estimate ?? 0) : reported - session.pendingCostUsd;
  return {
    run: {
      ...books.run,
      tokens: addTokens(books.run.tokens, usage),
      costUsd:
        reported === null && estimate === null
          ? books.run.costUsd
          : Math.max(0, (books.run.costUsd ?? 0) + change),
      costEstimated: isEstimated(books.run, reported, estimate),
    },
    session: {
      ...addTokens(session, usage),
      reportedCostUsd: session.reportedCostUsd + (reported ?? 0),
      pendingCostUsd: reported === null ? session.pendingCostUsd + (estimate ?? 0) : 0,
    },
    issue: spend(books.issue, usage, change),
    day: spend(books.day, usage, change),
  };
}

/** What was estimated so far will not be reported any more: a new turn has begun. */
export function keepEstimate({
  run,
  session,
}: Pick<Books, 'run' | 'session'>): Pick<Books, 'run' | 'session'> {
  return {
    run: { ...run, keepsEstimate: run.costEstimated },
    session: { ...session, pendingCostUsd: 0 },
  };
}

export function addTokens(totals: TokenTotals, more: TokenTotals): TokenTotals {
  return {
    inputTokens: totals.inputTokens + more.inputTokens,
    outputTokens: totals.outputTokens + more.outputTokens,
    cacheReadTokens: totals.cacheReadTokens + more.cacheReadTokens,
  };
}

/** null = there are no rates for this agent. A rate that is missing counts as nothing. */
export function estimateUsd(usage: TokenUsage, rates: TokenRates | undefined): number | null {
  if (rates === undefined) return null;
  const written = Math.min(usage.cacheWriteTokens ?? 0, usage.inputTokens);
  const parts: readonly (readonly [number, number | undefined])[] = [
    [usage.inputTokens - written, rates.inputPerMtok],
    [written, rates.cacheWritePerMtok ?? rates.inputPerMtok],
    [usage.outputTokens, rates.outputPerMtok],
    [usage.cacheReadTokens, rates.cacheReadPerMtok],
  ];
  return parts.reduce((sum, [tokens, rate]) => sum + (tokens * (rate ?? 0)) / 1_000_000, 0);
}

function isEstimated(run: RunSpending, reported: number | null, estimate: number | null): boolean {
  if (reported !== null) return run.keepsEstimate;
  return run.costEstimated || estimate !== null;
}

function spend(before: Spending, usage: TokenUsage, changeUsd: number): Spending {
  return { ...addTokens(before, usage), costUsd: Math.max(0, before.costUsd + changeUsd) };
}
