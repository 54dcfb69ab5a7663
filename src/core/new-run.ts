// A run as it begins: nothing done, nothing used, and the settings that hold for the whole of it.

import type { SessionUsage, StoredSessionUsage } from '../contract/index.ts';
import type { Orders } from './orders.ts';
import { NOTHING_RUN, UNUSED_SESSION } from './spending.ts';
import type { Run } from './state.ts';

/** @param sessionId the session to go on with; null = a fresh one, which has used nothing. */
export function newRun(
  orders: Orders,
  runId: string,
  sessionId: string | null,
  sessionUsage: StoredSessionUsage | null,
): Run {
  const { agent } = orders.state.settings;
  return {
    runId,
    startedAtMs: orders.now.atMs,
    startedMonotonicMs: orders.now.monotonicMs,
    agentKind: agent.kind,
    stallTimeoutMs: agent.stallTimeoutMs,
    toolTimeoutMs: agent.toolTimeoutMs,
    phase: 'checking',
    phaseSinceMonotonicMs: orders.now.monotonicMs,
    sessionId,
    workspacePath: null,
    turn: 0,
    turnsCompleted: 0,
    inTurn: false,
    turnSinceMonotonicMs: orders.now.monotonicMs,
    lastEvent: null,
    lastMessage: '',
    lastEventAtMs: null,
    lastEventMonotonicMs: orders.now.monotonicMs,
    tools: new Map(),
    modelName: '',
    ...NOTHING_RUN,
    sessionUsage: sessionId === null ? UNUSED_SESSION : (sessionUsage ?? UNUSED_SESSION),
    stopping: null,
    stopDetail: '',
    crossing: null,
    writes: 0,
    movedByAgent: false,
    unsaved: false,
    overruled: false,
    held: null,
  };
}

/** When the same work is tried again, what was overruled for it stays so. */
export function stepAfter({ overruled }: Run): 'agent' | 'ordered' {
  return overruled ? 'ordered' : 'agent';
}

/** What the agent itself is told. */
export function usageOf({ sessionUsage }: Run): SessionUsage {
  const { inputTokens, outputTokens, cacheReadTokens, reportedCostUsd } = sessionUsage;
  return { inputTokens, outputTokens, cacheReadTokens, costUsd: reportedCostUsd };
}
