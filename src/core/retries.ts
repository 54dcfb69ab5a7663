// Retries whose time has come. One that finds no slot stays queued, attempt unchanged, and takes the next free
// slot before any new candidate. While the preflight fails none is started, as no candidate is. A retry of the
// handoff alone needs neither: it starts no agent.

import type { PauseEntry, StoredRetry } from '../contract/index.ts';
import { armRetry, park } from './claims.ts';
import { lookBeforeHandoff, owesHandoff } from './handoff.ts';
import type { Orders } from './orders.ts';
import { isForQuota, pauseOf, waitingFor } from './pauses.ts';
import { checkRetry } from './run-start.ts';
import { countSlots, holdsSlot, NO_SLOT, refusalOf, take } from './slots.ts';
import type { Claim } from './state.ts';

interface Waiting {
  readonly claim: Claim;
  readonly retry: StoredRetry;
}

const PREFLIGHT_FAILS = 'nothing is started while the preflight fails';

export function onRetryDue(orders: Orders, claim: Claim): void {
  const { state, now } = orders;
  if (claim.stage.kind !== 'retry_queued') return;
  const { retry } = claim.stage;
  const notBeforeMs = Math.max(retry.dueAtMs, state.trackerNotBeforeMs);
  if (now.atMs < notBeforeMs) {
    armRetry(orders, claim, notBeforeMs);
    return;
  }
  if (owesHandoff(retry)) {
    lookBeforeHandoff(orders, claim, retry);
    return;
  }
  if (state.preflightProblems.length > 0) {
    waitForSlot(claim, PREFLIGHT_FAILS);
    return;
  }
  const pause = pauseOf(state, now.atMs);
  if (pause !== null) {
    waitForPause(orders, claim, retry, pause);
    return;
  }
  if (state.storeFailing || refusalOf(countSlots(state), claim.issue?.state ?? '') !== null) {
    waitForSlot(claim, NO_SLOT);
    return;
  }
  checkRetry(orders, claim, retry);
}

/** Gives free slots to the retries that wait for one, longest overdue first. */
export function startWaitingRetries(orders: Orders): void {
  const { state } = orders;
  if (state.storeFailing || state.mode !== 'running' || orders.now.atMs < state.trackerNotBeforeMs) return;
  if (state.preflightProblems.length > 0) return;
  const waiting: Waiting[] = [];
  for (const claim of state.claims.values()) {
    if (claim.stage.kind === 'retry_queued' && claim.stage.waitsForSlot) {
      waiting.push({ claim, retry: claim.stage.retry });
    }
  }
  if (waiting.length === 0) return;
  let pause = pauseOf(state, orders.now.atMs);
  waiting.sort(byTurn);
  const slots = countSlots(state);
  for (const { claim, retry } of waiting) {
    if (pause !== null) {
      waitForPause(orders, claim, retry, pause);
      continue;
    }
    const issueState = claim.issue?.state ?? '';
    if (refusalOf(slots, issueState) !== null) {
      waitForSlot(claim, NO_SLOT);
      continue;
    }
    checkRetry(orders, claim, retry);
    if (!holdsSlot(claim)) continue;
    take(slots, issueState);
    // While the breaker is open, the first one keeps the others back.
    pause = pauseOf(state, orders.now.atMs);
  }
}

/** What an operator has ordered comes first. */
function byTurn(a: Waiting, b: Waiting): number {
  const rank = ({ retry }: Waiting): number => (retry.step === 'ordered' ? 0 : 1);
  return (
    rank(a) - rank(b) || a.retry.dueAtMs - b.retry.dueAtMs || (a.claim.issueId < b.claim.issueId ? -1 : 1)
  );
}

/** Where the time is known it waits for that, parked; otherwise until the pause is over. Attempt unchanged. */
function waitForPause(orders: Orders, claim: Claim, retry: StoredRetry, pause: PauseEntry): void {
  // A park would forget that it was ordered.
  if (isForQuota(pause) && retry.step !== 'ordered') {
    park(orders, claim, { reason: 'quota', detail: pause.detail, untilMs: pause.untilMs });
  } else waitForSlot(claim, waitingFor(pause));
}

/** It is stored already, and why it waits is not: nothing is written, however often that changes. */
function waitForSlot(claim: Claim, waiting: string): void {
  const { stage } = claim;
  if (stage.kind === 'retry_queued') claim.stage = { ...stage, waitsForSlot: true, waiting };
}

/** For people: why it waits, and what went wrong before. "" = neither. */
export function errorShown({ retry, waiting }: Extract<Claim['stage'], { kind: 'retry_queued' }>): string {
  const { error } = retry;
  if (waiting === '' || error === '' || error === waiting) return waiting || error;
  return `${waiting}; after: ${error}`;
}
