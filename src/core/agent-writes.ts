// Writes that agents asked for are writes of ours, though another hand sends them: they end no park, outdate what was
// read before them, and a run that moves its own issue may finish its turn.

import type { Event } from '../contract/index.ts';
import { readHandoffBaseline } from './handoff.ts';
import type { Orders } from './orders.ts';
import { renewBaseline } from './parking.ts';
import { onWriteConfirmed } from './run-progress.ts';
import type { CoreState } from './state.ts';

type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;

export function onIssueWriting({ state }: Orders, { writeId, issueId }: EventOf<'issue_writing'>): void {
  state.agentWrites.set(writeId, issueId);
}

/** Also when nothing was applied: what it was is not known here. */
export function onIssueWritten(orders: Orders, event: EventOf<'issue_written'>): void {
  const { state } = orders;
  const { issueId, runId } = event;
  state.agentWrites.delete(event.writeId);
  const claim = state.claims.get(issueId);
  if (claim === undefined) return;
  if (claim.stage.kind === 'running') {
    const { run } = claim.stage;
    onWriteConfirmed(claim, run, { state: event.state, byAgent: run.runId === runId });
    return;
  }
  forgetOldLooks(state, issueId);
  renewBaseline(orders, claim);
  readHandoffBaseline(orders, claim);
}

/** Read before the write was confirmed, perhaps before it was made. */
function forgetOldLooks(state: CoreState, issueId: string): void {
  for (const [effectId, pending] of state.pending) {
    if (pending.kind === 'handoff_baseline' && pending.issueId === issueId) state.pending.delete(effectId);
  }
}
