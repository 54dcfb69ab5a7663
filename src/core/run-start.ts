// From "this one next" to a running worker: the by-id check that holds claim and slot, and the durable run row
// before the start. Index lag, a person's last-minute change and a shutdown are all caught here.

import type { Issue, StoredRetry, TrackerFailure, Verdict } from '../contract/index.ts';
import { parkedForAllowance } from './allowance.ts';
import { sendCanary } from './breaker.ts';
import { drop, learn, letGo, newClaim, park, requeueAfterFailedLook, clean, retryOf } from './claims.ts';
import { isTerminal, judge } from './eligibility.ts';
import { settleHold } from './hold.ts';
import { invariant } from './invariant.ts';
import { sessionToResume } from './memory.ts';
import { order, orderAfterSave, tellOf, write, type Orders } from './orders.ts';
import { isForQuota, pauseOf, pauseOfNew, verdictOf, waitingFor } from './pauses.ts';
import { record, recordChecked } from './verdicts.ts';
import { endSetback, setBack } from './setbacks.ts';
import { countSlots, NO_SLOT, refusalOf } from './slots.ts';
import { newRun, stepAfter, usageOf } from './new-run.ts';
import type { Claim } from './state.ts';

/** By an operator who orders the run. */
const OVERRULED: ReadonlySet<Verdict> = new Set<Verdict>(['missing_label', 'blocked_by']);

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
  const isOverruled = queued?.step === 'ordered' && OVERRULED.has(verdict);
  if (verdict !== 'eligible' && !isOverruled) {
    refuse(orders, claim, verdict, detail);
    return;
  }
  if (orders.state.storeFailing) {
    giveBack(orders, claim, '');
    return;
  }
  // Both may have changed since the question was asked.
  if (parkedForAllowance(orders, claim) || heldBack(orders, claim, issue)) return;
  // The slot was taken for the state that the list showed, or for none at all after a restart.
  const noSlot = refusalOf(countSlots(orders.state, claim), issue.state);
  if (noSlot !== null) {
    tellOf(orders, claim, { kind: 'dispatch_refused', verdict: noSlot, detail: issue.state });
    giveBack(orders, claim, NO_SLOT);
    record(orders, issue, noSlot, noSlot === 'no_state_slot' ? issue.state : '');
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
  const { held } = run;
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
  if (held !== null) {
    settleHold(orders, claim, run, held.detail);
    return;
  }
  const step = stepAfter(run);
  const queued = retryOf(orders, claim, { trigger: 'timer', delayMs: 0, error: message, step });
  requeueAfterFailedLook(orders, claim, queued, { message, retryAfterMs: 0 });
}

function check(orders: Orders, claim: Claim, queued: StoredRetry | null): void {
  const { atMs, monotonicMs } = orders.now;
  claim.stage = { kind: 'checking', queued, sinceMs: atMs, sinceMonotonicMs: monotonicMs };
  sendCanary(orders.state, claim.issueId);
  checkAgain(orders, claim);
}

export function checkAgain(orders: Orders, { issueId }: Claim): void {
  order(orders, { kind: 'fetch_issue', issueId }, { kind: 'check', issueId });
}

function start(orders: Orders, claim: Claim, issue: Issue): void {
  const { state, now } = orders;
  const runId = now.uuid;
  const known = state.memory.get(claim.issueId);
  const sessionId = sessionToResume(state, claim.issueId);
  sendCanary(state, claim.issueId);
  endSetback(state, claim.issueId);
  const checking = checkingStage(claim);
  const run = newRun(orders, runId, sessionId, known?.sessionUsage ?? null);
  run.phaseSinceMonotonicMs = checking.sinceMonotonicMs;
  run.overruled = checking.queued?.step === 'ordered';
  claim.stage = { kind: 'running', run };
  if (checking.queued !== null) write(orders, { kind: 'delete_retry', issueId: claim.issueId });
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
    ordered: run.overruled,
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
        ...(run.overruled ? { labelsOverruled: true } : {}),
      },
    },
    { kind: 'start', issueId: claim.issueId, runId },
  );
  state.runs.set(runId, { issueId: claim.issueId, effectId });
  tellOf(orders, claim, { kind: 'dispatched', state: issue.state });
}

function refuse(orders: Orders, claim: Claim, verdict: Verdict, detail: string): void {
  const { issue, issueId } = claim;
  const { state } = orders;
  tellOf(orders, claim, { kind: 'dispatch_refused', verdict, detail });
  setBack(orders, issueId);
  if (issue !== null && isTerminal(issue.state, state.settings)) clean(orders, claim, null);
  else letGo(orders, claim, verdict);
  // It was selected and is not started: people are told why until a look says something else.
  if (issue !== null && !state.claims.has(issueId)) recordChecked(orders, issue, verdict, detail);
}

/** Back to the queue, attempt unchanged: its time has come. A candidate is one again at the next tick. */
function giveBack(orders: Orders, claim: Claim, waiting: string): void {
  const { queued: retry } = checkingStage(claim);
  if (retry === null) {
    drop(orders, claim);
    return;
  }
  // Whatever frees a slot, a store that can be written again, and every tick start those who wait.
  claim.stage = { kind: 'retry_queued', retry, waitsForSlot: true, waiting, sinceMs: orders.now.atMs };
}

/** No run is started now, whatever this issue says. True: the claim has moved on. */
function heldBack(orders: Orders, claim: Claim, issue: Issue): boolean {
  const { queued } = checkingStage(claim);
  const judged = queued === null ? pauseOfNew : pauseOf;
  const pause = judged(orders.state, orders.now.atMs, claim.issueId);
  if (pause === null) return false;
  const { verdict, detail } = verdictOf(pause, orders.state);
  tellOf(orders, claim, { kind: 'dispatch_refused', verdict, detail });
  // A park would forget that it was ordered.
  if (queued !== null && queued.step !== 'ordered' && isForQuota(pause)) {
    park(orders, claim, { reason: 'quota', detail: pause.detail, untilMs: pause.untilMs });
  } else giveBack(orders, claim, waitingFor(pause));
  record(orders, issue, verdict, detail);
  return true;
}

function checkingStage(claim: Claim): Extract<Claim['stage'], { kind: 'checking' }> {
  invariant(claim.stage.kind === 'checking', `${claim.identifier} is not being checked`);
  return claim.stage;
}
