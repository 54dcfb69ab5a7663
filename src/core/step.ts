// The switch: one event in, the effects it calls for out. Synchronous, total and deterministic: no clock, no
// I/O, no randomness. Answers that nobody waits for any more are dropped here and nowhere else.

import type { Effect, Event } from '../contract/index.ts';
import { onIssueWriting, onIssueWritten } from './agent-writes.ts';
import { holdBack, onCleaned, onFetchFailed, onIssue, onStates, onWrite } from './answers.ts';
import { resetBreaker } from './breaker.ts';
import { forgetCount } from './handoff-limit.ts';
import { onControl } from './controls.ts';
import { tellDrained } from './drain.ts';
import { giveUp, noteRefresh } from './operator-words.ts';
import { closeOrders, openOrders, order, type Orders } from './orders.ts';
import { endParks, lookAtParked, onParkDue } from './parking.ts';
import { expect } from './pending.ts';
import { onRecovered } from './recovery.ts';
import { onRetryDue, startWaitingRetries } from './retries.ts';
import { onRunEnded } from './run-end.ts';
import { tellPauses } from './pauses.ts';
import { saveProgress } from './progress-saves.ts';
import { onRunProgressed } from './run-progress.ts';
import { finishWhenDrained, onShutdownDeadline, onShutdownRequested } from './shutdown.ts';
import type { CoreState } from './state.ts';
import { noteTroubles } from './since.ts';
import { onStoreFailed, onStoreRecovered } from './store-failure.ts';
import { armTick, beginTick, onCandidates, onHandoffCounted, onPreflight } from './tick.ts';

type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;

/** What is heard while nothing is known yet; the outbox goes on where it was without waiting for the core. */
const BEFORE_RECOVERY: ReadonlySet<Event['kind']> = new Set<Event['kind']>([
  'recovered',
  'shutdown_requested',
  'issue_writing',
  'issue_written',
]);

export function step(state: CoreState, event: Event): Effect[] {
  const orders = openOrders(state, event);
  if (event.kind === 'control_requested' && state.mode !== 'running') {
    onControl(orders, event);
    return closeOrders(orders);
  }
  if (state.mode === 'recovering' && !BEFORE_RECOVERY.has(event.kind)) return [];
  if (state.mode === 'finished') return afterTheEnd(orders, event);
  take(orders, event);
  if (mayPause(event)) tellPauses(orders);
  noteTroubles(state, event.atMs);
  tellDrained(orders);
  finishWhenDrained(orders);
  return closeOrders(orders);
}

function take(orders: Orders, event: Event): void {
  const { state } = orders;
  switch (event.kind) {
    case 'recovered':
      return onRecovered(orders, event.stored, event.settings);
    case 'timer_fired':
      return onTimer(orders, event.timer);
    case 'refresh_requested':
      noteRefresh(orders, event.words ?? []);
      return beginTick(orders);
    case 'control_requested':
      return onControl(orders, event);
    case 'issue_touched':
      return onTouched(orders, event.issueId);
    case 'issue_writing':
      return onIssueWriting(orders, event);
    case 'issue_written':
      return onIssueWritten(orders, event);
    case 'settings_reloaded':
      return onReloaded(orders, event);
    case 'shutdown_requested':
      return onShutdownRequested(orders, event.deadlineMs);
    case 'preflight_done':
      if (expect(state, event.effectId, 'preflight') !== null) onPreflight(orders, event.problems);
      return;
    case 'handoff_counted':
      return onCounted(orders, event);
    case 'candidates_fetched':
      if (expect(state, event.effectId, 'candidates') !== null) {
        onCandidates(orders, event);
      }
      return;
    case 'states_fetched':
      return onStates(orders, event);
    case 'issue_fetched':
      return onIssue(orders, event.effectId, event.issue);
    case 'fetch_failed':
      return onFetchFailed(orders, event);
    case 'write_done':
    case 'write_failed':
      return onWrite(orders, event);
    case 'workspace_removed':
    case 'workspace_not_removed':
      return onCleaned(orders, event);
    case 'effect_done':
      state.pending.delete(event.effectId);
      return;
    case 'store_failed':
      return onStoreFailed(orders, event);
    case 'store_recovered':
      return onStoreRecovered(orders);
    case 'run_progressed':
      return onProgress(orders, event);
    case 'run_ended':
      return onEnded(orders, event);
  }
}

