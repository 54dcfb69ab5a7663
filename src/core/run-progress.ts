// What a running worker reports, folded into the run. Facts that recovery needs are made durable at once;
// the rest is counted here and written in one batch at the next tick.

import type { AgentEvent, CoreSettings, RunEvent, TokenTotals } from '../contract/index.ts';
import { remember, tellOf, write, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';

/** Bounds what one message may put into the snapshot. */
const MESSAGE_LIMIT = 500;

export function onRunProgressed(orders: Orders, claim: Claim, run: Run, event: RunEvent): void {
  switch (event.kind) {
    case 'phase_entered':
      run.phase = event.phase;
      // A failed turn ends in no `turn_finished`: the stall clock must not run through the hooks.
      if (event.phase === 'finishing') run.inTurn = false;
      remember(orders, claim.issueId, 'phase', event.phase);
      return;
    case 'workspace_ready':
      workspaceReady(orders, claim, run, event.path);
      return;
    case 'process_started':
      write(orders, { kind: 'run_process', runId: run.runId, process: event.identity });
      return;
    case 'turn_started':
      run.turn = event.turn;
      run.inTurn = true;
      run.lastEventMonotonicMs = orders.now.monotonicMs;
      return;
    case 'turn_finished':
      run.inTurn = false;
      run.movedByAgent = false;
      run.turnsCompleted = event.turn;
      run.unsaved = true;
      return;
    case 'agent_event':
      onAgentEvent(orders, claim, run, event.event);
      return;
    case 'tracker_write_confirmed':
      run.writes += 1;
      if (event.state !== null) {
        // The worker itself moves nothing during a turn: this was a tool call of the agent's.
        if (run.inTurn) run.movedByAgent = true;
        observeState(claim, event.state);
      }
      return;
    case 'state_observed':
      observeState(claim, event.state);
      return;
    case 'warning':
      tellOf(orders, claim, { kind: 'run_warned', message: event.message, detail: event.detail });
      return;
  }
}

/** One write for all runs that have moved since the last tick. */
export function saveProgress(orders: Orders): void {
  for (const claim of orders.state.claims.values()) {
    if (claim.stage.kind !== 'running' || !claim.stage.run.unsaved) continue;
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
  }
}

function onAgentEvent(orders: Orders, claim: Claim, run: Run, event: AgentEvent): void {
  run.lastEvent = event.kind;
  run.lastEventAtMs = orders.now.atMs;
  run.lastEventMonotonicMs = orders.now.monotonicMs;
  if ('message' in event) run.lastMessage = event.message.slice(0, MESSAGE_LIMIT);
  if (event.kind === 'session_started') sessionStarted(orders, claim, run, event.sessionId);
  else if (event.kind === 'token_usage') {
    run.tokens = addTokens(run.tokens, event);
    if (event.model !== '') run.modelName = event.model;
    addCost(run, event, orders.state.settings);
    run.unsaved = true;
  } else if (event.kind !== 'notification' && event.kind !== 'other_message') {
    remember(orders, claim.issueId, event.kind, 'message' in event ? run.lastMessage : '');
  }
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

function sessionStarted(orders: Orders, claim: Claim, run: Run, sessionId: string): void {
  run.sessionId = sessionId;
  rememberIssue(orders, claim, { sessionId, sessionAgentKind: run.agentKind });
  write(orders, {
    kind: 'run_session',
    runId: run.runId,
    issueId: claim.issueId,
    agentKind: run.agentKind,
    sessionId,
  });
}

export function rememberIssue(
  orders: Orders,
  claim: Claim,
  facts: {
    workspacePath?: string | null;
    sessionId?: string;
    sessionAgentKind?: string;
    sessionsUsed?: number;
  },
): void {
  const { memory } = orders.state;
  const known = memory.get(claim.issueId) ?? {
    issueId: claim.issueId,
    identifier: claim.identifier,
    workspacePath: null,
    sessionId: null,
    sessionAgentKind: null,
    sessionsUsed: 0,
  };
  memory.set(claim.issueId, { ...known, identifier: claim.identifier, ...facts });
}

/** A finished issue whose folder is gone: should it ever come back, it begins anew, its allowance too. */
export function forgetIssue(orders: Orders, claim: Claim): void {
  const { issueId, identifier } = claim;
  orders.state.memory.delete(issueId);
  write(orders, { kind: 'forget_workspace', issueId });
  write(orders, { kind: 'forget_session', issueId });
  write(orders, { kind: 'put_sessions_used', issueId, identifier, sessionsUsed: 0 });
}

function observeState(claim: Claim, state: string): void {
  if (claim.issue !== null && claim.issue.state !== state) claim.issue = { ...claim.issue, state };
}

function addTokens(totals: TokenTotals, more: TokenTotals): TokenTotals {
  return {
    inputTokens: totals.inputTokens + more.inputTokens,
    outputTokens: totals.outputTokens + more.outputTokens,
    cacheReadTokens: totals.cacheReadTokens + more.cacheReadTokens,
  };
}

/** What the agent reports counts; `token_rates` give an estimate only where it reports nothing. */
function addCost(run: Run, usage: TokenTotals & { costUsd: number | null }, settings: CoreSettings): void {
  if (usage.costUsd !== null) {
    run.costUsd = (run.costUsd ?? 0) + usage.costUsd;
    return;
  }
  const rates = Object.hasOwn(settings.tokenRates, run.agentKind)
    ? settings.tokenRates[run.agentKind]
    : undefined;
  if (rates === undefined) return;
  const parts: readonly (readonly [number, number | undefined])[] = [
    [usage.inputTokens, rates.inputPerMtok],
    [usage.outputTokens, rates.outputPerMtok],
    [usage.cacheReadTokens, rates.cacheReadPerMtok],
  ];
  const cost = parts.reduce((sum, [tokens, rate]) => sum + (tokens * (rate ?? 0)) / 1_000_000, 0);
  run.costUsd = (run.costUsd ?? 0) + cost;
  run.costEstimated = true;
}
