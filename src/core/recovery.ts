// The first event of every life: what the store remembers becomes claims again. Retries and parks keep their
// times, runs that were in flight are closed as interrupted and go on at once with their old session.

import type { CoreSettings, StoredOpenRun, StoredPark, StoredRetry, StoredState } from '../contract/index.ts';
import { forgetOutdated } from './agent-writes.ts';
import { describeLimit, runLimitReached } from './budgets.ts';
import { armRetry, park, queueRetry } from './claims.ts';
import { order, tell, write, type Orders } from './orders.ts';
import { endsOn, endPark } from './parking.ts';
import { addTokens } from './spending.ts';
import type { Claim, Stage } from './state.ts';
import { beginTick } from './tick.ts';

export function onRecovered(orders: Orders, stored: StoredState, settings: CoreSettings): void {
  const { state } = orders;
  if (state.mode !== 'recovering') return;
  state.mode = 'running';
  state.settings = settings;
  state.totals = stored.totals;
  state.day = stored.day;
  if (stored.dispatch !== null) state.dispatch = stored.dispatch;
  for (const quota of stored.quotas) state.quotas.set(quota.agentKind, quota);
  for (const issue of stored.issues) state.memory.set(issue.issueId, issue);
  for (const park of stored.parks) recoverPark(orders, park);
  for (const retry of stored.retries) recoverRetry(orders, retry);
  for (const run of stored.openRuns) recoverRun(orders, run);
  forgetOutdated(orders);
  tell(orders, {
    kind: 'recovered',
    retries: stored.retries.length,
    parks: stored.parks.length,
    interrupted: stored.openRuns.length,
  });
  beginTick(orders);
}

function recoverPark(orders: Orders, park: StoredPark): void {
  const claim = restore(orders, park, { kind: 'parked', park, look: null, label: 'none' });
  claim.lastError = park.detail;
  if (endsOn(claim, 'restart')) endPark(orders, claim, 'restart');
  else if (park.untilMs !== null) {
    order(orders, { kind: 'arm_timer', timer: `park:${park.issueId}`, dueAtMs: park.untilMs }, null);
  }
}

function recoverRetry(orders: Orders, retry: StoredRetry): void {
  const claim = restore(orders, retry, {
    kind: 'retry_queued',
    retry,
    waitsForSlot: false,
    waiting: '',
    sinceMs: orders.now.atMs,
  });
  claim.lastError = retry.error;
  armRetry(orders, claim, retry.dueAtMs);
}

function recoverRun(orders: Orders, run: StoredOpenRun): void {
  const { now } = orders;
  write(orders, {
    kind: 'run_ended',
    runId: run.runId,
    status: 'interrupted',
    error: 'the daemon ended while this run was in flight',
    evidence: '',
    completedAtMs: now.atMs,
    secondsRunning: 0,
    turns: run.turns,
    tokens: run.tokens,
    costUsd: run.costUsd,
    costEstimated: run.costEstimated,
  });
  const { totals } = orders.state;
  orders.state.totals = { ...addTokens(totals, run.tokens), secondsRunning: totals.secondsRunning };
  // A stage that was stored later than the run's start tells more than the open row.
  if (orders.state.claims.has(run.issueId)) return;
  const claim = restore(orders, { ...run, attempt: run.attempt + 1 }, null);
  // It was being stopped, or would have been: a restart is no fresh allowance.
  const crossed = runLimitReached(orders.state.settings.agent.budget, run);
  if (crossed !== null) {
    park(orders, claim, { reason: 'budget', detail: describeLimit(crossed), crossed });
    return;
  }
  const step = run.ordered ? 'ordered' : 'agent';
  queueRetry(orders, claim, { trigger: 'continuation', delayMs: 0, error: 'interrupted', step });
}

function restore(
  orders: Orders,
  stored: Pick<StoredRetry, 'issueId' | 'identifier' | 'title' | 'attempt' | 'failures'>,
  stage: Stage | null,
): Claim {
  const { atMs, monotonicMs } = orders.now;
  const claim: Claim = {
    issueId: stored.issueId,
    identifier: stored.identifier,
    title: stored.title,
    issue: null,
    attempt: stored.attempt,
    failures: stored.failures,
    lastError: '',
    stage: stage ?? { kind: 'checking', queued: null, sinceMs: atMs, sinceMonotonicMs: monotonicMs },
  };
  orders.state.claims.set(stored.issueId, claim);
  return claim;
}
