// An operator's drain: when the last run has ended and nothing is left to hand off, people are told, once.

import { tell, type Orders } from './orders.ts';
import { owesHandoff } from './handoff.ts';
import { queueDrained } from './notify.ts';
import { holdsSlot } from './slots.ts';
import type { CoreState } from './state.ts';

/** Draining, and nothing runs or is handed off any more. */
export function isDrained(state: CoreState): boolean {
  if (state.dispatch.mode !== 'draining') return false;
  for (const claim of state.claims.values()) {
    if (holdsSlot(claim)) return false;
    if (claim.stage.kind === 'retry_queued' && owesHandoff(claim.stage.retry)) return false;
  }
  return true;
}

/** After every step. */
export function tellDrained(orders: Orders): void {
  const { state } = orders;
  const { mode, sinceMs } = state.dispatch;
  if (state.mode !== 'running' || mode !== 'draining' || state.drainToldMs === sinceMs) return;
  if (!isDrained(state)) return;
  state.drainToldMs = sinceMs;
  tell(orders, { kind: 'operator_drained' });
  queueDrained(orders);
}
