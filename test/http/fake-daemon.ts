// A daemon's view and a store with realistic content, behind the same ports as the real ones, for tests of
// the server and pictures of the page. Holds no logic of the daemon: a test sets what it wants to be seen.

import type {
  DaemonView,
  IssueSnapshot,
  Readiness,
  RefreshAnswer,
  RunningEntry,
  Snapshot,
} from '../../src/contract/snapshot.ts';
import {
  StoreError,
  type HistoryQuery,
  type HistoryRun,
  type Store,
  type StoredIssue,
} from '../../src/contract/store.ts';

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
    attempt: 0,
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
    ...over,
  };
}

export function historyRun(over: Partial<HistoryRun> = {}): HistoryRun {
  return {
    runId: '5d2c7a56-30c7-4f7e-9b0a-0d4a1c9b7e01',
    issueId: '10012',
    issueIdentifier: 'SHOP-12',
    title: 'Round prices to two digits',
    attempt: 1,
    status: 'succeeded',
    error: '',
    evidence: 'commit on fix/rounding; 3 files changed',
    agentKind: 'claude-code',
    sessionId: 'c0a8',
    workspacePath: '/srv/sortie/SHOP-12',
    startedAtMs: NOW_MS - 1_200_000,
    completedAtMs: NOW_MS - 900_000,
    turnsCompleted: 4,
    tokens: { inputTokens: 90_000, outputTokens: 11_000, cacheReadTokens: 400_000 },
    costUsd: 0.82,
    costEstimated: false,
    ...over,
  };
}

export interface FakeDaemon {
  readonly view: DaemonView;
  readonly store: { history: Store['history']; findIssue: Store['findIssue'] };
  /** What the ports answer; a test writes here. */
  snapshot: Snapshot | null;
  issues: IssueSnapshot[];
  runs: HistoryRun[];
  stored: StoredIssue[];
  readiness: Readiness;
  draining: boolean;
  refreshes: number;
  queries: HistoryQuery[];
  readonly listeners: Set<() => void>;
  /** Something changed: tells whoever listens. */
  change(next?: Partial<Snapshot>): void;
}

export function fakeDaemon(): FakeDaemon {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const daemon: FakeDaemon = {
    snapshot: snapshot(),
    issues: [],
    runs: [],
    stored: [],
    readiness: {
      draining: false,
      version: '0.1.0',
      uptimeSeconds: 12.5,
      checks: { database: 'pass', preflight: 'pass', workflow: 'pass' },
      reloadError: '',
      throttles: [],
    },
    draining: false,
    refreshes: 0,
    queries: [],
    listeners: new Set(),
    change: (next = {}) => {
      if (daemon.snapshot !== null) daemon.snapshot = { ...daemon.snapshot, ...next };
      for (const listener of daemon.listeners) listener();
    },
    view: {
      snapshot: () => daemon.snapshot,
      issue: (identifier) => daemon.issues.find((issue) => same(issue.issueIdentifier, identifier)) ?? null,
      refresh: (): RefreshAnswer | null => {
        if (daemon.draining) return null;
        daemon.refreshes += 1;
        const coalesced = daemon.refreshes > 1;
        return { queued: true, coalesced, requestedAtMs: NOW_MS, operations: ['poll', 'reconcile'] };
      },
      readiness: () => ({ ...daemon.readiness, draining: daemon.draining }),
      onChange: (listener) => {
        daemon.listeners.add(listener);
        return () => daemon.listeners.delete(listener);
      },
    },
    store: {
      history: async (query) => {
        daemon.queries.push(query);
        if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) {
          throw new StoreError('invalid_cursor', 'not a cursor');
        }
        const from = Number(query.cursor ?? 0);
        const wanted = daemon.runs.filter(
          (run) =>
            (query.identifier === undefined || same(run.issueIdentifier, query.identifier)) &&
            (query.status === undefined || run.status === query.status),
        );
        const end = from + query.limit;
        return { runs: wanted.slice(from, end), nextCursor: end < wanted.length ? String(end) : null };
      },
      findIssue: async (identifier) =>
        daemon.stored.find((issue) => same(issue.identifier, identifier)) ?? null,
    },
  };
  return daemon;
}
