// Handing finished work to people: the transition to `tracker.handoff_state`. It is pending in the store from
// the moment the run ends, so a crash never repeats the agent's work for want of a transition.

import type { Issue, RetryStep, StoredRetry, TrackerErrorKind, TrackerFailure } from '../contract/index.ts';
import { backoffMs } from './backoff.ts';
import { learn, park, queueRetry, release, clean, requeueAfterFailedLook, retryOf } from './claims.ts';
import { commentOnCompletion } from './comments.ts';
import { isActive, isTerminal, sameState } from './eligibility.ts';
import { fingerprintOf, sameIssue } from './fingerprint.ts';
import { noteHandedOff } from './handoff-limit.ts';
import { invariant } from './invariant.ts';
import { order, orderAfterSave, tellOf, write, type Orders } from './orders.ts';
import { readBaseline, writesUnderWay } from './parking.ts';
import type { Claim, Handoff, Run } from './state.ts';

const REFUSALS_UNTIL_PARK = 3;

/** Refusals that no repetition will cure by itself; the rest may pass. */
const REFUSES: ReadonlySet<TrackerErrorKind> = new Set<TrackerErrorKind>([
  'tracker_auth_error',
  'tracker_not_found',
  'tracker_payload_error',
]);

/** What is due starts no agent. */
export function owesHandoff({ step }: Pick<StoredRetry, 'step'>): boolean {
  return step === 'handoff' || step === 'review';
}

/** The run has ended well: note the pending handoff, then move the issue. */
export function beginHandoff(orders: Orders, claim: Claim, handoff: Handoff, run: Run): void {
  claim.stage = { kind: 'handing_off', handoff, run, sinceMs: orders.now.atMs };
  write(orders, { kind: 'put_retry', retry: pendingHandoff(orders, claim, handoff) });
  transition(orders, claim);
}

/** A handoff that is still owed: look first, since a person may have moved the issue meanwhile. */
export function lookBeforeHandoff(orders: Orders, claim: Claim, retry: StoredRetry): void {
  const handoff: Handoff = {
    onRefusal: retry.step === 'review' ? 'park' : 'retry',
    refusals: retry.refusals,
    failures: retry.lookFailures,
  };
  claim.stage = { kind: 'handing_off', handoff, run: null, sinceMs: orders.now.atMs };
  lookAgainBeforeHandoff(orders, claim, retry);
}

export function lookAgainBeforeHandoff(orders: Orders, claim: Claim, retry: StoredRetry): void {
  order(
    orders,
    { kind: 'fetch_issue', issueId: claim.issueId },
    { kind: 'handoff_look', issueId: claim.issueId, retry },
  );
}

export function onHandoffLooked(orders: Orders, claim: Claim, retry: StoredRetry, issue: Issue | null): void {
  const { settings } = orders.state;
  if (issue === null) {
    release(orders, claim, 'not found');
    return;
  }
  learn(claim, issue);
  if (isTerminal(issue.state, settings)) clean(orders, claim, null);
  else if (settings.tracker.handoffState !== '' && sameState(issue.state, settings.tracker.handoffState)) {
    // The answer to an earlier try was lost, or a person was quicker.
    onHandedOff(orders, claim);
  } else if (!isActive(issue.state, settings)) release(orders, claim, 'not active');
  else if (settings.tracker.handoffState === '') restartAgent(orders, claim, retry);
  else if (retry.baseline !== null && !sameIssue(retry.baseline, fingerprintOf(issue))) {
    restartAgent(orders, claim, retry);
  } else transition(orders, claim);
}

export function onHandoffLookFailed(
  orders: Orders,
  claim: Claim,
  retry: StoredRetry,
  failure: TrackerFailure,
): void {
  requeueAfterFailedLook(orders, claim, retry, {
    message: failure.message,
    retryAfterMs: failure.retryAfterMs ?? 0,
  });
}

export function onHandedOff(orders: Orders, claim: Claim): void {
  noteHandedOff(orders);
  tellOf(orders, claim, { kind: 'handed_off', toState: orders.state.settings.tracker.handoffState });
  commentOnCompletion(orders, claim);
  release(orders, claim, 'handed off');
}

