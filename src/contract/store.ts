// The port to the store. Scheduling facts go in as *writes*: one call is one transaction and is durable
// when it resolves, so an effect that depends on it may follow. Everything is keyed by the tracker's
// identity, which the store is opened with; no method ever sees another tracker's rows.

import type { ProcessIdentity } from './agent.ts';
import type { DispatchControl, OperatorAction } from './controls.ts';
import type { NotificationQueue, StoredNotification } from './notification.ts';
import type { Observations } from './observation.ts';
import type { BudgetLimit } from './settings.ts';
import type { ToolLedger } from './tool-ledger.ts';

export const RUN_STATUSES = [
  'succeeded',
  'failed',
  'timed_out',
  'stalled',
  'cancelled',
  'interrupted',
  'blocked',
  'needs_human_review',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const PARK_REASONS = [
  'blocked',
  'needs_human_review',
  'input_required',
  'handoff_failed',
  'workspace_refused',
  'agent_error',
  'max_sessions',
  'no_evidence',
  'budget',
  'quota',
  'held',
] as const;
export type ParkReason = (typeof PARK_REASONS)[number];

export type RetryTrigger = 'error' | 'continuation' | 'timer' | 'stall';

/** Totals, not increments; total = input + output. */
export interface TokenTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
}

/** Tokens and what they cost, reported or estimated. */
export interface Spending extends TokenTotals {
  readonly costUsd: number;
}

/** What the session that would be resumed has used; goes on across runs and restarts. */
export interface StoredSessionUsage extends TokenTotals {
  /** USD that the agent itself reported. */
  readonly reportedCostUsd: number;
  /** USD estimated in its last turn since it last reported any: replaced by its next report in the same turn. */
  readonly pendingCostUsd: number;
}

/** What was spent on one day, all issues together. */
export interface StoredDay extends Spending {
  /** UTC, `2026-11-22`. */
  readonly day: string;
}

/** No run is started with this agent kind before `untilMs`. */
export interface StoredQuota {
  readonly agentKind: string;
  readonly untilMs: number;
  readonly detail: string;
  /** Answers of this kind in a row without a completed turn: the exponent when the agent names no time. */
  readonly hits: number;
}

/** Which limit of `agent.budget` a park is about, as it was then. */
export interface CrossedLimit {
  readonly limit: BudgetLimit;
  /** Tokens or USD. */
  readonly allowed: number;
  readonly used: number;
}

/**
 * What is due: a run, or only the transition that a well-ended run still owes. `review` is a handoff that the agent
 * asked a person for: when the tracker refuses it, the issue is parked instead of being tried again. `ordered` is a run
 * that an operator asked for: it takes the next free slot, and blockers and missing labels do not count.
 */
export type RetryStep = 'agent' | 'ordered' | 'handoff' | 'review';

export interface StoredRetry {
  readonly issueId: string;
  readonly identifier: string;
  readonly title: string;
  /** The attempt that the retry will be. */
  readonly attempt: number;
  /** Failed runs of this claim: the backoff exponent. */
  readonly failures: number;
  readonly dueAtMs: number;
  readonly trigger: RetryTrigger;
  /** "" when nothing went wrong. */
  readonly error: string;
  readonly step: RetryStep;
  /** Non-retryable refusals of the handoff so far. */
  readonly refusals: number;
  /** Tracker attempts that failed in a row at this step (their backoff exponent). */
  readonly lookFailures: number;
  /** Fingerprint to compare with before the handoff is tried again; null = not known. */
  readonly baseline: string | null;
}

export interface StoredPark {
  readonly issueId: string;
  readonly identifier: string;
  readonly title: string;
  readonly reason: ParkReason;
  /** One line for people. */
  readonly detail: string;
  readonly parkedAtMs: number;
  readonly untilMs: number | null;
  /** The attempt that a re-dispatch will be; of `handoff_failed`, the one whose work is done. */
  readonly attempt: number;
  readonly failures: number;
  /** The issue as it was when parked; until it is known (null), the park holds. */
  readonly baseline: string | null;
  /** Only with `budget`; null there = the agent's own limit, of which we know no figure. */
  readonly crossed: CrossedLimit | null;
}

