// Lifecycle comments on the tracker's issue (`tracker.comments.*`). None on cancellation. The texts hold facts
// about the run and never the agent's or the tracker's words beyond one error line.

import type { CommentFacts, RunStatus } from '../contract/index.ts';
import { orderAfterSave, type Orders } from './orders.ts';
import type { Claim } from './state.ts';

export function commentOnCompletion(orders: Orders, claim: Claim): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onCompletion) return;
  const run = 'run' in claim.stage ? claim.stage.run : null;
  const turns = run === null ? '' : `, ${run.turnsCompleted} ${run.turnsCompleted === 1 ? 'turn' : 'turns'}`;
  const body = `Sortie: finished (attempt ${claim.attempt + 1}${turns}).`;
  comment(orders, claim, { lifecycle: 'completion', body, standing: 'finished', detail: '' });
}

export function commentOnFailure(
  orders: Orders,
  claim: Claim,
  facts: { status: RunStatus; error: string },
): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onFailure) return;
  const error = facts.error === '' ? '' : ` ${facts.error}`;
  const body = `Sortie: attempt ${claim.attempt + 1} ${facts.status.replaceAll('_', ' ')}.${error}`;
  comment(orders, claim, { lifecycle: 'failure', body, standing: 'failed', detail: facts.error });
}

/** Why an issue is set aside, on the living comment; plain comments tell of runs only. */
export function commentOnPark(orders: Orders, claim: Claim, reason: string): void {
  const { comments, parkLabel } = orders.state.settings.tracker;
  if (orders.state.mode !== 'running' || comments.style !== 'living') return;
  if (!comments.onFailure && parkLabel === '') return;
  comment(orders, claim, {
    lifecycle: 'failure',
    body: `Sortie: parked. ${reason}`,
    standing: 'parked',
    detail: reason,
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
  },
): void {
  if (claim.issue === null) return;
  orderAfterSave(
    orders,
    {
      kind: 'comment_issue',
      issue: claim.issue,
      runId: 'run' in claim.stage ? (claim.stage.run?.runId ?? null) : null,
      lifecycle: facts.lifecycle,
      body: facts.body,
      style: orders.state.settings.tracker.comments.style,
      facts: factsOf(orders, claim, facts),
    },
    { kind: 'comment', issueId: claim.issueId },
  );
}

function factsOf(
  { state, now }: Orders,
  claim: Claim,
  { standing, detail }: Pick<CommentFacts, 'standing' | 'detail'>,
): CommentFacts {
  const run = 'run' in claim.stage ? claim.stage.run : null;
  return {
    standing,
    detail,
    attempt: claim.attempt,
    agentKind: run?.agentKind ?? state.settings.agent.kind,
    turns: run?.turnsCompleted ?? 0,
    secondsRunning: run === null ? 0 : (now.monotonicMs - run.startedMonotonicMs) / 1000,
    tokens: run?.tokens ?? { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
    costUsd: run?.costUsd ?? null,
    costEstimated: run?.costEstimated ?? false,
  };
}