export function onHandoffFailed(orders: Orders, claim: Claim, failure: TrackerFailure): void {
  if (claim.stage.kind !== 'handing_off') return;
  const { handoff } = claim.stage;
  tellOf(orders, claim, { kind: 'handoff_failed', message: failure.message });
  if (handoff.onRefusal === 'park') {
    claim.attempt += 1;
    park(orders, claim, { reason: 'needs_human_review', detail: failure.message });
    readBaseline(orders, claim);
    return;
  }
  const refusals = handoff.refusals + (REFUSES.has(failure.kind) ? 1 : 0);
  if (refusals >= REFUSALS_UNTIL_PARK) {
    park(orders, claim, { reason: 'handoff_failed', detail: failure.message });
    readBaseline(orders, claim);
    return;
  }
  const failures = handoff.failures + 1;
  const delayMs = Math.max(
    failure.retryAfterMs ?? 0,
    backoffMs(failures, orders.state.settings.agent.maxRetryBackoffMs),
  );
  queueRetry(orders, claim, {
    trigger: 'continuation',
    step: 'handoff',
    delayMs,
    error: failure.message,
    refusals,
    lookFailures: failures,
  });
  readHandoffBaseline(orders, claim);
}

/** Also after each write of ours, because our own comment is not a person's change. */
export function readHandoffBaseline(orders: Orders, claim: Claim): void {
  if (orders.state.mode !== 'running' || claim.stage.kind !== 'retry_queued') return;
  const { retry } = claim.stage;
  if (!owesHandoff(retry) || writesUnderWay(orders.state, claim.issueId)) return;
  order(
    orders,
    { kind: 'fetch_issue', issueId: claim.issueId },
    { kind: 'handoff_baseline', issueId: claim.issueId, retry },
  );
}

/** A write of ours is about to change the issue: that is no reason to start the agent anew, not even after a crash. */
export function forgetHandoffBaseline(orders: Orders, claim: Claim): void {
  const { stage } = claim;
  if (stage.kind === 'retry_queued') {
    if (stage.retry.baseline === null) return;
    const retry: StoredRetry = { ...stage.retry, baseline: null };
    claim.stage = { ...stage, retry };
    write(orders, { kind: 'put_retry', retry });
    return;
  }
  if (stage.kind !== 'handing_off') return;
  const { pending } = orders.state;
  for (const [effectId, one] of pending) {
    if (one.kind !== 'handoff_look' || one.issueId !== claim.issueId) continue;
    if (one.retry.baseline === null) return;
    const retry: StoredRetry = { ...one.retry, baseline: null };
    pending.set(effectId, { ...one, retry });
    write(orders, { kind: 'put_retry', retry });
    return;
  }
  // Looked at already, and being moved: what is stored is from before the look. A first try has stored none.
  if (stage.run === null) {
    write(orders, { kind: 'put_retry', retry: pendingHandoff(orders, claim, stage.handoff) });
  }
}

/** What "unchanged" will mean when the handoff is tried again. */
export function onHandoffBaseline(
  orders: Orders,
  claim: Claim,
  asked: StoredRetry,
  issue: Issue | null,
): void {
  if (claim.stage.kind !== 'retry_queued' || claim.stage.retry !== asked || issue === null) return;
  learn(claim, issue);
  const retry: StoredRetry = { ...asked, baseline: fingerprintOf(issue) };
  claim.stage = { ...claim.stage, retry };
  write(orders, { kind: 'put_retry', retry });
}

function transition(orders: Orders, claim: Claim): void {
  const { tracker } = orders.state.settings;
  const { issue, stage } = claim;
  invariant(issue !== null && stage.kind === 'handing_off', `${claim.identifier} has nothing to hand off`);
  orderAfterSave(
    orders,
    {
      kind: 'transition_issue',
      issue,
      runId: stage.run?.runId ?? null,
      toState: tracker.handoffState,
      from: tracker.activeStates,
    },
    { kind: 'handoff', issueId: claim.issueId },
  );
}

/** A person changed the issue while its handoff was owed: the agent takes it into account. */
function restartAgent(orders: Orders, claim: Claim, retry: StoredRetry): void {
  claim.attempt = retry.attempt + 1;
  queueRetry(orders, claim, { trigger: 'continuation', delayMs: 0, error: '' });
}

function pendingHandoff(orders: Orders, claim: Claim, handoff: Handoff): StoredRetry {
  return retryOf(orders, claim, {
    trigger: 'continuation',
    delayMs: 0,
    error: '',
    step: stepOf(handoff.onRefusal),
    refusals: handoff.refusals,
    lookFailures: handoff.failures,
  });
}

export function stepOf(onRefusal: Handoff['onRefusal']): RetryStep {
  return onRefusal === 'park' ? 'review' : 'handoff';
}
