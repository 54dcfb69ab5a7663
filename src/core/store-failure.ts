// A durable write has failed: nothing is dispatched until one succeeds, and whatever was ordered after it in the same
// step was not carried out, so that each of those claims moves on as if it had been refused.

import type { Event } from '../contract/index.ts';
import { release } from './claims.ts';
import { onHandoffFailed } from './handoff.ts';
import { giveOwedAnswers } from './operator-words.ts';
import { tell, type Orders } from './orders.ts';
import { readBaseline } from './parking.ts';
import { answer, claimOf } from './pending.ts';
import { saveWhatWaited } from './progress-saves.ts';
import { startWaitingRetries } from './retries.ts';
import { onStartCancelled } from './run-start.ts';

export function onStoreFailed(orders: Orders, event: Extract<Event, { kind: 'store_failed' }>): void {
  const { state } = orders;
  if (!state.storeFailing) tell(orders, { kind: 'store_paused', message: event.message });
  state.storeFailing = true;
  for (const effectId of event.cancelled) {
    const pending = answer(state, effectId);
    const claim = claimOf(state, pending);
    // In force already, and written before anything newer: answered when that has happened.
    if (pending?.kind === 'control') state.owedAnswers.push(pending);
    if (pending === null || claim === null) continue;
    if (pending.kind === 'start') {
      state.runs.delete(pending.runId);
      onStartCancelled(orders, claim, event.message);
    } else if (pending.kind === 'handoff') {
      onHandoffFailed(orders, claim, { kind: 'tracker_transport_error', message: event.message });
    } else if (pending.kind === 'comment') readBaseline(orders, claim);
    else if (pending.kind === 'clean') release(orders, claim, 'terminal');
  }
}

export function onStoreRecovered(orders: Orders): void {
  orders.state.storeFailing = false;
  tell(orders, { kind: 'store_resumed' });
  giveOwedAnswers(orders);
  saveWhatWaited(orders);
  startWaitingRetries(orders);
}
