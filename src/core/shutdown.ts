// The end: nothing is started any more, every run is told to stop, and the daemon may close once what is under
// way has ended, or at the deadline. What is left then is in the store and goes on at the next start.

import { drop, stopRun } from './claims.ts';
import { giveUpOwedAnswers } from './operator-words.ts';
import { order, orderAfterSave, tell, type Orders } from './orders.ts';
import { saveProgress } from './progress-saves.ts';
import { endTick } from './tick.ts';
import type { CoreState, Pending } from './state.ts';

/** Answers that are worth waiting for: a write that was sent, a folder being removed, a run that is ending. */
const AWAITED: ReadonlySet<Pending['kind']> = new Set(['start', 'handoff', 'comment', 'clean']);

export function onShutdownRequested(orders: Orders, deadlineMs: number): void {
  const { state } = orders;
  if (state.mode === 'draining' || state.mode === 'finished') return;
  state.mode = 'draining';
  state.shutdownDeadlineMs = deadlineMs;
  order(orders, { kind: 'disarm_timer', timer: 'tick' }, null);
  order(orders, { kind: 'arm_timer', timer: 'shutdown', dueAtMs: deadlineMs }, null);
  endTick(orders, 'success', '');
  let running = 0;
  for (const claim of [...state.claims.values()]) {
    if (claim.stage.kind === 'running') {
      running += 1;
      stopRun(orders, claim, claim.stage.run, 'shutdown');
    } else if (claim.stage.kind === 'checking') {
      // A retry's row is still in the store; a candidate has left no trace.
      drop(orders, claim);
    } else if (claim.stage.kind === 'retry_queued') {
      order(orders, { kind: 'disarm_timer', timer: `retry:${claim.issueId}` }, null);
    }
  }
  tell(orders, { kind: 'draining', running });
}

/** After every step of a shutdown: is it over? */
export function finishWhenDrained(orders: Orders): void {
  const { state } = orders;
  if (state.mode !== 'draining') return;
  const leftBehind = countAwaited(state);
  if (leftBehind === 0) finish(orders, 0);
}

export function onShutdownDeadline(orders: Orders): void {
  if (orders.state.mode === 'draining') finish(orders, countAwaited(orders.state));
}

function finish(orders: Orders, leftBehind: number): void {
  orders.state.mode = 'finished';
  // What is left behind has been counted all the same.
  saveProgress(orders);
  giveUpOwedAnswers(orders);
  order(orders, { kind: 'disarm_timer', timer: 'shutdown' }, null);
  tell(orders, { kind: 'drained', leftBehind });
  orderAfterSave(orders, { kind: 'finish' }, { kind: 'finish' });
}

function countAwaited(state: CoreState): number {
  let awaited = 0;
  for (const pending of state.pending.values()) if (AWAITED.has(pending.kind)) awaited += 1;
  return awaited;
}
