// The shortest words for what the tests of the store write: each whole, with the facts that matter to a
// test named there. Imports no test runner, because child processes use it too.
import type { OperatorAction } from '../../src/contract/controls.ts';
import type { StoredNotification } from '../../src/contract/notification.ts';
import type { Sample, TimelineEntry } from '../../src/contract/observation.ts';
import type { StoredIssue, StoredPark, StoredRetry, StoreWrite } from '../../src/contract/store.ts';

export const tracker = { kind: 'file', identity: '/issues.json' };
export const nothingRemembered: Omit<StoredIssue, 'issueId' | 'identifier'> = {
  workspacePath: null,
  sessionId: null,
  sessionAgentKind: null,
  sessionsUsed: 0,
  spending: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
  sessionUsage: null,
  emptyRuns: 0,
};
export const tokens = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 20 };

type Write<Kind extends StoreWrite['kind']> = Extract<StoreWrite, { kind: Kind }>;

export function runStarted(runId: string, facts: Partial<Write<'run_started'>> = {}): StoreWrite {
  return {
    kind: 'run_started',
    runId,
    issueId: '1',
    identifier: 'DEMO-1',
    title: 'A title',
    attempt: 0,
    failures: 0,
    agentKind: 'mock',
    sessionId: null,
    startedAtMs: 1_000,
    issueState: 'To Do',
    issueLabels: ['backend'],
    issueUrl: 'https://tracker.example/DEMO-1',
    ...facts,
  };
}

export function runEnded(runId: string, facts: Partial<Write<'run_ended'>> = {}): StoreWrite {
  return {
    kind: 'run_ended',
    runId,
    status: 'succeeded',
    error: '',
    evidence: '',
    completedAtMs: 2_000,
    secondsRunning: 1.5,
    turns: 2,
    tokens,
    costUsd: 0.25,
    costEstimated: true,
    ...facts,
  };
}

export function retry(issueId: string, facts: Partial<StoredRetry> = {}): StoredRetry {
  return {
    issueId,
    identifier: `DEMO-${issueId}`,
    title: 'A title',
    attempt: 1,
    failures: 1,
    dueAtMs: 11_000,
    trigger: 'error',
    error: 'it broke',
    step: 'agent',
    refusals: 0,
    lookFailures: 0,
    baseline: null,
    ...facts,
  };
}

export function park(issueId: string, facts: Partial<StoredPark> = {}): StoredPark {
  return {
    issueId,
    identifier: `DEMO-${issueId}`,
    title: 'A title',
    reason: 'blocked',
    detail: 'the agent says so',
    parkedAtMs: 12_000,
    untilMs: null,
    attempt: 1,
    failures: 0,
    baseline: 'fingerprint',
    crossed: null,
    ...facts,
  };
}

export function operatorAction(facts: Partial<OperatorAction> = {}): OperatorAction {
  return {
    atMs: 1_000,
    control: 'hold',
    issueId: '1',
    issueIdentifier: 'DEMO-1',
    by: 'ada',
    reason: 'not today',
    ...facts,
  };
}

export function notification(id: string, facts: Partial<StoredNotification> = {}): StoredNotification {
  return {
    id,
    destination: 'chat',
    event: 'issue_parked',
    atMs: 1_000,
    summary: 'DEMO-1 is parked',
    detail: 'the agent says so',
    issueId: '1',
    issueIdentifier: 'DEMO-1',
    issueTitle: 'A title',
    issueUrl: 'https://tracker.example/DEMO-1',
    runId: null,
    code: 'blocked',
    ...facts,
  };
}

export function entry(facts: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    atMs: 1_000,
    issueId: '1',
    issueIdentifier: 'DEMO-1',
    runId: 'r',
    attempt: 0,
    kind: 'tool',
    name: 'edit_file',
    detail: 'src/prices.ts',
    durationMs: 250,
    ok: true,
    ...facts,
  };
}

export function sample(atMs: number, facts: Partial<Sample> = {}): Sample {
  return {
    atMs,
    running: 0,
    retrying: 0,
    parked: 0,
    waiting: 0,
    trackerRequests: 0,
    trackerErrors: 0,
    polls: 0,
    pollSeconds: 0,
    pollSecondsMax: 0,
    ...facts,
  };
}
