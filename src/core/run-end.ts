// A run has ended: its row is closed and its claim moves on, in one durable write, before anything else
// happens to the issue.

import type {
  CancelReason,
  ParkReason,
  RunExit,
  RunFailure,
  RunStatus,
  StoredRetry,
} from '../contract/index.ts';
import { breakerOnEnd } from './breaker.ts';
import { backoffMs, CONTINUATION_DELAY_MS } from './backoff.ts';
import { describeLimit, runLimitReached } from './budgets.ts';
import { clean, park, queueRetry, release, type RetryPlan } from './claims.ts';
import { commentOnCompletion, commentOnFailure } from './comments.ts';
import { countsAsSession, disposeOf, type Disposition, type Stopping } from './disposition.ts';
import { endPhase, endTurn } from './durations.ts';
import { isEnough } from './evidence.ts';
import { isAgentRefusal } from './failures.ts';
import { beginHandoff, stepOf } from './handoff.ts';
import { settleHold } from './hold.ts';
import { invariant } from './invariant.ts';
import { countSession, forgetSession, putEmptyRuns, putSpending } from './memory.ts';
import { queueRunFinished } from './notify.ts';
import { stepAfter } from './new-run.ts';
import { tellOf, write, type Orders } from './orders.ts';
import { readBaseline } from './parking.ts';
import { refuseAgent } from './pauses.ts';
import { saveDay } from './progress-saves.ts';
import { holdForQuota } from './quota.ts';
import { startWaitingRetries } from './retries.ts';
import { addTokens } from './spending.ts';
import type { Claim, CoreState, Crossing, Run } from './state.ts';
import { armTick } from './tick.ts';
import { crossingBeforeRun, crossingOf } from './usage.ts';

/** Why an issue is parked when nothing has failed. */
const STATUS_FILE_SAID: Partial<Readonly<Record<RunStatus, string>>> = {
  blocked: 'the agent wrote "blocked" to .sortie/status',
  needs_human_review: 'the agent wrote "needs-human-review" to .sortie/status',
};

export function onRunEnded(orders: Orders, claim: Claim, run: Run, exit: RunExit): void {
  if (exit.kind === 'normal' && exit.state !== null && claim.issue !== null) {
    claim.issue = { ...claim.issue, state: exit.state };
  }
  endTurn(orders, claim, run);
  endPhase(orders, claim, run);
  const disposition = disposeOf(exit, stoppingOf(orders.state, run), orders.state.settings);
  closeRun(orders, claim, run, exit, disposition);
  const hasOpened = breakerOnEnd(orders, claim, run, exit);
  follow(orders, claim, run, disposition, exit.kind === 'failed' ? exit.failure : null);
  if (hasOpened) wakeForBreaker(orders);
  startWaitingRetries(orders);
}

function wakeForBreaker(orders: Orders): void {
  const { tick, lastTick, mode } = orders.state;
  if (mode === 'running' && tick === null && lastTick !== null) armTick(orders, lastTick.atMs);
}

/** Stopped for these, the same work goes on in another run. */
const GOES_ON: ReadonlySet<CancelReason> = new Set<CancelReason>(['stalled', 'shutdown', 'lost']);

/** Many agents say only when they are stopped what they have used: neither a retry nor a restart is a fresh allowance. */
function stoppingOf({ settings }: CoreState, run: Run): Stopping | null {
  if (run.stopping === null) return null;
  const crossed = GOES_ON.has(run.stopping) ? runLimitReached(settings.agent.budget, run) : null;
  if (crossed === null) return { reason: run.stopping, detail: run.stopDetail };
  run.crossing ??= crossingOf(crossed);
  return { reason: 'budget', detail: describeLimit(crossed) };
}

function closeRun(orders: Orders, claim: Claim, run: Run, exit: RunExit, disposition: Disposition): void {
  const { state, now } = orders;
  const { status, exitType, error } = disposition;
  const secondsRunning = (now.monotonicMs - run.startedMonotonicMs) / 1000;
  write(orders, {
    kind: 'run_ended',
    runId: run.runId,
    status,
    error,
    evidence: exit.kind === 'normal' ? (exit.evidence?.summary ?? '') : '',
    completedAtMs: now.atMs,
    secondsRunning,
    turns: run.turnsCompleted,
    tokens: run.tokens,
    costUsd: run.costUsd,
    costEstimated: run.costEstimated,
  });
  if (run.unsaved) {
    putSpending(orders, claim);
    saveDay(orders);
  }
  state.totals = {
    ...addTokens(state.totals, run.tokens),
    secondsRunning: state.totals.secondsRunning + secondsRunning,
  };
  if (countsAsSession(disposition)) countSession(orders, claim);
  if (exit.kind === 'normal' && exit.evidence !== null) {
    if (isEnough(exit.evidence, state.settings.agent.evidence)) putEmptyRuns(orders, claim, 0);
  }
  tellOf(orders, claim, { kind: 'run_finished', status, exitType, secondsRunning, error });
  queueRunFinished(orders, claim, run, { status, error });
}

