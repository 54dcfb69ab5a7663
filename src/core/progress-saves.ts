// Making durable what is counted while runs go on: turns, tokens, cost. One write for all runs that have moved, a
// second after the first of them did, at the tick and at each turn's end; a crash costs no more than that second.

import { putSpending } from './memory.ts';
import { order, write, type Orders } from './orders.ts';
import type { Run } from './state.ts';

const SAVE_AFTER_MS = 1_000;

export function noteUnsaved(orders: Orders, run: Run): void {
  run.unsaved = true;
  saveSoon(orders);
}

/** While the store cannot be written, nothing is added to what waits for it. */
export function saveProgress(orders: Orders): void {
  const { state } = orders;
  if (state.storeFailing) return;
  if (state.savesSoon) order(orders, { kind: 'disarm_timer', timer: 'progress' }, null);
  state.savesSoon = false;
  let moved = false;
  for (const claim of state.claims.values()) {
    if (claim.stage.kind !== 'running' || !claim.stage.run.unsaved) continue;
    moved = true;
    const { run } = claim.stage;
    run.unsaved = false;
    write(orders, {
      kind: 'run_progress',
      runId: run.runId,
      turns: run.turnsCompleted,
      tokens: run.tokens,
      costUsd: run.costUsd,
      costEstimated: run.costEstimated,
    });
    putSpending(orders, claim);
  }
  if (moved) saveDay(orders);
}

export function saveDay(orders: Orders): void {
  const { day } = orders.state;
  if (day !== null) write(orders, { kind: 'put_day', day });
}

/** The store can be written again. */
export function saveWhatWaited(orders: Orders): void {
  for (const { stage } of orders.state.claims.values()) {
    if (stage.kind === 'running' && stage.run.unsaved) return saveSoon(orders);
  }
}

function saveSoon(orders: Orders): void {
  const { state, now } = orders;
  if (state.savesSoon || state.storeFailing) return;
  state.savesSoon = true;
  order(orders, { kind: 'arm_timer', timer: 'progress', dueAtMs: now.atMs + SAVE_AFTER_MS }, null);
}
