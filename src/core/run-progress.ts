// What a running worker reports, folded into the run. Facts that recovery needs are made durable at once; the rest
// is counted and written in batches.

import type { AgentEvent, RateLimitWindow, RunEvent } from '../contract/index.ts';
import { breakerOnTurn } from './breaker.ts';
import { beginTurn, endTool, endTurn, enterPhase } from './durations.ts';
import { rememberIssue, sessionLost, sessionStarted } from './memory.ts';
import { remember, tellOf, write, type Orders } from './orders.ts';
import { saveProgress } from './progress-saves.ts';
import { onTurnCompleted } from './quota.ts';
import { startWaitingRetries } from './retries.ts';
import type { Claim, Run } from './state.ts';
import { followTools } from './tools-in-flight.ts';
import { onUsage, settleEstimates } from './usage.ts';

/** Bounds what one message may put into the snapshot. */
const MESSAGE_LIMIT = 500;
const MOST_WINDOWS = 20;

export function onRunProgressed(orders: Orders, claim: Claim, run: Run, event: RunEvent): void {
  switch (event.kind) {
    case 'phase_entered':
      // A failed turn ends in no `turn_finished`: the stall clock must not run through the hooks.
      if (event.phase === 'finishing') endTurn(orders, claim, run);
      enterPhase(orders, claim, run, event.phase);
      remember(orders, claim.issueId, 'phase', event.phase);
      return;
    case 'workspace_ready':
      workspaceReady(orders, claim, run, event.path);
      return;
    case 'process_started':
      write(orders, { kind: 'run_process', runId: run.runId, process: event.identity });
      return;
    case 'turn_started':
      beginTurn(orders, claim, run, event.turn);
      run.movedByAgent = false;
      settleEstimates(orders, claim, run);
      run.lastEventMonotonicMs = orders.now.monotonicMs;
      return;
    case 'turn_finished':
      endTurn(orders, claim, run);
      run.turnsCompleted = event.turn;
      onTurnCompleted(orders, run.agentKind);
      // Whoever has waited for this one goes on.
      if (breakerOnTurn(orders, claim, run)) startWaitingRetries(orders);
      run.unsaved = true;
      saveProgress(orders);
      return;
    case 'agent_event':
      onAgentEvent(orders, claim, run, event.event);
      return;
    case 'session_lost':
      sessionLost(orders, claim, run, event.sessionId);
      return;
    case 'tracker_write_confirmed':
      // The worker itself moves nothing during a turn: that would be a tool call of the agent's.
      onWriteConfirmed(claim, run, { state: event.state, byAgent: run.inTurn });
      return;
    case 'state_observed':
      observeState(claim, event.state);
      return;
    case 'warning':
      tellOf(orders, claim, { kind: 'run_warned', message: event.message, detail: event.detail });
      return;
  }
}

function onAgentEvent(orders: Orders, claim: Claim, run: Run, event: AgentEvent): void {
  run.lastEvent = event.kind;
  run.lastEventAtMs = orders.now.atMs;
  run.lastEventMonotonicMs = orders.now.monotonicMs;
  if ('message' in event) run.lastMessage = event.message.slice(0, MESSAGE_LIMIT);
  if (event.kind === 'tool_result') endTool(orders, claim, run, event);
  followTools(run.tools, event, orders.now.monotonicMs);
  if (event.kind === 'session_started') sessionStarted(orders, claim, run, event.sessionId);
  else if (event.kind === 'token_usage') {
    if (event.model !== '') run.modelName = event.model;
    onUsage(orders, claim, run, event);
  } else if (event.kind === 'rate_limits') rateLimited(orders, run, event.windows);
  else if (event.kind !== 'notification' && event.kind !== 'other_message') {
    remember(orders, claim.issueId, event.kind, 'message' in event ? run.lastMessage : '');
  }
}

/** For people only: what is held is decided by a turn that fails. */
function rateLimited({ state, now }: Orders, { agentKind }: Run, windows: readonly RateLimitWindow[]): void {
  state.rateLimits.set(agentKind, { agentKind, atMs: now.atMs, windows: windows.slice(0, MOST_WINDOWS) });
}

function workspaceReady(orders: Orders, claim: Claim, run: Run, path: string): void {
  run.workspacePath = path;
  rememberIssue(orders, claim, { workspacePath: path });
  write(orders, {
    kind: 'run_workspace',
    runId: run.runId,
    issueId: claim.issueId,
    identifier: claim.identifier,
    path,
  });
}

/** What was read before it is outdated. `state`: where it moved the issue; null = nowhere. */
export function onWriteConfirmed(
  claim: Claim,
  run: Run,
  { state, byAgent }: { readonly state: string | null; readonly byAgent: boolean },
): void {
  run.writes += 1;
  if (state === null) return;
  if (byAgent) run.movedByAgent = true;
  observeState(claim, state);
}

function observeState(claim: Claim, state: string): void {
  if (claim.issue !== null && claim.issue.state !== state) claim.issue = { ...claim.issue, state };
}
