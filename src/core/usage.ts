// An agent has used something: it is added to its run, session, issue and day, and whoever is over a limit of
// `agent.budget` is stopped at once. A day that is used up stops everybody.

import type { CrossedLimit, TokenUsage } from '../contract/index.ts';
import { dayLimitReached, describeLimit, issueLimitReached, runLimitReached } from './budgets.ts';
import { stopRun } from './claims.ts';
import { dayAt, endOfDayMs } from './days.ts';
import { isRemembered, rememberIssue } from './memory.ts';
import type { Orders } from './orders.ts';
import { noteUnsaved, saveProgress } from './progress-saves.ts';
import { account, keepEstimate, NOTHING_SPENT } from './spending.ts';
import type { Claim, CoreState, Crossing, Run } from './state.ts';

export function onUsage(orders: Orders, claim: Claim, run: Run, usage: TokenUsage): void {
  const { state, now } = orders;
  const { tokenRates } = state.settings;
  const { tokens, costUsd, costEstimated, keepsEstimate } = run;
  const day = dayAt(state.day, now.atMs);
  const books = account(
    {
      run: { tokens, costUsd, costEstimated, keepsEstimate },
      session: run.sessionUsage,
      issue: state.memory.get(claim.issueId)?.spending ?? NOTHING_SPENT,
      day,
    },
    usage,
    Object.hasOwn(tokenRates, run.agentKind) ? tokenRates[run.agentKind] : undefined,
  );
  run.tokens = books.run.tokens;
  run.costUsd = books.run.costUsd;
  run.costEstimated = books.run.costEstimated;
  run.sessionUsage = books.session;
  const remembered = isRemembered(state, claim.issueId, run);
  rememberIssue(orders, claim, {
    spending: books.issue,
    ...(remembered ? { sessionUsage: books.session } : {}),
  });
  state.day = { ...books.day, day: day.day };
  noteUnsaved(orders, run);
  stopAtLimits(orders, claim, run);
}

/** A new turn: what the last one has not reported stays an estimate, because nobody will report it any more. */
export function settleEstimates(orders: Orders, claim: Claim, run: Run): void {
  if (run.sessionUsage.pendingCostUsd === 0) return;
  const remembered = isRemembered(orders.state, claim.issueId, run);
  const { tokens, costUsd, costEstimated, keepsEstimate } = run;
  const kept = keepEstimate({
    run: { tokens, costUsd, costEstimated, keepsEstimate },
    session: run.sessionUsage,
  });
  run.keepsEstimate = kept.run.keepsEstimate;
  run.sessionUsage = kept.session;
  if (remembered) rememberIssue(orders, claim, { sessionUsage: kept.session });
  noteUnsaved(orders, run);
}

/** What would stand in the way of another run of this issue; null = nothing. */
export function crossingBeforeRun(state: CoreState, issueId: string, atMs: number): Crossing | null {
  const issue = issueLimitReached(state, issueId);
  return issue !== null ? crossingOf(issue) : dayCrossing(state, atMs);
}

export function crossingOf(crossed: CrossedLimit): Crossing {
  return { crossed, untilMs: null };
}

/** What lasts longest is named: the issue's limit, the run's, the day's. */
function stopAtLimits(orders: Orders, claim: Claim, run: Run): void {
  const { state, now } = orders;
  const { budget } = state.settings.agent;
  const own = issueLimitReached(state, claim.issueId) ?? runLimitReached(budget, run);
  let stopped = own !== null && stopFor(orders, claim, run, crossingOf(own));
  const day = dayCrossing(state, now.atMs);
  if (day !== null) {
    for (const other of state.claims.values()) {
      if (other.stage.kind !== 'running') continue;
      stopped = stopFor(orders, other, other.stage.run, day) || stopped;
    }
  }
  // A daemon that dies before these runs have ended must not give them the same allowance again.
  if (stopped) saveProgress(orders);
}

function dayCrossing(state: CoreState, atMs: number): Crossing | null {
  const crossed = dayLimitReached(state, atMs);
  return crossed === null ? null : { crossed, untilMs: endOfDayMs(dayAt(state.day, atMs).day) };
}

function stopFor(orders: Orders, claim: Claim, run: Run, crossing: Crossing): boolean {
  if (run.stopping !== null) return false;
  run.crossing = crossing;
  stopRun(orders, claim, run, 'budget', describeLimit(crossing.crossed));
  return true;
}