/** Agents flood: of what they say, only what they use can pause anything, and only a turn's end can end a pause. */
function mayPause(event: Event): boolean {
  if (event.kind !== 'run_progressed' || event.event.kind === 'turn_finished') return true;
  return event.event.kind === 'agent_event' && event.event.event.kind === 'token_usage';
}

function onTimer(orders: Orders, timer: EventOf<'timer_fired'>['timer']): void {
  const { state } = orders;
  if (timer === 'shutdown') return onShutdownDeadline(orders);
  if (timer === 'progress') return onProgressDue(orders);
  if (state.mode !== 'running') return;
  if (timer === 'tick') return beginTick(orders);
  const claim = state.claims.get(timer.slice(timer.indexOf(':') + 1));
  if (claim === undefined) return;
  if (timer.startsWith('retry:')) onRetryDue(orders, claim);
  else onParkDue(orders, claim);
}

function onCounted(orders: Orders, { effectId, count }: EventOf<'handoff_counted'>): void {
  const pending = expect(orders.state, effectId, 'handoff_count');
  if (pending?.kind === 'handoff_count') onHandoffCounted(orders, pending.state, count);
}

function onProgressDue(orders: Orders): void {
  orders.state.savesSoon = false;
  saveProgress(orders);
}

/** A parked issue may have been released by the change; whatever else it means, the next tick finds out. */
function onTouched(orders: Orders, issueId: string): void {
  const claim = orders.state.claims.get(issueId);
  if (claim !== undefined) lookAtParked(orders, claim);
}

function onReloaded(orders: Orders, event: EventOf<'settings_reloaded'>): void {
  const { state } = orders;
  const before = state.settings;
  state.settings = event.settings;
  forgetCount(state, before);
  if (event.endsParks || event.settings.agent.breakerFailures <= 0) resetBreaker(state);
  if (state.mode !== 'running') return;
  if (event.endsParks) {
    endParks(orders, 'workflow_change');
    state.refusals.clear();
  }
  startWaitingRetries(orders);
  if (state.tick === null && state.lastTick !== null) armTick(orders, state.lastTick.atMs);
}

function onProgress(orders: Orders, { runId, event }: EventOf<'run_progressed'>): void {
  const { state } = orders;
  const issueId = state.runs.get(runId)?.issueId;
  const claim = issueId === undefined ? undefined : state.claims.get(issueId);
  if (claim?.stage.kind === 'running' && claim.stage.run.runId === runId) {
    onRunProgressed(orders, claim, claim.stage.run, event);
  } else if (event.kind === 'process_started') {
    // A run that we know nothing of has a live process: end it.
    order(orders, { kind: 'stop_run', runId, issueId: '', reason: 'lost' }, { kind: 'stop' });
  }
}

function onEnded(orders: Orders, { runId, exit }: EventOf<'run_ended'>): void {
  const { state } = orders;
  const known = state.runs.get(runId);
  if (known === undefined) return;
  state.runs.delete(runId);
  state.pending.delete(known.effectId);
  const claim = state.claims.get(known.issueId);
  if (claim?.stage.kind !== 'running' || claim.stage.run.runId !== runId) return;
  if (exit.kind === 'failed') holdBack(orders, exit.failure);
  onRunEnded(orders, claim, claim.stage.run, exit);
}

/** The only thing left to do is to end, even when the last write failed: exactly once. */
function afterTheEnd(orders: Orders, event: Event): Effect[] {
  if (event.kind !== 'store_failed') return [];
  const { pending } = orders.state;
  let lostEnd = false;
  for (const effectId of event.cancelled) {
    const lost = pending.get(effectId);
    pending.delete(effectId);
    if (lost?.kind === 'control') giveUp(orders, lost.controlId);
    if (lost?.kind === 'finish') lostEnd = true;
  }
  if (lostEnd) order(orders, { kind: 'finish' }, null);
  return closeOrders(orders);
}
