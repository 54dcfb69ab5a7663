// Lifecycle comments on the tracker's issue (`tracker.comments.*`). None on cancellation. The texts hold facts
// about the run and never the agent's or the tracker's words beyond one error line.

import type { RunStatus } from '../contract/index.ts';
import { orderAfterSave, type Orders } from './orders.ts';
import type { Claim } from './state.ts';

export function commentOnCompletion(orders: Orders, claim: Claim): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onCompletion) return;
  const run = 'run' in claim.stage ? claim.stage.run : null;
  const turns = run === null ? '' : `, ${run.turnsCompleted} ${run.turnsCompleted === 1 ? 'turn' : 'turns'}`;
  const body = `Sortie: finished (attempt ${claim.attempt + 1}${turns}).`;
  comment(orders, claim, { lifecycle: 'completion', body });
}

export function commentOnFailure(
  orders: Orders,
  claim: Claim,
  facts: { status: RunStatus; error: string },
): void {
  if (orders.state.mode !== 'running' || !orders.state.settings.tracker.comments.onFailure) return;
  const error = facts.error === '' ? '' : ` ${facts.error}`;
  const body = `Sortie: attempt ${claim.attempt + 1} ${facts.status.replaceAll('_', ' ')}.${error}`;
  comment(orders, claim, { lifecycle: 'failure', body });
}

function comment(
  orders: Orders,
  claim: Claim,
  facts: { lifecycle: 'completion' | 'failure'; body: string },
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
    },
    { kind: 'comment', issueId: claim.issueId },
  );
}
