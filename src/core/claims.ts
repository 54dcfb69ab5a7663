// Moving a claim from stage to stage. Each function makes the move durable where the contract demands it, so
// that no exit path can forget the claim: whoever ends a stage calls exactly one of these.

import type {
  CancelReason,
  CrossedLimit,
  Issue,
  ParkReason,
  RetryTrigger,
  StoredPark,
  StoredRetry,
} from '../contract/index.ts';
import { backoffMs } from './backoff.ts';
import { forgetSession, putEmptyRuns } from './memory.ts';
import { showPark, unshowPark } from './park-label.ts';
import { trustAgentAgain } from './pauses.ts';
import { queueParked } from './notify.ts';
import { order, orderAfterSave, tellOf, write, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';
import { forgetVerdict, forgetWait } from './verdicts.ts';

export function newClaim(issue: Issue): Claim {
  return {
    issueId: issue.id,
    identifier: issue.identifier,
    title: issue.title,
    issue,
    attempt: 0,
    failures: 0,
    lastError: '',
    stage: { kind: 'checking', queued: null, sinceMs: 0, sinceMonotonicMs: 0 },
  };
}

export function learn(claim: Claim, issue: Issue): void {
  claim.issue = issue;
  claim.identifier = issue.identifier;
  claim.title = issue.title;
}

export interface RetryPlan {
  readonly trigger: RetryTrigger;
  readonly delayMs: number;
  readonly error: string;
  readonly step?: StoredRetry['step'];
  readonly refusals?: number;
  readonly lookFailures?: number;
  readonly baseline?: string | null;
}

/** The claim's next attempt as it is stored (`claim.attempt` is already that attempt). */
export function retryOf({ now }: Orders, claim: Claim, plan: RetryPlan): StoredRetry {
  return {
    issueId: claim.issueId,
    identifier: claim.identifier,
    title: claim.title,
    attempt: claim.attempt,
    failures: claim.failures,
    dueAtMs: now.atMs + plan.delayMs,
    trigger: plan.trigger,
    error: plan.error,
    step: plan.step ?? 'agent',
    refusals: plan.refusals ?? 0,
    lookFailures: plan.lookFailures ?? 0,
    baseline: plan.baseline ?? null,
  };
}

export function queueRetry(orders: Orders, claim: Claim, plan: RetryPlan): StoredRetry {
  const retry = retryOf(orders, claim, plan);
  if (plan.error !== '') claim.lastError = plan.error;
  const before = claim.stage;
  if (before.kind === 'parked') leavePark(orders, claim);
  const sinceMs = before.kind === 'retry_queued' ? before.sinceMs : orders.now.atMs;
  claim.stage = { kind: 'retry_queued', retry, waitsForSlot: false, waiting: '', sinceMs };
  write(orders, { kind: 'put_retry', retry });
  armRetry(orders, claim, retry.dueAtMs);
  tellOf(orders, claim, {
    kind: 'retry_queued',
    trigger: retry.trigger,
    dueAtMs: retry.dueAtMs,
    error: retry.error,
  });
  return retry;
}

/** The look at a due retry failed: tried again later, attempt unchanged. */
export function requeueAfterFailedLook(
  orders: Orders,
  claim: Claim,
  retry: StoredRetry,
  facts: { message: string; retryAfterMs: number },
): void {
  const lookFailures = retry.lookFailures + 1;
  const delayMs = Math.max(
    facts.retryAfterMs,
    backoffMs(lookFailures, orders.state.settings.agent.maxRetryBackoffMs),
  );
  claim.attempt = retry.attempt;
  queueRetry(orders, claim, { ...retry, trigger: 'timer', delayMs, lookFailures, error: facts.message });
}

export function armRetry(orders: Orders, claim: Claim, dueAtMs: number): void {
  order(orders, { kind: 'arm_timer', timer: `retry:${claim.issueId}`, dueAtMs }, null);
}

export function park(
  orders: Orders,
  claim: Claim,
  facts: { reason: ParkReason; detail: string; untilMs?: number | null; crossed?: CrossedLimit | null },
): void {
  const stored: StoredPark = {
    issueId: claim.issueId,
    identifier: claim.identifier,
    title: claim.title,
    reason: facts.reason,
    detail: facts.detail,
    parkedAtMs: orders.now.atMs,
    untilMs: facts.untilMs ?? null,
    attempt: claim.attempt,
    failures: claim.failures,
    baseline: null,
    crossed: facts.crossed ?? null,
  };
  claim.lastError = facts.detail;
  const run = 'run' in claim.stage ? claim.stage.run : null;
  dropStoredStage(orders, claim);
  claim.stage = { kind: 'parked', park: stored, look: null, label: 'none' };
  write(orders, { kind: 'put_park', park: stored });
  if (stored.untilMs !== null) {
    order(orders, { kind: 'arm_timer', timer: `park:${claim.issueId}`, dueAtMs: stored.untilMs }, null);
  }
  tellOf(orders, claim, { kind: 'parked', reason: facts.reason, detail: facts.detail });
  queueParked(orders, claim, stored, run);
  showPark(orders, claim, stored, run);
}

/** Lets go of the issue. Its workspace stays recorded; its session does not. */
export function release(orders: Orders, claim: Claim, why: string): void {
  letGo(orders, claim, why);
  // What was said before it ran says nothing of it now.
  forgetVerdict(orders.state, claim.issueId);
}

/** An operator lets go of what is queued, parked or held. */
export function releaseByWord(orders: Orders, claim: Claim, why: string): void {
  letGo(orders, claim, why);
  if (claim.attempt === 0) forgetWait(orders.state, claim.issueId);
  else forgetVerdict(orders.state, claim.issueId);
}

/** The same of an issue that was never started: whoever lets go says why. */
export function letGo(orders: Orders, claim: Claim, why: string): void {
  dropStoredStage(orders, claim);
  forgetSession(orders, claim.issueId);
  putEmptyRuns(orders, claim, 0);
  tellOf(orders, claim, { kind: 'released', why });
  orders.state.claims.delete(claim.issueId);
}

/** Gives up a hold that has left no trace in the store: the issue is a candidate again at the next tick. */
export function drop(orders: Orders, claim: Claim): void {
  orders.state.claims.delete(claim.issueId);
}

/**
 * Removes the recorded workspace, then releases. While the store cannot be written nobody knows that the path is
 * recorded: the next sweep does it.
 */
export function clean(orders: Orders, claim: Claim, run: Run | null): void {
  const path = run?.workspacePath ?? orders.state.memory.get(claim.issueId)?.workspacePath ?? null;
  if (path === null || orders.state.storeFailing) {
    release(orders, claim, 'terminal');
    return;
  }
  dropStoredStage(orders, claim);
  claim.stage = { kind: 'cleaning', path, run, sinceMs: orders.now.atMs };
  orderAfterSave(
    orders,
    { kind: 'remove_workspace', issueId: claim.issueId, issueIdentifier: claim.identifier, path },
    { kind: 'clean', issueId: claim.issueId },
  );
}

/** @param detail for the run's row; "" = the reason says it all. */
export function stopRun(orders: Orders, claim: Claim, run: Run, reason: CancelReason, detail = ''): void {
  if (run.stopping !== null) return;
  run.stopping = reason;
  run.stopDetail = detail;
  tellOf(orders, claim, { kind: 'run_stopping', reason });
  order(orders, { kind: 'stop_run', runId: run.runId, issueId: claim.issueId, reason }, { kind: 'stop' });
}

function dropStoredStage(orders: Orders, claim: Claim): void {
  const { stage, issueId } = claim;
  if (stage.kind === 'retry_queued') {
    order(orders, { kind: 'disarm_timer', timer: `retry:${issueId}` }, null);
    write(orders, { kind: 'delete_retry', issueId });
  } else if (stage.kind === 'parked') {
    order(orders, { kind: 'disarm_timer', timer: `park:${issueId}` }, null);
    leavePark(orders, claim);
  } else if (stage.kind === 'handing_off' || (stage.kind === 'checking' && stage.queued !== null)) {
    write(orders, { kind: 'delete_retry', issueId });
  }
}

/** Whatever ends a park comes by here. */
function leavePark(orders: Orders, claim: Claim): void {
  write(orders, { kind: 'delete_park', issueId: claim.issueId });
  unshowPark(orders, claim);
  trustAgentAgain(orders, claim.issueId);
}
