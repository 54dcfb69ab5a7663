// The store as plain maps that outlive every daemon of the simulation: the rows and nothing else. A batch is
// all or nothing; ended runs are forgotten, because only recovery reads them here.

import type {
  DispatchControl,
  ProcessIdentity,
  StoredDay,
  StoredIssue,
  StoredNotification,
  StoredOpenRun,
  StoredPark,
  StoredQuota,
  StoredRetry,
  StoredState,
  StoredTotals,
  StoreWrite,
} from '../../src/contract/index.ts';

export interface MemoryStore {
  readonly retries: ReadonlyMap<string, StoredRetry>;
  readonly parks: ReadonlyMap<string, StoredPark>;
  readonly openRuns: ReadonlyMap<string, StoredOpenRun>;
  readonly issues: ReadonlyMap<string, StoredIssue>;
  /** Every one that was ever queued. */
  readonly notifications: ReadonlyMap<string, StoredNotification>;
  load(): StoredState;
  apply(writes: readonly StoreWrite[]): void;
}

export function createMemoryStore(): MemoryStore {
  const retries = new Map<string, StoredRetry>();
  const parks = new Map<string, StoredPark>();
  const openRuns = new Map<string, StoredOpenRun>();
  const endedRuns = new Set<string>();
  const issues = new Map<string, StoredIssue>();
  const quotas = new Map<string, StoredQuota>();
  const notifications = new Map<string, StoredNotification>();
  let day: StoredDay | null = null;
  let dispatch: DispatchControl | null = null;
  let totals: StoredTotals = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, secondsRunning: 0 };

  function remember(issueId: string, identifier: string, facts: Partial<StoredIssue>): void {
    const fresh = {
      ...{ workspacePath: null, sessionId: null, sessionAgentKind: null, sessionsUsed: 0 },
      spending: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
      sessionUsage: null,
      emptyRuns: 0,
    };
    issues.set(issueId, { ...fresh, ...issues.get(issueId), issueId, identifier, ...facts });
  }

  function amend(issueId: string, facts: Partial<StoredIssue>): void {
    const known = issues.get(issueId);
    if (known !== undefined) issues.set(issueId, { ...known, ...facts });
  }

  function start(write: Extract<StoreWrite, { kind: 'run_started' }>): void {
    remember(write.issueId, write.identifier, {});
    if (openRuns.has(write.runId) || endedRuns.has(write.runId)) return;
    const { runId, issueId, identifier, title, attempt, failures, startedAtMs } = write;
    openRuns.set(runId, {
      ...{ runId, issueId, identifier, title, attempt, failures, startedAtMs },
      ordered: write.ordered === true,
      processes: [],
      turns: 0,
      tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
      costUsd: null,
      costEstimated: false,
    });
  }

  function addProcess(runId: string, identity: ProcessIdentity): void {
    const run = openRuns.get(runId);
    if (run !== undefined) openRuns.set(runId, { ...run, processes: [...run.processes, identity] });
  }

  function end(write: Extract<StoreWrite, { kind: 'run_ended' }>): void {
    if (!openRuns.delete(write.runId)) return;
    endedRuns.add(write.runId);
    totals = {
      inputTokens: totals.inputTokens + write.tokens.inputTokens,
      outputTokens: totals.outputTokens + write.tokens.outputTokens,
      cacheReadTokens: totals.cacheReadTokens + write.tokens.cacheReadTokens,
      secondsRunning: totals.secondsRunning + write.secondsRunning,
    };
  }

  function applyOne(write: StoreWrite): void {
    switch (write.kind) {
      case 'run_started':
        return start(write);
      case 'run_process':
        return addProcess(write.runId, write.process);
      case 'run_session':
        return amend(write.issueId, { sessionId: write.sessionId, sessionAgentKind: write.agentKind });
      case 'run_workspace':
        return remember(write.issueId, write.identifier, { workspacePath: write.path });
      case 'run_progress': {
        const run = openRuns.get(write.runId);
        const { turns, tokens, costUsd, costEstimated } = write;
        if (run !== undefined) openRuns.set(write.runId, { ...run, turns, tokens, costUsd, costEstimated });
        return;
      }
      case 'run_ended':
        return end(write);
      case 'put_retry':
        retries.set(write.retry.issueId, write.retry);
        return;
      case 'delete_retry':
        retries.delete(write.issueId);
        return;
      case 'put_park':
        parks.set(write.park.issueId, write.park);
        return;
      case 'delete_park':
        parks.delete(write.issueId);
        return;
      case 'put_sessions_used':
        return remember(write.issueId, write.identifier, { sessionsUsed: write.sessionsUsed });
      case 'put_spending':
        return remember(write.issueId, write.identifier, {
          spending: write.spending,
          sessionUsage: write.sessionUsage,
        });
      case 'put_day':
        day = write.day;
        return;
      case 'put_empty_runs':
        return remember(write.issueId, write.identifier, { emptyRuns: write.emptyRuns });
      case 'put_quota':
        quotas.set(write.quota.agentKind, write.quota);
        return;
      case 'delete_quota':
        quotas.delete(write.agentKind);
        return;
      case 'put_dispatch':
        dispatch = write.dispatch;
        return;
      case 'operator_action':
        return;
      case 'queue_notification': {
        const { notification } = write;
        if (!notifications.has(notification.id)) notifications.set(notification.id, notification);
        return;
      }
      case 'forget_session':
        return amend(write.issueId, { sessionId: null, sessionAgentKind: null, sessionUsage: null });
      case 'forget_workspace':
        return amend(write.issueId, { workspacePath: null });
    }
  }

  return {
    retries,
    parks,
    openRuns,
    issues,
    notifications,
    load: () => ({
      retries: [...retries.values()],
      parks: [...parks.values()],
      openRuns: [...openRuns.values()],
      issues: [...issues.values()],
      totals,
      quotas: [...quotas.values()],
      day,
      dispatch,
    }),
    apply(writes) {
      for (const write of writes) applyOne(write);
    },
  };
}
