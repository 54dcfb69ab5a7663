// Answers to what was asked of the world: looks at the tracker, writes to it, the removal of a folder. Each goes to
// whoever asked; one that nobody waits for any more is dropped by `pending.ts`.

import type { EffectId, Event, Issue } from '../contract/index.ts';
import { release } from './claims.ts';
import {
  onHandedOff,
  onHandoffBaseline,
  onHandoffFailed,
  onHandoffLooked,
  onHandoffLookFailed,
  readHandoffBaseline,
} from './handoff.ts';
import { forgetIssue } from './memory.ts';
import { tell, tellOf, type Orders } from './orders.ts';
import { onLabelled, onUnlabelled } from './park-label.ts';
import { onBaseline, onParkedLooked, onParkLookFailed, renewBaseline } from './parking.ts';
import { answer, claimOf, looksWith } from './pending.ts';
import { onStatesFailed, onStatesFetched } from './reconcile.ts';
import { startWaitingRetries } from './retries.ts';
import { onCheckFailed, onChecked } from './run-start.ts';
import { onSweepStates } from './sweep.ts';
import { endTick, preflight } from './tick.ts';

type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;

export function onStates(orders: Orders, event: EventOf<'states_fetched'>): void {
  const pending = answer(orders.state, event.effectId);
  if (pending === null || orders.state.mode !== 'running') return;
  if (pending.kind === 'refresh_states') {
    onStatesFetched(orders, pending.asked, event.states);
    preflight(orders);
  } else if (pending.kind === 'sweep_states') onSweepStates(orders, pending.asked, event.states);
}

export function onIssue(orders: Orders, effectId: EffectId, issue: Issue | null): void {
  const pending = answer(orders.state, effectId);
  const claim = claimOf(orders.state, pending);
  if (pending === null || claim === null || orders.state.mode !== 'running') return;
  switch (pending.kind) {
    case 'check':
      if (claim.stage.kind === 'checking') onChecked(orders, claim, issue);
      return startWaitingRetries(orders);
    case 'handoff_look':
      if (claim.stage.kind === 'handing_off') onHandoffLooked(orders, claim, pending.retry, issue);
      return startWaitingRetries(orders);
    case 'handoff_baseline':
      return onHandoffBaseline(orders, claim, pending.retry, issue);
    case 'park_baseline':
      if (looksWith(claim, effectId)) onBaseline(orders, claim, issue);
      return;
    case 'park_look':
      if (looksWith(claim, effectId)) onParkedLooked(orders, claim, issue);
      return;
    default:
      return;
  }
}

export function onFetchFailed(orders: Orders, { effectId, failure }: EventOf<'fetch_failed'>): void {
  const { state } = orders;
  holdBack(orders, failure);
  const pending = answer(state, effectId);
  if (pending === null || state.mode !== 'running') return;
  const claim = claimOf(state, pending);
  switch (pending.kind) {
    case 'refresh_states':
      tell(orders, { kind: 'fetch_failed', what: 'fetch_states', message: failure.message });
      onStatesFailed(orders, pending.asked);
      return preflight(orders);
    case 'handoff_count':
      tell(orders, { kind: 'fetch_failed', what: 'count_handoff', message: failure.message });
      return endTick(orders, 'error', failure.message);
    case 'candidates':
      tell(orders, { kind: 'fetch_failed', what: 'fetch_candidates', message: failure.message });
      return endTick(orders, 'error', failure.message);
    case 'sweep_states':
      tell(orders, { kind: 'fetch_failed', what: 'fetch_states_by_identifier', message: failure.message });
      return;
    case 'check':
      if (claim?.stage.kind === 'checking') onCheckFailed(orders, claim, failure);
      return startWaitingRetries(orders);
    case 'handoff_look':
      if (claim?.stage.kind === 'handing_off') onHandoffLookFailed(orders, claim, pending.retry, failure);
      return startWaitingRetries(orders);
    case 'park_baseline':
    case 'park_look':
      if (claim !== null && looksWith(claim, effectId)) onParkLookFailed(claim);
      return;
    default:
      return;
  }
}

export function onWrite(orders: Orders, event: EventOf<'write_done' | 'write_failed'>): void {
  if (event.kind === 'write_failed') holdBack(orders, event.failure);
  const pending = answer(orders.state, event.effectId);
  const claim = claimOf(orders.state, pending);
  if (pending === null || claim === null) return;
  if (pending.kind === 'handoff' && claim.stage.kind === 'handing_off') {
    if (event.kind === 'write_done') onHandedOff(orders, claim);
    else onHandoffFailed(orders, claim, event.failure);
    startWaitingRetries(orders);
  } else if (pending.kind === 'comment') {
    if (pending.label === 'add' && event.kind === 'write_done') onLabelled(claim);
    if (pending.label === 'remove') onUnlabelled(claim);
    renewBaseline(orders, claim);
    readHandoffBaseline(orders, claim);
  }
}

export function onCleaned(
  orders: Orders,
  event: EventOf<'workspace_removed' | 'workspace_not_removed'>,
): void {
  const claim = claimOf(orders.state, answer(orders.state, event.effectId));
  if (claim?.stage.kind !== 'cleaning') return;
  const { path } = claim.stage;
  if (event.kind === 'workspace_removed') {
    forgetIssue(orders, claim);
    tellOf(orders, claim, { kind: 'workspace_removed', path });
  } else {
    // Still recorded: the next sweep tries again.
    tellOf(orders, claim, { kind: 'workspace_not_removed', path, message: event.message });
  }
  release(orders, claim, 'terminal');
  startWaitingRetries(orders);
}

/** Retry-After is honoured for every later look at the tracker, unless it concerns only some of them. */
export function holdBack(
  { state, now }: Orders,
  {
    retryAfterMs,
    othersGoOn = false,
  }: { retryAfterMs?: number | undefined; othersGoOn?: boolean | undefined },
): void {
  if (retryAfterMs === undefined || othersGoOn) return;
  state.trackerNotBeforeMs = Math.max(state.trackerNotBeforeMs, now.atMs + retryAfterMs);
}