/** A run that has not ended in the store: at start it was in flight when the daemon died. */
export interface StoredOpenRun {
  readonly runId: string;
  readonly issueId: string;
  readonly identifier: string;
  readonly title: string;
  readonly attempt: number;
  readonly failures: number;
  readonly processes: readonly ProcessIdentity[];
  readonly startedAtMs: number;
  /** An operator asked for it, and the run that goes on for it is `ordered` as well. */
  readonly ordered: boolean;
  /** As of the last `run_progress`. */
  readonly turns: number;
  readonly tokens: TokenTotals;
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
}

/** What is remembered of an issue across its runs. */
export interface StoredIssue {
  readonly issueId: string;
  readonly identifier: string;
  /** null when it has none (any more). */
  readonly workspacePath: string | null;
  /** The session to resume, and the agent kind it belongs to. */
  readonly sessionId: string | null;
  readonly sessionAgentKind: string | null;
  /** Runs that count against `agent.max_sessions` since the last fresh allowance. */
  readonly sessionsUsed: number;
  /** Of all its runs since the last fresh allowance. */
  readonly spending: Spending;
  /** null when it has no session. */
  readonly sessionUsage: StoredSessionUsage | null;
  /** Runs in a row that ended well without evidence. */
  readonly emptyRuns: number;
}

export interface StoredTotals extends TokenTotals {
  readonly secondsRunning: number;
}

/** Everything that recovery needs. */
export interface StoredState {
  readonly retries: readonly StoredRetry[];
  readonly parks: readonly StoredPark[];
  readonly openRuns: readonly StoredOpenRun[];
  readonly issues: readonly StoredIssue[];
  readonly totals: StoredTotals;
  readonly quotas: readonly StoredQuota[];
  /** The newest day on which anything was spent; null = none yet. */
  readonly day: StoredDay | null;
  /** null = no operator has ever said anything. */
  readonly dispatch: DispatchControl | null;
}

export type StoreWrite =
  | {
      readonly kind: 'run_started';
      readonly runId: string;
      readonly issueId: string;
      readonly identifier: string;
      readonly title: string;
      readonly attempt: number;
      readonly failures: number;
      readonly agentKind: string;
      readonly sessionId: string | null;
      readonly startedAtMs: number;
      /** An operator asked for it: until this work is done, a later run of it is `ordered` as well. Absent = false. */
      readonly ordered?: boolean | undefined;
      /** The issue's state, labels and address as of the dispatch. */
      readonly issueState: string;
      readonly issueLabels: readonly string[];
      readonly issueUrl: string;
    }
  | { readonly kind: 'run_process'; readonly runId: string; readonly process: ProcessIdentity }
  /** Also becomes the issue's session to resume; another one than before starts without usage. */
  | {
      readonly kind: 'run_session';
      readonly runId: string;
      readonly issueId: string;
      readonly agentKind: string;
      readonly sessionId: string;
    }
  /** Also becomes the issue's recorded workspace. */
  | {
      readonly kind: 'run_workspace';
      readonly runId: string;
      readonly issueId: string;
      readonly identifier: string;
      readonly path: string;
    }
  | {
      readonly kind: 'run_progress';
      readonly runId: string;
      readonly turns: number;
      readonly tokens: TokenTotals;
      readonly costUsd: number | null;
      readonly costEstimated: boolean;
    }
  /** Adds the run's tokens and seconds to the totals; ending an ended run again changes nothing. */
  | {
      readonly kind: 'run_ended';
      readonly runId: string;
      readonly status: RunStatus;
      /** "" when it succeeded. */
      readonly error: string;
      /** What counted as evidence; "" when it was not looked for. */
      readonly evidence: string;
      readonly completedAtMs: number;
      readonly secondsRunning: number;
      readonly turns: number;
      readonly tokens: TokenTotals;
      readonly costUsd: number | null;
      readonly costEstimated: boolean;
    }
  | { readonly kind: 'put_retry'; readonly retry: StoredRetry }
  | { readonly kind: 'delete_retry'; readonly issueId: string }
  | { readonly kind: 'put_park'; readonly park: StoredPark }
  | { readonly kind: 'delete_park'; readonly issueId: string }
  | {
      readonly kind: 'put_sessions_used';
      readonly issueId: string;
      readonly identifier: string;
      readonly sessionsUsed: number;
    }
  /** Absolute figures, not increments. */
  | {
      readonly kind: 'put_spending';
      readonly issueId: string;
      readonly identifier: string;
      readonly spending: Spending;
      readonly sessionUsage: StoredSessionUsage | null;
    }
  /** Absolute; days before it may be forgotten. */
  | { readonly kind: 'put_day'; readonly day: StoredDay }
  | {
      readonly kind: 'put_empty_runs';
      readonly issueId: string;
      readonly identifier: string;
      readonly emptyRuns: number;
    }
  | { readonly kind: 'put_quota'; readonly quota: StoredQuota }
  | { readonly kind: 'delete_quota'; readonly agentKind: string }
  | { readonly kind: 'put_dispatch'; readonly dispatch: DispatchControl }
  /** The same word of the same moment again changes nothing. */
  | { readonly kind: 'operator_action'; readonly action: OperatorAction }
  /** Due at once; an id that was ever queued before changes nothing. */
  | { readonly kind: 'queue_notification'; readonly notification: StoredNotification }
  /** Its usage as well. */
  | { readonly kind: 'forget_session'; readonly issueId: string }
  | { readonly kind: 'forget_workspace'; readonly issueId: string };

