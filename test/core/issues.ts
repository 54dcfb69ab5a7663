// Issues, settings and stored rows of the core's tests: the plain case that is eligible and ends well. What a
// test is about it says; nothing here depends on a clock or on chance.

import type {
  BudgetSettings,
  CoreSettings,
  Issue,
  StoredIssue,
  StoredOpenRun,
  StoredPark,
  StoredRetry,
  TrackerFailure,
} from '../../src/contract/index.ts';

export function issue(id = '1', facts: Partial<Issue> = {}): Issue {
  return {
    id,
    identifier: `DEMO-${id}`,
    title: `Issue ${id}`,
    description: '',
    priority: null,
    state: 'Todo',
    branchName: '',
    url: '',
    assignee: '',
    issueType: '',
    labels: [],
    parent: null,
    comments: null,
    blockedBy: [],
    createdAt: `2026-01-01T00:00:0${id.slice(-1)}Z`,
    updatedAt: '2026-01-01T00:00:00Z',
    ...facts,
  };
}

export interface SettingsChange {
  readonly pollIntervalMs?: number;
  readonly tokenRates?: CoreSettings['tokenRates'];
  readonly tracker?: Partial<CoreSettings['tracker']>;
  readonly agent?: Partial<CoreSettings['agent']>;
  readonly notifications?: CoreSettings['notifications'];
}

export const NO_BUDGET: BudgetSettings = {
  maxTokensPerRun: 0,
  maxTokensPerIssue: 0,
  maxTokensPerDay: 0,
  maxUsdPerRun: 0,
  maxUsdPerIssue: 0,
  maxUsdPerDay: 0,
};

/** Active: Todo, In Progress. Terminal: Done, Canceled. No handoff state unless a test sets one. */
export function settings(change: SettingsChange = {}): CoreSettings {
  return {
    pollIntervalMs: change.pollIntervalMs ?? 30_000,
    tokenRates: change.tokenRates ?? {},
    tracker: {
      activeStates: ['Todo', 'In Progress'],
      terminalStates: ['Done', 'Canceled'],
      handoffState: '',
      requiredLabels: [],
      parkLabel: '',
      queryFilter: '',
      maxInHandoff: 0,
      comments: { onDispatch: false, onCompletion: false, onFailure: false, style: 'plain' },
      ...change.tracker,
    },
    agent: {
      kind: 'mock',
      maxSessions: 0,
      maxConcurrentAgents: 10,
      maxConcurrentAgentsByState: {},
      stallTimeoutMs: 300_000,
      toolTimeoutMs: 1_800_000,
      budget: NO_BUDGET,
      evidence: 'observed',
      maxEmptyRuns: 3,
      maxRetryBackoffMs: 300_000,
      breakerFailures: 0,
      ...change.agent,
    },
    notifications: change.notifications ?? [],
  };
}

export const REVIEW: SettingsChange = { tracker: { handoffState: 'Review' } };

export function failure(facts: Partial<TrackerFailure> = {}): TrackerFailure {
  return { kind: 'tracker_transport_error', message: 'the tracker is away', ...facts };
}

export const refusal = failure({ kind: 'tracker_payload_error', message: 'no transition leads there' });

export function storedRetry(id: string, facts: Partial<StoredRetry> = {}): StoredRetry {
  return {
    issueId: id,
    identifier: `DEMO-${id}`,
    title: `Issue ${id}`,
    attempt: 1,
    failures: 1,
    dueAtMs: 0,
    trigger: 'error',
    error: 'it broke',
    step: 'agent',
    refusals: 0,
    lookFailures: 0,
    baseline: null,
    ...facts,
  };
}

export function storedPark(id: string, facts: Partial<StoredPark> = {}): StoredPark {
  return {
    issueId: id,
    identifier: `DEMO-${id}`,
    title: `Issue ${id}`,
    reason: 'blocked',
    detail: 'waits for a person',
    parkedAtMs: 0,
    untilMs: null,
    attempt: 1,
    failures: 0,
    baseline: null,
    crossed: null,
    ...facts,
  };
}

export function openRun(id: string, facts: Partial<StoredOpenRun> = {}): StoredOpenRun {
  return {
    runId: `old-run-${id}`,
    issueId: id,
    identifier: `DEMO-${id}`,
    title: `Issue ${id}`,
    attempt: 0,
    failures: 0,
    processes: [],
    startedAtMs: 0,
    ordered: false,
    turns: 1,
    tokens: { inputTokens: 10, outputTokens: 1, cacheReadTokens: 2 },
    costUsd: null,
    costEstimated: false,
    ...facts,
  };
}

/** Remembered of an issue that has run before; nothing used, no folder, no session. */
export function storedIssue(id: string, facts: Partial<StoredIssue> = {}): StoredIssue {
  return {
    issueId: id,
    identifier: `DEMO-${id}`,
    workspacePath: null,
    sessionId: null,
    sessionAgentKind: null,
    sessionsUsed: 0,
    spending: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
    sessionUsage: null,
    emptyRuns: 0,
    ...facts,
  };
}
