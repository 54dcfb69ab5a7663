// Lifecycle comments on the tracker's issue (`tracker.comments.*`). None on cancellation. The texts hold facts
// about the run and never the agent's or the tracker's words beyond one error line.

import type { CommentFacts, RunStatus } from '../contract/index.ts';
import { orderAfterSave, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';

export function commentOnCompletion(orders: Orders, claim: Claim): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onCompletion) return;
  const run = runOf(claim);
  const turns = run === null ? '' : `, ${run.turnsCompleted} ${run.turnsCompleted === 1 ? 'turn' : 'turns'}`;
  const body = `Sortie: finished (attempt ${claim.attempt}${turns}).`;
  const { attempt } = claim;
  comment(orders, claim, { lifecycle: 'completion', body, standing: 'finished', detail: '', run, attempt });
}

export function commentOnFailure(
  orders: Orders,
  claim: Claim,
  facts: { status: RunStatus; error: string },
): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onFailure) return;
  const error = facts.error === '' ? '' : ` ${facts.error}`;
  const body = `Sortie: attempt ${claim.attempt} ${facts.status.replaceAll('_', ' ')}.${error}`;
  const { attempt } = claim;
  const told = { standing: 'failed', detail: facts.error, run: runOf(claim), attempt } as const;
  comment(orders, claim, { lifecycle: 'failure', body, ...told });
}

/**
 * Why an issue is set aside, on the living comment; plain comments tell of runs only. The claim's attempt is the next
 * one already (but for a run that met a usage limit, which is the next one too), and its run, if one has just ended,
 * is no part of its stage any more.
 */
export function commentOnPark(orders: Orders, claim: Claim, reason: string, run: Run | null): void {
  const { comments, parkLabel } = orders.state.settings.tracker;
  if (orders.state.mode !== 'running' || comments.style !== 'living') return;
  if (!comments.onFailure && parkLabel === '') return;
  const isSame = run !== null && claim.stage.kind === 'parked' && claim.stage.park.reason === 'quota';
  comment(orders, claim, {
    lifecycle: 'failure',
    body: `Sortie: parked. ${reason}`,
    standing: 'parked',
    detail: reason,
    run,
    attempt: isSame ? claim.attempt : Math.max(0, claim.attempt - 1),
  });
}

function comment(
  orders: Orders,
  claim: Claim,
  facts: {
    lifecycle: 'completion' | 'failure';
    body: string;
    standing: CommentFacts['standing'];
    detail: string;
    run: Run | null;
    attempt: number;
  },
): void {
  if (claim.issue === null) return;
  orderAfterSave(
    orders,
    {
      kind: 'comment_issue',
      issue: claim.issue,
      runId: facts.run?.runId ?? null,
      lifecycle: facts.lifecycle,
      body: facts.body,
      style: orders.state.settings.tracker.comments.style,
      facts: factsOf(orders, facts),
    },
    { kind: 'comment', issueId: claim.issueId },
  );
}

function factsOf(
  { state, now }: Orders,
  {
    standing,
    detail,
    run,
    attempt,
  }: Pick<CommentFacts, 'standing' | 'detail' | 'attempt'> & { run: Run | null },
): CommentFacts {
  return {
    standing,
    detail,
    attempt,
    agentKind: run?.agentKind ?? state.settings.agent.kind,
    turns: run?.turnsCompleted ?? 0,
    secondsRunning: run === null ? 0 : (now.monotonicMs - run.startedMonotonicMs) / 1000,
    tokens: run?.tokens ?? { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
    costUsd: run?.costUsd ?? null,
    costEstimated: run?.costEstimated ?? false,
  };
}

function runOf({ stage }: Claim): Run | null {
  return 'run' in stage ? stage.run : null;
}
