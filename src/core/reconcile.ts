// Who must stop, and why: stalls by our own clock, and running issues whose state in the tracker has moved on.
// An absent or failed answer stops nobody.

import type { Claim, CoreState, Run } from './state.ts';
import { stopRun } from './claims.ts';
import { isActive, isTerminal } from './eligibility.ts';
import { order, tellOf, type Orders } from './orders.ts';
import { isAgentWriting } from './parking.ts';
import { longestInFlight } from './tools-in-flight.ts';

export function stopStalled(orders: Orders): void {
  for (const [claim, run] of running(orders.state)) {
    const detail = run.inTurn && run.stopping === null ? stallOf(run, orders.now.monotonicMs) : null;
    if (detail === null) continue;
    tellOf(orders, claim, { kind: 'reconciled', action: 'stop' });
    stopRun(orders, claim, run, 'stalled', detail);
  }
}

/** While a tool is at work silence is no stall; a tool that is at work for too long is one. null = none. */
function stallOf(run: Run, monotonicMs: number): string | null {
  const { toolTimeoutMs, stallTimeoutMs } = run;
  const tool = longestInFlight(run.tools);
  if (tool !== null) {
    const isStuck = toolTimeoutMs > 0 && monotonicMs - tool.sinceMonotonicMs > toolTimeoutMs;
    return isStuck
      ? `the tool ${tool.name} has run for more than agent.tool_timeout_ms (${toolTimeoutMs} ms)`
      : null;
  }
  const isSilent = stallTimeoutMs > 0 && monotonicMs - run.lastEventMonotonicMs > stallTimeoutMs;
  return isSilent ? `no agent event for more than agent.stall_timeout_ms (${stallTimeoutMs} ms)` : null;
}

/** Asks for the states of all running issues in one call. False when nothing runs. */
export function refreshStates(orders: Orders): boolean {
  const asked = new Map<string, { runId: string; writes: number }>();
  for (const [claim, run] of running(orders.state)) {
    if (run.stopping === null) asked.set(claim.issueId, { runId: run.runId, writes: run.writes });
  }
  if (asked.size === 0) return false;
  order(orders, { kind: 'fetch_states', issueIds: [...asked.keys()] }, { kind: 'refresh_states', asked });
  return true;
}

export function onStatesFetched(
  orders: Orders,
  asked: ReadonlyMap<string, { runId: string; writes: number }>,
  states: Readonly<Record<string, string>>,
): void {
  for (const [issueId, before] of asked) {
    const claim = orders.state.claims.get(issueId);
    if (claim?.stage.kind !== 'running') continue;
    const { run } = claim.stage;
    // Stale: another run, or the state from before a write of ours.
    if (run.runId !== before.runId || run.writes !== before.writes) continue;
    const state = Object.hasOwn(states, issueId) ? states[issueId] : undefined;
    if (state === undefined) tellOf(orders, claim, { kind: 'reconciled', action: 'keep' });
    else judgeRunning(orders, claim, run, state);
  }
}

/** The look failed: everything is kept. */
export function onStatesFailed(orders: Orders, asked: ReadonlyMap<string, { runId: string }>): void {
  for (const issueId of asked.keys()) {
    const claim = orders.state.claims.get(issueId);
    if (claim !== undefined) tellOf(orders, claim, { kind: 'reconciled', action: 'keep' });
  }
}

function judgeRunning(orders: Orders, claim: Claim, run: Run, state: string): void {
  const { settings } = orders.state;
  if (claim.issue !== null && claim.issue.state !== state) claim.issue = { ...claim.issue, state };
  if (isTerminal(state, settings)) {
    tellOf(orders, claim, { kind: 'reconciled', action: 'cleanup' });
    stopRun(orders, claim, run, 'terminal');
  } else if (isActive(state, settings) || mayHaveMoved(orders.state, claim, run)) {
    tellOf(orders, claim, { kind: 'reconciled', action: 'keep' });
  } else {
    tellOf(orders, claim, { kind: 'reconciled', action: 'stop' });
    stopRun(orders, claim, run, 'not_active');
  }
}

/**
 * A turn that moved its own issue has ended before the run has: the worker looks itself before it begins another one.
 * The state may be told before the answer to the tool call that led to it: then it is judged by the next answer.
 */
function mayHaveMoved(state: CoreState, claim: Claim, run: Run): boolean {
  return run.movedByAgent || (run.turn > 0 && isAgentWriting(state, claim.issueId));
}

function* running(state: CoreState): Generator<[Claim, Run]> {
  for (const claim of state.claims.values()) {
    if (claim.stage.kind === 'running') yield [claim, claim.stage.run];
  }
}
