// From "this one next" to a running worker: the by-id check that holds claim and slot, and the durable run row
// before the start. Index lag, a person's last-minute change and a shutdown are all caught here.

import type { Issue, StoredRetry, TrackerFailure, Verdict } from '../contract/index.ts';
import { parkedForAllowance } from './allowance.ts';
import { drop, learn, newClaim, park, release, requeueAfterFailedLook, clean, retryOf } from './claims.ts';
import { isTerminal, judge } from './eligibility.ts';
import { invariant } from './invariant.ts';
import { sessionToResume } from './memory.ts';
import { order, orderAfterSave, tellOf, write, type Orders } from './orders.ts';
import { isForQuota, pauseOf, verdictOf, waitingFor } from './pauses.ts';
import { record } from './verdicts.ts';
import { countSlots, NO_SLOT, refusalOf } from './slots.ts';
import { newRun, usageOf } from './new-run.ts';
import type { Claim } from './state.ts';

/** Claims an unclaimed candidate and looks at it once more. */
export function checkCandidate(orders: Orders, issue: Issue): void {
  const claim = newClaim(issue);
  orders.state.claims.set(issue.id, claim);
  if (parkedForAllowance(orders, claim)) return;
  check(orders, claim, null);
}

/** A due retry has a slot: look at it, then start it. */
export function checkRetry(orders: Orders, claim: Claim, retry: StoredRetry): void {
  if (parkedForAllowance(orders, claim)) return;
  check(orders, claim, retry);
}

export function onChecked(orders: Orders, claim: Claim, issue: Issue | null): void {
  const queued = checkingStage(claim).queued;
  if (issue === null) {
    refuse(orders, claim, 'not_found', '');
    return;
  }
  learn(claim, issue);
  const { verdict, detail } = judge(issue, orders.state.settings);
  if (verdict !== 'eligible') {
    refuse(orders, claim, verdict, detail);
    return;
  }
  if (orders.state.storeFailing) {
    giveBack(orders, claim, queued);
    return;
  }
  // Both may have changed since the question was asked.
  if (parkedForAllowance(orders, claim) || heldBack(orders, claim, issue)) return;
  // The slot was taken for the state that the list showed, or for none at all after a restart.
  const noSlot = refusalOf(countSlots(orders.state, claim), issue.state);
  if (noSlot !== null) {
    tellOf(orders, claim, { kind: 'dispatch_refused', verdict: noSlot, detail: issue.state });
    giveBack(orders, claim, queued === null ? null : { ...queued, error: NO_SLOT });
    return;
  }
  start(orders, claim, issue);
}

export function onCheckFailed(orders: Orders, claim: Claim, failure: TrackerFailure): void {
  const queued = checkingStage(claim).queued;
  tellOf(orders, claim, { kind: 'dispatch_failed', message: failure.message });
  if (queued === null) drop(orders, claim);
  else {
    requeueAfterFailedLook(orders, claim, queued, {
      message: failure.message,
      retryAfterMs: failure.retryAfterMs ?? 0,
    });
  }
}

/** The run row could not be made durable, so nothing was started. */
export function onStartCancelled(orders: Orders, claim: Claim, message: string): void {
  tellOf(orders, claim, { kind: 'dispatch_failed', message });
  const run = claim.stage.kind === 'running' ? claim.stage.run : null;
  if (run === null) return;
  // The failed write may still go through later: the row must not look like a run in flight.
  write(orders, {
    kind: 'run_ended',
    runId: run.runId,
    status: 'interrupted',
    error: message,
    evidence: '',
    completedAtMs: orders.now.atMs,
    secondsRunning: 0,
    turns: 0,
    tokens: run.tokens,
    costUsd: null,
    costEstimated: false,
  });
  const queued = retryOf(orders, claim, { trigger: 'timer', delayMs: 0, error: message });
  requeueAfterFailedLook(orders, claim, queued, { message, retryAfterMs: 0 });
}

