// What the fake daemon shows of the present: realistic entries that a test changes where it wants something else.

import type {
  IssueSnapshot,
  Readiness,
  RunningEntry,
  Snapshot,
  WaitingEntry,
} from '../../src/contract/snapshot.ts';
import type { HistoryRun } from '../../src/contract/store.ts';

export const NOW_MS = Date.UTC(2026, 10, 22, 9, 30, 0);

export function running(over: Partial<RunningEntry> = {}): RunningEntry {
  return {
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    title: 'Checkout forgets the voucher when the cart is empty',
    state: 'In Progress',
    runId: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
    sessionId: 'b1b7f0a2-6f6b-4a59-8e0b-3f8f0a6c9d10',
    phase: 'streaming_turn',
    attempt: 1,
    turnCount: 3,
    lastEvent: 'notification',
    lastMessage: 'Running the checkout tests again after the fix in voucher.ts',
    startedAtMs: NOW_MS - 754_000,
    lastEventAtMs: NOW_MS - 2_000,
    workspacePath: '/srv/sortie/SHOP-42',
    agentKind: 'claude-code',
    modelName: 'claude-sonnet',
    tokens: { inputTokens: 48_210, outputTokens: 6_934, cacheReadTokens: 310_400 },
    costUsd: 0.41,
    costEstimated: true,
    tools: ['Bash'],
    ...over,
  };
}

export function waiting(over: Partial<WaitingEntry> = {}): WaitingEntry {
  return {
    issueId: '10061',
    issueIdentifier: 'SHOP-61',
    title: 'Stock is counted twice after a return',
    verdict: 'no_state_slot',
    detail: 'In Progress: 1 of 1 slots used',
    sinceMs: NOW_MS - 620_000,
    asOfMs: NOW_MS - 12_000,
    ...over,
  };
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    generatedAtMs: NOW_MS,
    mode: 'running',
    running: [running()],
    retrying: [
      {
        issueId: '10057',
        issueIdentifier: 'SHOP-57',
        title: 'Import of suppliers fails on an empty line',
        attempt: 2,
        dueAtMs: NOW_MS + 40_000,
        error: 'agent: turn_failed: exit 1 after 214 s',
        trigger: 'error',
      },
    ],
    parked: [
      {
        issueId: '10031',
        issueIdentifier: 'SHOP-31',
        title: 'Move invoices to the new tax service',
        reason: 'blocked',
        detail: 'the agent wrote "blocked" to .sortie/status',
        parkedAtMs: NOW_MS - 3_600_000,
        untilMs: null,
        endsOn: ['issue_change', 'workflow_change', 'operator'],
      },
    ],
    agentTotals: {
      inputTokens: 1_204_500,
      outputTokens: 187_300,
      cacheReadTokens: 9_800_000,
      secondsRunning: 18_422.5,
    },
    runsEnded: 17,
    pauses: [
      {
        reason: 'quota',
        agentKind: 'codex',
        detail: 'usage limit of the plan',
        untilMs: NOW_MS + 7_200_000,
      },
    ],
    rateLimits: [
      {
        agentKind: 'claude-code',
        atMs: NOW_MS - 30_000,
        windows: [{ name: 'five_hour', usedPercent: 61.5, resetsAtMs: NOW_MS + 3_600_000 }],
      },
    ],
    today: {
      day: '2026-11-22',
      inputTokens: 204_500,
      outputTokens: 31_200,
      cacheReadTokens: 1_900_000,
      costUsd: 3.27,
    },
    activeEstimatedCostUsd: 0.41,
    slots: { limit: 10, used: 1 },
    lastTick: { atMs: NOW_MS - 12_000, result: 'success', error: '' },
    preflightProblems: [],
    waiting: [
      waiting(),
      waiting({
        issueId: '10064',
        issueIdentifier: 'SHOP-64',
        title: 'Search finds nothing for umlauts',
        verdict: 'blocked_by',
        detail: 'SHOP-42 is In Progress',
        sinceMs: NOW_MS - 5_400_000,
      }),
      waiting({
        issueId: '10066',
        issueIdentifier: 'SHOP-66',
        title: 'Mail templates: plain text part is missing',
        verdict: 'missing_label',
        detail: 'agent-ready',
        sinceMs: NOW_MS - 260_000,
      }),
    ],
    waitingTotal: 3,
    dispatch: { mode: 'running', by: 'anna', reason: 'the deployment is done', sinceMs: NOW_MS - 4_000_000 },
    drained: false,
    handoff: { limit: 5, count: 3, asOfMs: NOW_MS - 12_000 },
    budget: { maxTokensPerDay: 5_000_000, maxUsdPerDay: 25 },
    ...over,
  };
}

