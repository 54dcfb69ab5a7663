// Whether an issue may have another run at all: sessions and budget of its own. One that has used them up is parked
// before anything is started; an operator's word gives it fresh ones.

import type { StoredPark } from '../contract/index.ts';
import { describeLimit, issueLimitReached, scopeOf } from './budgets.ts';
import { park } from './claims.ts';
import { putSessionsUsed, putSpending, rememberIssue } from './memory.ts';
import type { Orders } from './orders.ts';
import { NOTHING_SPENT } from './spending.ts';
import type { Claim } from './state.ts';

/** True: it was parked. */
export function parkedForAllowance(orders: Orders, claim: Claim): boolean {
  const { state } = orders;
  const limit = state.settings.agent.maxSessions;
  const used = state.memory.get(claim.issueId)?.sessionsUsed ?? 0;
  if (limit > 0 && used >= limit) {
    park(orders, claim, {
      reason: 'max_sessions',
      detail: `${used} of ${limit} sessions used (agent.max_sessions)`,
    });
    return true;
  }
  const crossed = issueLimitReached(state, claim.issueId);
  if (crossed === null) return false;
  park(orders, claim, { reason: 'budget', detail: describeLimit(crossed), crossed });
  return true;
}

/** A person wants it to run: whatever of its own would only park it again is given anew. */
export function renewUsedUp(orders: Orders, claim: Claim): void {
  const { state } = orders;
  const { maxSessions } = state.settings.agent;
  if (maxSessions > 0 && (state.memory.get(claim.issueId)?.sessionsUsed ?? 0) >= maxSessions) {
    putSessionsUsed(orders, claim, 0);
  }
  if (issueLimitReached(state, claim.issueId) !== null) renewSpending(orders, claim);
}

/** A person ends the park: what the issue itself has used up is given anew. */
export function renewAllowance(orders: Orders, claim: Claim, { reason, crossed }: StoredPark): void {
  if (reason === 'max_sessions') putSessionsUsed(orders, claim, 0);
  if (reason === 'budget' && crossed !== null && scopeOf(crossed) === 'issue') renewSpending(orders, claim);
}

function renewSpending(orders: Orders, claim: Claim): void {
  rememberIssue(orders, claim, { spending: NOTHING_SPENT });
  putSpending(orders, claim);
}
