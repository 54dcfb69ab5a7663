// How everything begins: nothing is known, and nothing is done before recovery has read what the store holds.

import { closedBreaker } from './breaker.ts';
import type { CoreSettings } from '../contract/index.ts';
import type { CoreState } from './state.ts';

export function createState(settings: CoreSettings): CoreState {
  return {
    mode: 'recovering',
    settings,
    nextEffectId: 1,
    pending: new Map(),
    claims: new Map(),
    runs: new Map(),
    memory: new Map(),
    verdicts: new Map(),
    latestVerdicts: new Map(),
    waitingVerdicts: 0,
    setbacks: new Map(),
    recent: new Map(),
    totals: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, secondsRunning: 0 },
    runsEnded: 0,
    day: null,
    quotas: new Map(),
    refusals: new Map(),
    breaker: closedBreaker(),
    handoff: null,
    rateLimits: new Map(),
    dispatch: { mode: 'running', by: '', reason: '', sinceMs: 0 },
    drainToldMs: null,
    agentWrites: new Map(),
    writtenEarly: new Set(),
    owedAnswers: [],
    toldPauses: new Map(),
    troubleSince: new Map(),
    savesSoon: false,
    tick: null,
    tickNumber: 0,
    tickAgain: false,
    lastTick: null,
    preflightProblems: [],
    trackerNotBeforeMs: 0,
    storeFailing: false,
    shutdownDeadlineMs: null,
  };
}