/** One row of `/api/v1/history`. */
export interface HistoryRun {
  readonly runId: string;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly title: string;
  /** As of the dispatch; "" and [] for runs of older versions. */
  readonly issueState: string;
  readonly issueLabels: readonly string[];
  readonly issueUrl: string;
  readonly attempt: number;
  /** null while it runs. */
  readonly status: RunStatus | null;
  readonly error: string;
  /** What counted as evidence; "" when it was not looked for. */
  readonly evidence: string;
  readonly agentKind: string;
  readonly sessionId: string | null;
  readonly workspacePath: string | null;
  readonly startedAtMs: number;
  readonly completedAtMs: number | null;
  /** Without the time that the daemon was down; 0 when it was `interrupted` by a crash, whose time nobody knows. */
  readonly secondsRunning: number;
  readonly turnsCompleted: number;
  readonly tokens: TokenTotals;
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
}

export interface HistoryQuery {
  /** 1 to 500. */
  readonly limit: number;
  /** Opaque, from `nextCursor`; a cursor that is not ours throws StoreError `invalid_cursor`. */
  readonly cursor?: string | undefined;
  /** Exact identifier, compared case-insensitively. */
  readonly identifier?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly agentKind?: string | undefined;
  /** The issue's state at dispatch, compared case-insensitively. */
  readonly state?: string | undefined;
  /** Found in identifier, title or error, case-insensitively, as it is: no wildcards. */
  readonly text?: string | undefined;
  /** By start. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** Newest first by start; ended runs only. */
export interface HistoryPage {
  readonly runs: readonly HistoryRun[];
  readonly nextCursor: string | null;
}

export type StoreErrorKind =
  'locked' | 'unreadable' | 'newer_schema' | 'write_failed' | 'read_failed' | 'invalid_cursor';

/** `locked`: another daemon owns the database. The message names the file and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, detail: string, cause?: unknown) {
    super(`store: ${kind}: ${detail}`, { cause });
    this.kind = kind;
  }
}

export interface Store extends Observations {
  readonly notifications: NotificationQueue;
  readonly tools: ToolLedger;
  /** What recovery needs; read once, before the first write. */
  load(): Promise<StoredState>;
  /** All or nothing, in order; durable when it resolves. Throws StoreError `write_failed`. */
  apply(writes: readonly StoreWrite[]): Promise<void>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** What is remembered of an issue by its identifier (case-insensitive); null when never seen. */
  findIssue(identifier: string): Promise<StoredIssue | null>;
  /** Throws when a read fails: the database check of `/readyz`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
