// What the store must say, as plain maps in memory. Written from the contract, not from the SQL: a
// difference between the two is a defect of one of them.
import { isDeepStrictEqual } from 'node:util';
import type { ProcessIdentity } from '../../src/contract/agent.ts';
import type { DispatchControl, OperatorAction } from '../../src/contract/controls.ts';
import type { QueuedNotification, StoredNotification } from '../../src/contract/notification.ts';
import type {
  HistoryRun,
  StoredDay,
  StoredIssue,
  StoredPark,
  StoredQuota,
  StoredRetry,
  StoredState,
  StoreWrite,
} from '../../src/contract/store.ts';
import { nothingRemembered } from './rows.ts';

interface ModelRun {
  row: HistoryRun;
  readonly failures: number;
  readonly ordered: boolean;
  processes: ProcessIdentity[];
}

const before = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function isSameWord(a: OperatorAction, b: OperatorAction): boolean {
  const { issueIdentifier: ofA, ...one } = a;
  const { issueIdentifier: ofB, ...other } = b;
  return isDeepStrictEqual(one, other);
}

export class StoreModel {
  readonly #runs = new Map<string, ModelRun>();
  readonly #retries = new Map<string, StoredRetry>();
  readonly #parks = new Map<string, StoredPark>();
  readonly #issues = new Map<string, StoredIssue>();
  readonly #quotas = new Map<string, StoredQuota>();
  readonly #days = new Map<string, StoredDay>();
  readonly #actions: OperatorAction[] = [];
  readonly #notifications = new Map<string, QueuedNotification>();
  #dispatch: DispatchControl | null = null;
  #totals = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, secondsRunning: 0 };

  apply(write: StoreWrite): void {
    switch (write.kind) {
      case 'run_started':
        this.#remember(write.issueId, write.identifier, {});
        if (!this.#runs.has(write.runId)) this.#start(write);
        return;
      case 'run_process':
        this.#addProcess(write.runId, write.process);
        return;
      case 'run_session':
        this.#change(write.runId, { sessionId: write.sessionId });
        this.#setSession(write);
        return;
      case 'run_workspace':
        this.#change(write.runId, { workspacePath: write.path });
        this.#remember(write.issueId, write.identifier, { workspacePath: write.path });
        return;
      case 'run_progress':
      case 'run_ended':
        this.#progressOrEnd(write);
        return;
      case 'put_retry':
        this.#retries.set(write.retry.issueId, write.retry);
        return;
      case 'delete_retry':
        this.#retries.delete(write.issueId);
        return;
      case 'put_park':
        this.#parks.set(write.park.issueId, write.park);
        return;
      case 'delete_park':
        this.#parks.delete(write.issueId);
        return;
      case 'put_sessions_used':
        this.#remember(write.issueId, write.identifier, { sessionsUsed: write.sessionsUsed });
        return;
      case 'put_spending':
        this.#remember(write.issueId, write.identifier, {
          spending: write.spending,
          sessionUsage: write.sessionUsage,
        });
        return;
      case 'put_empty_runs':
        this.#remember(write.issueId, write.identifier, { emptyRuns: write.emptyRuns });
        return;
      case 'put_day':
        this.#days.set(write.day.day, write.day);
        return;
      case 'put_quota':
        this.#quotas.set(write.quota.agentKind, write.quota);
        return;
      case 'delete_quota':
        this.#quotas.delete(write.agentKind);
        return;
      case 'put_dispatch':
        this.#dispatch = write.dispatch;
        return;
      case 'operator_action':
        if (this.#actions.some((known) => isSameWord(known, write.action))) return;
        this.#actions.unshift(write.action);
        return;
      case 'queue_notification':
        this.#queue(write.notification);
        return;
      case 'forget_session':
        this.#amend(write.issueId, { sessionId: null, sessionAgentKind: null, sessionUsage: null });
        return;
      case 'forget_workspace':
        this.#amend(write.issueId, { workspacePath: null });
    }
  }

