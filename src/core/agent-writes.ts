// Writes that agents asked for are writes of ours, though another hand sends them: they end no park, outdate what was
// read before them, and a run that moves its own issue may finish its turn. What an issue looked like before is
// forgotten when the write is about to be sent, not when it is confirmed: the process may die in between, and the next
// one would take our own change for a person's.

import type { Event, StoredRetry } from '../contract/index.ts';
import { forgetHandoffBaseline, lookAgainBeforeHandoff, readHandoffBaseline } from './handoff.ts';
import type { Orders } from './orders.ts';
import { forgetBaseline, renewBaseline } from './parking.ts';
import { onWriteConfirmed } from './run-progress.ts';
import { checkAgain } from './run-start.ts';
import type { Claim, CoreState } from './state.ts';

type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;

export function onIssueWriting(orders: Orders, { writeId, issueId }: EventOf<'issue_writing'>): void {
  const { state } = orders;
  state.agentWrites.set(writeId, issueId);
  const claim = state.claims.get(issueId);
  if (claim !== undefined) forgetLooks(orders, claim);
}

/** Also when nothing was applied: what it was is not known here. */
export function onIssueWritten(orders: Orders, event: EventOf<'issue_written'>): void {
  const { state } = orders;
  const { issueId, runId } = event;
  // Told twice, it moves nothing: the issue may have been moved on since.
  const isNews = state.agentWrites.delete(event.writeId);
  if (state.mode === 'recovering') state.writtenEarly.add(issueId);
  forgetSweeps(state, issueId);
  const claim = state.claims.get(issueId);
  if (claim === undefined) return;
  if (claim.stage.kind === 'running') {
    const { run } = claim.stage;
    const moved = isNews ? event.state : null;
    onWriteConfirmed(claim, run, { state: moved, byAgent: run.runId === runId });
    return;
  }
  forgetLooks(orders, claim);
  if (state.mode === 'running') lookAgain(orders, claim);
  renewBaseline(orders, claim);
  readHandoffBaseline(orders, claim);
}

/** What the store holds was read before the writes that were heard of while nothing else was known. */
export function forgetOutdated(orders: Orders): void {
  const { state } = orders;
  for (const issueId of new Set([...state.agentWrites.values(), ...state.writtenEarly])) {
    const claim = state.claims.get(issueId);
    if (claim === undefined) continue;
    forgetLooks(orders, claim);
    readHandoffBaseline(orders, claim);
  }
  state.writtenEarly.clear();
}

/** Read before the write was confirmed, perhaps before it was made. */
function forgetLooks(orders: Orders, claim: Claim): void {
  const { pending } = orders.state;
  for (const [effectId, one] of pending) {
    if (one.kind === 'handoff_baseline' && one.issueId === claim.issueId) pending.delete(effectId);
  }
  forgetBaseline(orders, claim);
  forgetHandoffBaseline(orders, claim);
}

/** Where the next step hangs on a look that is under way, another one is asked for. */
function lookAgain(orders: Orders, claim: Claim): void {
  const { pending } = orders.state;
  let retry: StoredRetry | null = null;
  let checks = false;
  for (const [effectId, one] of pending) {
    if (!('issueId' in one) || one.issueId !== claim.issueId) continue;
    if (one.kind === 'check') checks = true;
    else if (one.kind === 'handoff_look') retry = one.retry;
    else continue;
    pending.delete(effectId);
  }
  if (checks) checkAgain(orders, claim);
  if (retry !== null) lookAgainBeforeHandoff(orders, claim, retry);
}

/** Nothing is cleaned or let go of because of the state it was in before; the next sweep asks again. */
function forgetSweeps(state: CoreState, issueId: string): void {
  for (const [effectId, one] of state.pending) {
    if (one.kind !== 'sweep_states') continue;
    const asked = new Map([...one.asked].filter(([, id]) => id !== issueId));
    if (asked.size < one.asked.size) state.pending.set(effectId, { ...one, asked });
  }
}