function check(orders: Orders, claim: Claim, queued: StoredRetry | null): void {
  const { atMs, monotonicMs } = orders.now;
  claim.stage = { kind: 'checking', queued, sinceMs: atMs, sinceMonotonicMs: monotonicMs };
  order(orders, { kind: 'fetch_issue', issueId: claim.issueId }, { kind: 'check', issueId: claim.issueId });
}

function start(orders: Orders, claim: Claim, issue: Issue): void {
  const { state, now } = orders;
  const runId = now.uuid;
  const known = state.memory.get(claim.issueId);
  const sessionId = sessionToResume(state, claim.issueId);
  const checking = checkingStage(claim);
  const run = newRun(orders, runId, sessionId, known?.sessionUsage ?? null);
  run.phaseSinceMonotonicMs = checking.sinceMonotonicMs;
  const hadRetry = checking.queued !== null;
  claim.stage = { kind: 'running', run };
  if (hadRetry) write(orders, { kind: 'delete_retry', issueId: claim.issueId });
  write(orders, {
    kind: 'run_started',
    runId,
    issueId: claim.issueId,
    identifier: claim.identifier,
    title: claim.title,
    attempt: claim.attempt,
    failures: claim.failures,
    agentKind: run.agentKind,
    sessionId,
    startedAtMs: now.atMs,
    issueState: issue.state,
    issueLabels: issue.labels,
    issueUrl: issue.url,
  });
  const effectId = orderAfterSave(
    orders,
    {
      kind: 'start_run',
      spec: {
        runId,
        issue,
        attempt: claim.attempt,
        agentKind: run.agentKind,
        resumeSessionId: sessionId,
        sessionUsage: sessionId === null ? null : usageOf(run),
        emptyRuns: known?.emptyRuns ?? 0,
        recordedWorkspacePath: known?.workspacePath ?? null,
      },
    },
    { kind: 'start', issueId: claim.issueId, runId },
  );
  state.runs.set(runId, { issueId: claim.issueId, effectId });
  tellOf(orders, claim, { kind: 'dispatched', state: issue.state });
}

function refuse(orders: Orders, claim: Claim, verdict: Verdict | 'not_found', detail: string): void {
  tellOf(orders, claim, { kind: 'dispatch_refused', verdict, detail });
  if (claim.issue !== null && verdict !== 'not_found') record(orders, claim.issue, verdict, detail);
  if (claim.issue !== null && isTerminal(claim.issue.state, orders.state.settings))
    clean(orders, claim, null);
  else release(orders, claim, verdict);
}

/** Back to the queue, attempt unchanged: its time has come. A candidate is one again at the next tick. */
function giveBack(orders: Orders, claim: Claim, queued: StoredRetry | null): void {
  const before = checkingStage(claim).queued;
  if (queued === null) {
    drop(orders, claim);
    return;
  }
  if (queued !== before) write(orders, { kind: 'put_retry', retry: queued });
  // Whatever frees a slot, a store that can be written again, and every tick start those who wait.
  claim.stage = { kind: 'retry_queued', retry: queued, waitsForSlot: true, sinceMs: orders.now.atMs };
}

/** No run is started now, whatever this issue says. True: the claim has moved on. */
function heldBack(orders: Orders, claim: Claim, issue: Issue): boolean {
  const pause = pauseOf(orders.state, orders.now.atMs);
  if (pause === null) return false;
  const { queued } = checkingStage(claim);
  const { verdict, detail } = verdictOf(pause);
  tellOf(orders, claim, { kind: 'dispatch_refused', verdict, detail });
  record(orders, issue, verdict, detail);
  if (queued !== null && isForQuota(pause)) {
    park(orders, claim, { reason: 'quota', detail: pause.detail, untilMs: pause.untilMs });
  } else giveBack(orders, claim, queued === null ? null : { ...queued, error: waitingFor(pause) });
  return true;
}

function checkingStage(claim: Claim): Extract<Claim['stage'], { kind: 'checking' }> {
  invariant(claim.stage.kind === 'checking', `${claim.identifier} is not being checked`);
  return claim.stage;
}