  state(): StoredState {
    const open = [...this.#runs.values()].filter(({ row }) => row.status === null);
    return {
      retries: [...this.#retries.values()].sort(
        (a, b) => before(a.dueAtMs, b.dueAtMs) || before(a.issueId, b.issueId),
      ),
      parks: [...this.#parks.values()].sort((a, b) => before(a.issueId, b.issueId)),
      openRuns: open
        .sort((a, b) => before(a.row.startedAtMs, b.row.startedAtMs) || before(a.row.runId, b.row.runId))
        .map(({ row, failures, ordered, processes }) => ({
          runId: row.runId,
          issueId: row.issueId,
          identifier: row.issueIdentifier,
          title: row.title,
          attempt: row.attempt,
          failures,
          processes,
          startedAtMs: row.startedAtMs,
          ordered,
          turns: row.turnsCompleted,
          tokens: row.tokens,
          costUsd: row.costUsd,
          costEstimated: row.costEstimated,
        })),
      issues: [...this.#issues.values()]
        .map((issue) => (issue.sessionId === null ? { ...issue, sessionUsage: null } : issue))
        .filter(({ issueId, identifier, ...rest }) => !isDeepStrictEqual(rest, nothingRemembered))
        .sort((a, b) => before(a.issueId, b.issueId)),
      totals: this.#totals,
      quotas: [...this.#quotas.values()].sort((a, b) => before(a.agentKind, b.agentKind)),
      dispatch: this.#dispatch,
      day: [...this.#days.values()].sort((a, b) => before(b.day, a.day))[0] ?? null,
    };
  }

  history(): HistoryRun[] {
    return [...this.#runs.values()]
      .map(({ row }) => row)
      .filter(({ status }) => status !== null)
      .sort((a, b) => before(b.startedAtMs, a.startedAtMs) || before(b.runId, a.runId));
  }

  operatorActions(): readonly OperatorAction[] {
    return this.#actions;
  }

  notifications(): QueuedNotification[] {
    return [...this.#notifications.values()];
  }

  #queue(notification: StoredNotification): void {
    if (this.#notifications.has(notification.id)) return;
    const queued = { ...notification, failures: 0, dueAtMs: notification.atMs, lastError: '' };
    this.#notifications.set(notification.id, queued);
  }

  #start(write: Extract<StoreWrite, { kind: 'run_started' }>): void {
    const row: HistoryRun = {
      runId: write.runId,
      issueId: write.issueId,
      issueIdentifier: write.identifier,
      title: write.title,
      issueState: write.issueState,
      issueLabels: write.issueLabels,
      issueUrl: write.issueUrl,
      attempt: write.attempt,
      status: null,
      error: '',
      evidence: '',
      agentKind: write.agentKind,
      sessionId: write.sessionId,
      workspacePath: null,
      startedAtMs: write.startedAtMs,
      completedAtMs: null,
      secondsRunning: 0,
      turnsCompleted: 0,
      tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
      costUsd: null,
      costEstimated: false,
    };
    const { failures, ordered = false } = write;
    this.#runs.set(write.runId, { row, failures, ordered, processes: [] });
  }

  #progressOrEnd(write: Extract<StoreWrite, { kind: 'run_progress' | 'run_ended' }>): void {
    if (this.#runs.get(write.runId)?.row.status !== null) return;
    const { turns: turnsCompleted, tokens, costUsd, costEstimated } = write;
    this.#change(write.runId, { turnsCompleted, tokens, costUsd, costEstimated });
    if (write.kind === 'run_progress') return;
    const { status, error, evidence, completedAtMs, secondsRunning } = write;
    this.#change(write.runId, { status, error, evidence, completedAtMs, secondsRunning });
    this.#totals = {
      inputTokens: this.#totals.inputTokens + tokens.inputTokens,
      outputTokens: this.#totals.outputTokens + tokens.outputTokens,
      cacheReadTokens: this.#totals.cacheReadTokens + tokens.cacheReadTokens,
      secondsRunning: this.#totals.secondsRunning + write.secondsRunning,
    };
  }

  #addProcess(runId: string, identity: ProcessIdentity): void {
    const run = this.#runs.get(runId);
    const known = run?.processes.some(
      ({ pid, startTime }) => pid === identity.pid && startTime === identity.startTime,
    );
    if (run?.row.status === null && !known) run.processes.push(identity);
  }

  #change(runId: string, facts: Partial<HistoryRun>): void {
    const run = this.#runs.get(runId);
    if (run) run.row = { ...run.row, ...facts };
  }

  #remember(issueId: string, identifier: string, facts: Partial<StoredIssue>): void {
    const known = this.#issues.get(issueId);
    this.#issues.set(issueId, { ...nothingRemembered, ...known, issueId, identifier, ...facts });
  }

  #setSession({ issueId, sessionId, agentKind }: Extract<StoreWrite, { kind: 'run_session' }>): void {
    const issue = this.#issues.get(issueId);
    const same = issue?.sessionId === sessionId && issue.sessionAgentKind === agentKind;
    const usage = same ? {} : { sessionUsage: null };
    this.#amend(issueId, { sessionId, sessionAgentKind: agentKind, ...usage });
  }

  #amend(issueId: string, facts: Partial<StoredIssue>): void {
    const issue = this.#issues.get(issueId);
    if (issue) this.#issues.set(issueId, { ...issue, ...facts });
  }
}
