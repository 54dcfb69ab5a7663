// Usage as agents report it, for the core's tests, and issues that run and use it.

import type { AgentEvent, Effect } from '../../src/contract/index.ts';
import { aCore, type Core, type Start } from './driver.ts';
import { issue } from './issues.ts';

type Usage = Extract<AgentEvent, { kind: 'token_usage' }>;

/** Tokens count as input. */
export function usageOf(tokens: number, facts: Partial<Usage> = {}): Usage {
  return {
    kind: 'token_usage',
    inputTokens: tokens,
    outputTokens: 0,
    cacheReadTokens: 0,
    model: 'm',
    costUsd: null,
    ...facts,
  };
}

export function uses(core: Core, issueId: string, tokens: number, facts: Partial<Usage> = {}): Effect[] {
  return core.progress(issueId, { kind: 'agent_event', event: usageOf(tokens, facts) });
}

export function startsSession(core: Core, issueId: string, sessionId: string): Effect[] {
  return core.progress(issueId, { kind: 'agent_event', event: { kind: 'session_started', sessionId } });
}

/** These issues run, each in its first turn. */
export function running(start: Start = {}, ...issueIds: readonly string[]): Core {
  const core = aCore(start);
  core.start(...issueIds.map((id) => issue(id)));
  for (const id of issueIds) core.inTurn(id);
  return core;
}