function follow(
  orders: Orders,
  claim: Claim,
  run: Run,
  disposition: Disposition,
  failure: RunFailure | null,
): void {
  const { next, status, error } = disposition;
  const { settings, mode } = orders.state;
  switch (next.kind) {
    case 'hand_off': {
      const handoff = { onRefusal: next.onRefusal, refusals: 0, failures: 0 };
      // Nothing is begun while shutting down: the handoff is owed, and the next start looks first.
      if (mode === 'running') beginHandoff(orders, claim, handoff, run);
      else {
        const step = stepOf(next.onRefusal);
        queueRetry(orders, claim, { trigger: 'continuation', delayMs: 0, error: '', step });
      }
      return;
    }
    case 'continue':
      if (status === 'succeeded') commentOnCompletion(orders, claim);
      if (settings.tracker.handoffState === '') tellOf(orders, claim, { kind: 'handoff_skipped' });
      return goOn(orders, claim, run, {
        trigger: 'continuation',
        delayMs: CONTINUATION_DELAY_MS,
        error: '',
      });
    case 'continue_empty':
      return onEmptyRun(orders, claim, run, next.lack);
    case 'retry': {
      if (next.countsAsFailure) claim.failures += 1;
      if (next.countsAsFailure) commentOnFailure(orders, claim, { status, error });
      if (next.forgetsSession === true) forgetSession(orders, claim.issueId);
      claim.attempt += 1;
      const delayMs = Math.max(
        backoffMs(Math.max(1, claim.failures), settings.agent.maxRetryBackoffMs),
        failure?.retryAfterMs ?? 0,
      );
      queueRetry(orders, claim, { trigger: next.trigger, delayMs, error, step: stepAfter(run) });
      return;
    }
    case 'resume':
      claim.attempt += 1;
      queueRetry(orders, claim, {
        trigger: 'continuation',
        delayMs: 0,
        error: 'interrupted',
        step: stepAfter(run),
      });
      return;
    case 'park':
      return parkAfter(orders, claim, run, disposition, next.reason);
    case 'wait_for_quota': {
      invariant(failure !== null, `${claim.identifier} waits for a limit that nobody has met`);
      // No attempt is burned: the same one goes on when the agent may be used again.
      const { untilMs } = holdForQuota(orders, run.agentKind, failure);
      // In the queue it waits for the same time, and a park would forget that it was ordered.
      if (run.overruled) {
        queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error, step: 'ordered' });
        return;
      }
      park(orders, claim, { reason: 'quota', detail: error, untilMs });
      return;
    }
    case 'hold':
      settleHold(orders, claim, run, error);
      return;
    case 'release':
      release(orders, claim, next.why);
      return;
    case 'clean':
      if (mode === 'running') clean(orders, claim, run);
      else release(orders, claim, 'terminal');
      return;
  }
}

function parkAfter(
  orders: Orders,
  claim: Claim,
  run: Run,
  { exitType, status, error, next }: Disposition,
  reason: ParkReason,
): void {
  if (isAgentRefusal(next) && orders.state.refusals.has(run.agentKind)) {
    // Once for all: the issue that met it first is parked, and this one waits for the same thing.
    claim.attempt += 1;
    queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error, step: stepAfter(run) });
    return;
  }
  // A living comment says in one edit that the issue is parked, and why.
  if (exitType === 'error' && orders.state.settings.tracker.comments.style === 'plain') {
    commentOnFailure(orders, claim, { status, error });
  }
  claim.attempt += 1;
  if (reason === 'budget' && run.crossing !== null) {
    waitForBudget(orders, claim, run.crossing, { detail: error, step: stepAfter(run) });
    return;
  }
  park(orders, claim, { reason, detail: error || (STATUS_FILE_SAID[status] ?? '') });
  if (isAgentRefusal(next)) refuseAgent(orders, run.agentKind, claim, error);
  readBaseline(orders, claim);
}

/** Another run of the same issue, unless the run was told to stop because there is nothing left to run on. */
function goOn(orders: Orders, claim: Claim, run: Run, plan: RetryPlan): void {
  const { state, now } = orders;
  claim.attempt += 1;
  const crossing = run.stopping === 'budget' ? crossingBeforeRun(state, claim.issueId, now.atMs) : null;
  if (crossing === null) queueRetry(orders, claim, plan);
  else {
    const { step = 'agent' } = plan;
    waitForBudget(orders, claim, crossing, { detail: describeLimit(crossing.crossed), step });
  }
}

/**
 * Nothing is left to run on. An ordered run waits in the queue for another day: a park would forget that it was ordered,
 * and nobody would be there to say it again. The other limits are ended by a person only, who also says what counts then.
 */
function waitForBudget(
  orders: Orders,
  claim: Claim,
  { crossed, untilMs }: Crossing,
  { detail, step }: { readonly detail: string; readonly step: StoredRetry['step'] },
): void {
  if (step === 'ordered' && untilMs !== null) {
    queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error: detail, step });
  } else park(orders, claim, { reason: 'budget', detail, crossed, untilMs });
}

/** Nothing was found that shows work: the agent is asked once more and told so, until a person is. */
function onEmptyRun(orders: Orders, claim: Claim, run: Run, lack: string): void {
  const { state } = orders;
  const emptyRuns = (state.memory.get(claim.issueId)?.emptyRuns ?? 0) + 1;
  putEmptyRuns(orders, claim, emptyRuns);
  if (emptyRuns < state.settings.agent.maxEmptyRuns) {
    const error = `not handed off: ${lack}`;
    return goOn(orders, claim, run, {
      trigger: 'continuation',
      delayMs: CONTINUATION_DELAY_MS,
      error,
      step: stepAfter(run),
    });
  }
  claim.attempt += 1;
  const runs = emptyRuns === 1 ? 'one run' : `${emptyRuns} runs in a row`;
  park(orders, claim, { reason: 'no_evidence', detail: `${lack} after ${runs} (agent.max_empty_runs)` });
  readBaseline(orders, claim);
}