/** Timed without a break, unless told otherwise. */
export function historyRun(over: Partial<HistoryRun> = {}): HistoryRun {
  const { startedAtMs = NOW_MS - 1_200_000, completedAtMs = NOW_MS - 900_000 } = over;
  return {
    runId: '5d2c7a56-30c7-4f7e-9b0a-0d4a1c9b7e01',
    issueId: '10012',
    issueIdentifier: 'SHOP-12',
    title: 'Round prices to two digits',
    issueState: 'To Do',
    issueLabels: ['backend', 'money'],
    issueUrl: 'https://tracker.example/browse/SHOP-12',
    attempt: 1,
    status: 'succeeded',
    error: '',
    evidence: 'commit on fix/rounding; 3 files changed',
    agentKind: 'claude-code',
    sessionId: 'c0a8',
    workspacePath: '/srv/sortie/SHOP-12',
    startedAtMs,
    completedAtMs,
    secondsRunning: ((completedAtMs ?? startedAtMs) - startedAtMs) / 1_000,
    turnsCompleted: 4,
    tokens: { inputTokens: 90_000, outputTokens: 11_000, cacheReadTokens: 400_000 },
    costUsd: 0.82,
    costEstimated: false,
    ...over,
  };
}

export function readiness(over: Partial<Readiness> = {}): Readiness {
  return {
    draining: false,
    version: '0.1.0',
    uptimeSeconds: 12.5,
    checks: { database: 'pass', preflight: 'pass', workflow: 'pass' },
    reloadError: '',
    throttles: [{ scope: 'tracker', untilMs: NOW_MS + 20_000, reason: '429' }],
    workflowLoadedAtMs: NOW_MS - 5_000_000,
    reloadFailedAtMs: null,
    trackerError: {
      atMs: NOW_MS - 95_000,
      message: 'tracker: tracker_rate_limited: GET /search: 429, wait 20 s',
    },
    ...over,
  };
}

/** An issue that stands in a snapshot, as the core would show it alone; null when it is in none of the lists. */
export function issueIn(shown: Snapshot, identifier: string): IssueSnapshot | null {
  const same = (entry: { readonly issueIdentifier: string }): boolean =>
    entry.issueIdentifier.toLowerCase() === identifier.toLowerCase();
  const runs = shown.running.find(same) ?? null;
  const retry = shown.retrying.find(same) ?? null;
  const park = shown.parked.find(same) ?? null;
  const waits = shown.waiting.find(same) ?? null;
  const entry = runs ?? retry ?? park ?? waits;
  if (entry === null) return null;
  const status = runs ? 'running' : retry ? 'retrying' : park ? 'parked' : 'released';
  return {
    issueId: entry.issueId,
    issueIdentifier: entry.issueIdentifier,
    status,
    verdict: waits ?? {
      verdict: runs ? 'running' : retry ? 'retry_queued' : park?.reason === 'held' ? 'held' : 'parked',
      detail: park?.detail ?? retry?.error ?? '',
      sinceMs: runs?.startedAtMs ?? park?.parkedAtMs ?? NOW_MS - 30_000,
      asOfMs: NOW_MS - 12_000,
    },
    title: entry.title,
    issueState: runs?.state ?? 'To Do',
    issueUrl: `https://tracker.example/browse/${entry.issueIdentifier}`,
    issue: {
      id: entry.issueId,
      identifier: entry.issueIdentifier,
      title: entry.title,
      description: '',
      priority: 2,
      state: runs?.state ?? 'To Do',
      branchName: '',
      url: `https://tracker.example/browse/${entry.issueIdentifier}`,
      assignee: 'Anna',
      issueType: 'Bug',
      labels: ['backend'],
      parent: null,
      comments: null,
      blockedBy: [],
      createdAt: '2026-11-01T08:00:00.000Z',
      updatedAt: '2026-11-22T09:00:00.000Z',
    },
    running: runs,
    retry,
    park,
    recentEvents: [
      { atMs: NOW_MS - 754_000, event: 'dispatched', message: '' },
      { atMs: NOW_MS - 2_000, event: 'notification', message: runs?.lastMessage ?? entry.title },
    ],
    lastError: retry?.error ?? '',
    controls: runs
      ? ['cancel']
      : park?.reason === 'held'
        ? ['unhold']
        : retry || park
          ? ['dispatch', 'retry', 'release', 'hold']
          : ['dispatch', 'hold'],
  };
}
