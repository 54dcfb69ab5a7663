// Issues that an operator holds: parked until `unhold`, whatever happens to them in the tracker, in the workflow or to
// the daemon. What runs is stopped first; its park is durable from the moment of the word, so that not even a crash
// before its end starts it again. While it is held its workspace stays, too.

import type { StoredPark } from '../contract/index.ts';
import { park } from './claims.ts';
import { order, tellOf, write, type Orders } from './orders.ts';
import { showPark } from './park-label.ts';
import { trustAgentAgain } from './pauses.ts';
import type { Claim, Run } from './state.ts';

/** Stops the run, of which everything is kept; held from now on. */
export function holdRun(orders: Orders, claim: Claim, run: Run, detail: string): void {
  run.held = heldPark(orders, claim, detail, claim.attempt + 1);
  write(orders, { kind: 'put_park', park: run.held });
  const isTold = run.stopping !== null;
  run.stopping = 'operator';
  run.stopDetail = detail;
  if (isTold) return;
  // Before the save, not behind it: a save that fails cancels what follows it, and nobody would stop the run. Stopped
  // without being held it would be tried again after a crash; that is the lesser evil.
  tellOf(orders, claim, { kind: 'run_stopping', reason: 'operator' });
  order(
    orders,
    { kind: 'stop_run', runId: run.runId, issueId: claim.issueId, reason: 'operator' },
    { kind: 'stop' },
  );
}

/** The run that was cancelled has ended, or was never begun. */
export function settleHold(orders: Orders, claim: Claim, run: Run, error: string): void {
  claim.attempt += 1;
  if (run.held === null) {
    park(orders, claim, { reason: 'held', detail: error });
    return;
  }
  enterHold(orders, claim, run.held);
  showPark(orders, claim, run.held, run);
}

/** What is queued or being checked is held instead; so is what nobody has a claim on. */
export function holdClaim(orders: Orders, claim: Claim, detail: string): void {
  if (claim.stage.kind === 'parked') holdParked(orders, claim, claim.stage.park, detail);
  else park(orders, claim, { reason: 'held', detail });
}

/** The label stays where it is: it is parked before and after. */
function holdParked(orders: Orders, claim: Claim, before: StoredPark, detail: string): void {
  if (claim.stage.kind !== 'parked') return;
  const { label, look } = claim.stage;
  if (look !== null) orders.state.pending.delete(look);
  if (before.untilMs !== null) {
    order(orders, { kind: 'disarm_timer', timer: `park:${claim.issueId}` }, null);
  }
  // The park kept the attempt whose work is done.
  if (before.reason === 'handoff_failed') claim.attempt += 1;
  const held = heldPark(orders, claim, detail, claim.attempt);
  tellOf(orders, claim, { kind: 'park_ended', reason: before.reason, by: 'operator' });
  write(orders, { kind: 'put_park', park: held });
  enterHold(orders, claim, held);
  claim.stage = { kind: 'parked', park: held, look: null, label };
  trustAgentAgain(orders, claim.issueId);
}

function enterHold(orders: Orders, claim: Claim, held: StoredPark): void {
  claim.lastError = held.detail;
  claim.stage = { kind: 'parked', park: held, look: null, label: 'none' };
  tellOf(orders, claim, { kind: 'parked', reason: 'held', detail: held.detail });
}

function heldPark({ now }: Orders, claim: Claim, detail: string, attempt: number): StoredPark {
  return {
    issueId: claim.issueId,
    identifier: claim.identifier,
    title: claim.title,
    reason: 'held',
    detail,
    parkedAtMs: now.atMs,
    untilMs: null,
    attempt,
    failures: claim.failures,
    baseline: null,
    crossed: null,
  };
}
