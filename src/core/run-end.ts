// A run has ended: its row is closed and its claim moves on, in one durable write, before anything else
// happens to the issue.

import type { RunExit, RunStatus } from '../contract/index.ts';
import { backoffMs, CONTINUATION_DELAY_MS } from './backoff.ts';
import { clean, countsAsSession, park, queueRetry, release } from './claims.ts';
import { commentOnCompletion, commentOnFailure } from './comments.ts';
import { disposeOf, type Disposition } from './disposition.ts';
import { beginHandoff, stepOf } from './handoff.ts';
import { tellOf, write, type Orders } from './orders.ts';
import { readBaseline } from './parking.ts';
import { startWaitingRetries } from './retries.ts';
import { rememberIssue } from './run-progress.ts';
import type { Claim, Run } from './state.ts';

/** Why an issue is parked when nothing has failed. */
const STATUS_FILE_SAID: Partial<Readonly<Record<RunStatus, string>>> = {
  blocked: 'the agent wrote "blocked" to .sortie/status',
  needs_human_review: 'the agent wrote "needs-human-review" to .sortie/status',
};

export function onRunEnded(orders: Orders, claim: Claim, run: Run, exit: RunExit): void {
  if (exit.kind === 'normal' && exit.state !== null && claim.issue !== null) {
    claim.issue = { ...claim.issue, state: exit.state };
  }
  const disposition = disposeOf(exit, run.stopping, orders.state.settings);
  closeRun(orders, claim, run, disposition);
  const retryAfterMs = exit.kind === 'failed' ? (exit.failure.retryAfterMs ?? 0) : 0;
  follow(orders, claim, run, disposition, retryAfterMs);
  startWaitingRetries(orders);
}

function closeRun(orders: Orders, claim: Claim, run: Run, { status, exitType, error }: Disposition): void {
  const { state, now } = orders;
  const secondsRunning = (now.monotonicMs - run.startedMonotonicMs) / 1000;
  write(orders, {
    kind: 'run_ended',
    runId: run.runId,
    status,
    error,
    completedAtMs: now.atMs,
    secondsRunning,
    turns: run.turnsCompleted,
    tokens: run.tokens,
    costUsd: run.costUsd,
    costEstimated: run.costEstimated,
  });
  state.totals = {
    inputTokens: state.totals.inputTokens + run.tokens.inputTokens,
    outputTokens: state.totals.outputTokens + run.tokens.outputTokens,
    cacheReadTokens: state.totals.cacheReadTokens + run.tokens.cacheReadTokens,
    secondsRunning: state.totals.secondsRunning + secondsRunning,
  };
  if (countsAsSession(status)) {
    const sessionsUsed = (state.memory.get(claim.issueId)?.sessionsUsed ?? 0) + 1;
    rememberIssue(orders, claim, { sessionsUsed });
    write(orders, {
      kind: 'put_sessions_used',
      issueId: claim.issueId,
      identifier: claim.identifier,
      sessionsUsed,
    });
  }
  tellOf(orders, claim, { kind: 'run_finished', status, exitType, secondsRunning, error });
}

function follow(
  orders: Orders,
  claim: Claim,
  run: Run,
  disposition: Disposition,
  retryAfterMs: number,
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
      claim.attempt += 1;
      if (settings.tracker.handoffState === '') tellOf(orders, claim, { kind: 'handoff_skipped' });
      queueRetry(orders, claim, { trigger: 'continuation', delayMs: CONTINUATION_DELAY_MS, error: '' });
      return;
    case 'retry': {
      if (next.countsAsFailure) claim.failures += 1;
      if (next.countsAsFailure) commentOnFailure(orders, claim, { status, error });
      claim.attempt += 1;
      const delayMs = Math.max(
        backoffMs(Math.max(1, claim.failures), settings.agent.maxRetryBackoffMs),
        retryAfterMs,
      );
      queueRetry(orders, claim, { trigger: next.trigger, delayMs, error });
      return;
    }
    case 'resume':
      claim.attempt += 1;
      queueRetry(orders, claim, { trigger: 'continuation', delayMs: 0, error: 'interrupted' });
      return;
    case 'park': {
      // A living comment says in one edit that the issue is parked, and why.
      if (disposition.exitType === 'error' && settings.tracker.comments.style === 'plain') {
        commentOnFailure(orders, claim, { status, error });
      }
      claim.attempt += 1;
      park(orders, claim, { reason: next.reason, detail: error || (STATUS_FILE_SAID[status] ?? '') });
      readBaseline(orders, claim);
      return;
    }
    case 'release':
      release(orders, claim, next.why);
      return;
    case 'clean':
      if (mode === 'running') clean(orders, claim, run);
      else release(orders, claim, 'terminal');
      return;
  }
}
