// The built web server over a daemon that only shows: so many running issues, a second look a few times a second.

import { builtHttp, builtTelemetry } from './built.ts';
import type { Bench } from './sample.ts';
import type { HistoryRun, RunningEntry, Snapshot } from '../src/contract/index.ts';

export interface ShownDaemon {
  readonly url: string;
  /** Every issue has said something more: a new snapshot, and whoever listens is told. */
  change(): void;
}

export interface ShownBeside {
  /** None unless told: then only the API is served. */
  readonly pageDirectory?: string;
  /** Ended runs, newest first. */
  readonly runs?: readonly HistoryRun[];
}

export async function showDaemon(
  { defer }: Bench,
  running: number,
  { pageDirectory, runs = [] }: ShownBeside = {},
): Promise<ShownDaemon> {
  const { createServer } = await builtHttp();
  const { createRedactor } = await builtTelemetry();
  const { redact } = createRedactor(['a-tracker-key-of-usual-length', 'a-server-token-of-usual-length']);
  const listeners = new Set<() => void>();
  let snapshot = makeSnapshot(running, 0);
  let changes = 0;
  const server = createServer({
    view: {
      snapshot: () => snapshot,
      issue: () => null,
      refresh: () => null,
      control: () => Promise.reject(new Error('nobody is told anything here')),
      explain: () => Promise.reject(new Error('nobody is asked anything here')),
      readiness: () => ({
        draining: false,
        version: 'bench',
        uptimeSeconds: 1,
        checks: { database: 'pass', preflight: 'pass', workflow: 'pass' },
        reloadError: '',
        throttles: [],
        workflowLoadedAtMs: 1,
        reloadFailedAtMs: null,
        trackerError: null,
      }),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    store: {
      history: async ({ limit, cursor = '0' }) => {
        const end = Number(cursor) + limit;
        return {
          runs: runs.slice(Number(cursor), end),
          nextCursor: end < runs.length ? String(end) : null,
        };
      },
      findIssue: async () => null,
      timeline: async () => ({ entries: [], beforeSeq: null }),
      samples: async () => [],
      stats: async () => [],
      operatorActions: async () => [],
    },
    metrics: { text: async () => '', contentType: 'text/plain' },
    settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    version: 'bench',
    pageDirectory: pageDirectory ?? null,
    warn: () => undefined,
    redact,
  });
  defer(() => server.close());
  return {
    url: (await server.listen()).replace(/\/$/, ''),
    change: () => {
      changes += 1;
      snapshot = makeSnapshot(running, changes);
      for (const listener of listeners) listener();
    },
  };
}

function makeSnapshot(running: number, changes: number): Snapshot {
  return {
    generatedAtMs: Date.now(),
    mode: 'running',
    running: Array.from({ length: running }, (_, index) => makeRunning(index + 1, changes)),
    retrying: [],
    parked: [],
    waiting: [],
    waitingTotal: 0,
    dispatch: { mode: 'running', by: '', reason: '', sinceMs: 0 },
    drained: false,
    handoff: null,
    agentTotals: {
      inputTokens: 1_204_500,
      outputTokens: 187_300,
      cacheReadTokens: 98_000,
      secondsRunning: 18_422,
    },
    runsEnded: 0,
    pauses: [],
    rateLimits: [],
    budget: { maxTokensPerDay: 0, maxUsdPerDay: 0 },
    today: {
      day: '2026-11-22',
      inputTokens: 1_204_500,
      outputTokens: 187_300,
      cacheReadTokens: 98_000,
      costUsd: 0.41,
    },
    activeEstimatedCostUsd: 0.41,
    slots: { limit: running, used: running },
    lastTick: { atMs: Date.now(), result: 'success', error: '' },
    preflightProblems: [],
  };
}

function makeRunning(number: number, changes: number): RunningEntry {
  return {
    issueId: String(10_000 + number),
    issueIdentifier: `BENCH-${number}`,
    title: 'Checkout forgets the voucher when the cart is empty',
    state: 'In Progress',
    runId: `7a6f8f5e-0f5e-4b0e-9d53-${String(number).padStart(12, '0')}`,
    sessionId: `b1b7f0a2-6f6b-4a59-8e0b-${String(number).padStart(12, '0')}`,
    phase: 'streaming_turn',
    attempt: 0,
    turnCount: 3,
    lastEvent: 'notification',
    lastMessage: 'Running the checkout tests again after the fix in voucher.ts',
    startedAtMs: Date.now() - 754_000,
    lastEventAtMs: Date.now() - 2_000,
    workspacePath: `/srv/sortie/BENCH-${number}`,
    agentKind: 'command',
    modelName: 'm',
    tokens: { inputTokens: 48_210 + changes * 100, outputTokens: 6_934 + changes, cacheReadTokens: 310_400 },
    costUsd: 0.41,
    costEstimated: true,
    tools: ['Bash'],
  };
}
