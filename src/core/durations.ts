// How long the phases, turns and tools of a run took, for people: told when each is over, by the monotonic clock, so
// that nobody's clock makes a turn last for minus an hour. What was cut off with its run is over as well; a tool whose
// result never came is not told, because nobody knows how it ended.

import type { AgentEvent, RunPhase } from '../contract/index.ts';
import { tellOf, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';

const NAME_LIMIT = 100;

export function enterPhase(orders: Orders, claim: Claim, run: Run, phase: RunPhase): void {
  // Some reports come twice.
  if (phase === run.phase) return;
  endPhase(orders, claim, run);
  run.phase = phase;
  run.phaseSinceMonotonicMs = orders.now.monotonicMs;
}

export function endPhase(orders: Orders, claim: Claim, run: Run): void {
  const { phase } = run;
  tellOf(orders, claim, { kind: 'phase_ended', phase, durationMs: since(orders, run.phaseSinceMonotonicMs) });
}

export function beginTurn(orders: Orders, claim: Claim, run: Run, turn: number): void {
  endTurn(orders, claim, run);
  run.turn = turn;
  run.inTurn = true;
  run.turnSinceMonotonicMs = orders.now.monotonicMs;
}

/** Nothing when none is under way. */
export function endTurn(orders: Orders, claim: Claim, run: Run): void {
  run.tools.clear();
  if (!run.inTurn) return;
  run.inTurn = false;
  const { turn } = run;
  tellOf(orders, claim, { kind: 'turn_ended', turn, durationMs: since(orders, run.turnSinceMonotonicMs) });
}

/** Before the tool is forgotten. Without its start, the agent's own figure counts, where it has any. */
export function endTool(
  orders: Orders,
  claim: Claim,
  run: Run,
  { callId = '', name, durationMs, ok }: Extract<AgentEvent, { kind: 'tool_result' }>,
): void {
  const started = run.tools.get(callId);
  const own = durationMs > 0 ? durationMs : null;
  tellOf(orders, claim, {
    kind: 'tool_ended',
    tool: name.slice(0, NAME_LIMIT),
    durationMs: started === undefined ? own : since(orders, started.sinceMonotonicMs),
    ok,
  });
}

function since({ now }: Orders, monotonicMs: number): number {
  return Math.max(0, now.monotonicMs - monotonicMs);
}
