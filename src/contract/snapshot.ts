// What people are shown of the daemon's state: built by the core, served by http (in snake_case),
// counted by telemetry. Holds no secret. Times are milliseconds since the epoch.

import type { AgentEventKind, RateLimitWindow } from './agent.ts';
import type {
  ControlAnswer,
  ControlName,
  DispatchControl,
  IssueControl,
  OperatorWord,
  VerdictEnd,
} from './controls.ts';
import type { Issue } from './issue.ts';
import type { RunPhase } from './run.ts';
import type { BudgetSettings } from './settings.ts';
import type { Throttle } from './tracker-capabilities.ts';
import type { ParkReason, RetryTrigger, StoredDay, StoredTotals, TokenTotals } from './store.ts';

export const VERDICTS = [
  'eligible',
  'missing_field',
  'state_not_active',
  'state_terminal',
  'missing_label',
  'blocked_by',
  'no_global_slot',
  'no_state_slot',
  'checking',
  'running',
  'retry_queued',
  'parked',
  'paused',
  'budget_paused',
  'held',
  'draining',
  'handoff_limit',
  'breaker_open',
  'not_found',
  'filtered_out',
] as const;
/** Why an issue runs or does not; stable codes. */
export type Verdict = (typeof VERDICTS)[number];

export interface VerdictEntry {
  readonly verdict: Verdict;
  /** What in particular, e.g. the blocker's identifier; "" when the code says it all. */
  readonly detail: string;
  readonly sinceMs: number;
  /** When it was last looked at. */
  readonly asOfMs: number;
}

export interface RunningEntry {
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly title: string;
  readonly state: string;
  /** null while it is being checked. */
  readonly runId: string | null;
  readonly sessionId: string | null;
  readonly phase: RunPhase;
  readonly attempt: number;
  readonly turnCount: number;
  readonly lastEvent: AgentEventKind | null;
  readonly lastMessage: string;
  readonly startedAtMs: number;
  readonly lastEventAtMs: number | null;
  readonly workspacePath: string | null;
  readonly agentKind: string;
  readonly modelName: string;
  readonly tokens: TokenTotals;
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
  /** Names of the tools in flight. */
  readonly tools: readonly string[];
}

export interface RetryingEntry {
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly title: string;
  readonly attempt: number;
  readonly dueAtMs: number;
  /** What went wrong; of one that is due, `<why it waits>; after: <what went wrong>`, or why it waits alone. */
  readonly error: string;
  readonly trigger: RetryTrigger;
}

export interface ParkedEntry {
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly title: string;
  readonly reason: ParkReason;
  readonly detail: string;
  readonly parkedAtMs: number;
  readonly untilMs: number | null;
  /** e.g. `issue_change`, `workflow_change`, `operator`, `restart`, `raised_limit`, `until`. */
  readonly endsOn: readonly string[];
}

export const PAUSE_REASONS = [
  'paused',
  'draining',
  'budget',
  'agent_error',
  'quota',
  'breaker',
  'handoff_limit',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** An issue that was read and not started, as last looked at. */
export interface WaitingEntry extends VerdictEntry {
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly title: string;
}

/** Why an issue runs or does not, and what would change that. */
export interface Explanation {
  /** null = nobody knows it. */
  readonly issueId: string | null;
  readonly issueIdentifier: string;
  readonly verdict: Verdict;
  /** One line for people; never "". */
  readonly detail: string;
  /**
   * When the verdict began, whatever its details were since; null = asked only now. A restart remembers that of runs,
   * parks and operators' words; anything else counts from the daemon's start.
   */
  readonly sinceMs: number | null;
  readonly asOfMs: number;
  /** `operator` only where one of `controls` would do. */
  readonly endsOn: readonly VerdictEnd[];
  /** What an operator may say of the issue now, and is not refused. */
  readonly controls: readonly IssueControl[];
}

export type ExplainAnswer =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | {
      readonly kind: 'failed';
      readonly code: 'tracker_failed' | 'snapshot_unavailable';
      readonly message: string;
    };

/** Why no run is started, with one agent kind or at all. */
export interface PauseEntry {
  /**
   * `agent_error`: its credentials or configuration were refused. `paused`, `draining`: an operator's word.
   * `handoff_limit`: people have enough to review; it holds back new issues only. `breaker`: many issues failed in
   * the same way in a row.
   */
  readonly reason: PauseReason;
  /** null = every kind. */
  readonly agentKind: string | null;
  readonly detail: string;
  /** null = until a person has done something; of the `breaker`, until the run that was let through has shown more. */
  readonly untilMs: number | null;
}

/** As one agent kind last reported them. */
export interface RateLimits {
  readonly agentKind: string;
  readonly atMs: number;
  readonly windows: readonly RateLimitWindow[];
}

export interface RecentEvent {
  readonly atMs: number;
  /** Stable code, e.g. `dispatched`, `phase`, `turn_completed`, `retry_queued`, `parked`. */
  readonly event: string;
  readonly message: string;
}

export interface Snapshot {
  readonly generatedAtMs: number;
  readonly mode: 'running' | 'draining';
  readonly running: readonly RunningEntry[];
  readonly retrying: readonly RetryingEntry[];
  readonly parked: readonly ParkedEntry[];
  /** Ended runs of the past included. */
  readonly agentTotals: StoredTotals;
  /** Since the daemon's start, those that the start itself found open included: when it rises, the history has grown. */
  readonly runsEnded: number;
  /** Read and not started, in the order in which they were last looked at; at most 200 of `waitingTotal`. */
  readonly waiting: readonly WaitingEntry[];
  readonly waitingTotal: number;
  readonly dispatch: DispatchControl;
  /** Draining, and nothing runs any more. */
  readonly drained: boolean;
  /** As last counted; null = no limit is set, or not counted yet. */
  readonly handoff: { readonly limit: number; readonly count: number; readonly asOfMs: number } | null;
  /** [] = nothing stands in the way. */
  readonly pauses: readonly PauseEntry[];
  /** One entry for each agent kind that reported any. */
  readonly rateLimits: readonly RateLimits[];
  /** Limits of the day; 0 = none. */
  readonly budget: Pick<BudgetSettings, 'maxTokensPerDay' | 'maxUsdPerDay'>;
  /** Spent today (UTC), by all issues. */
  readonly today: StoredDay;
  readonly activeEstimatedCostUsd: number | null;
  readonly slots: { readonly limit: number; readonly used: number };
  /** Runs that were asked for by a refresh or are due are not counted. */
  readonly lastTick: { readonly atMs: number; readonly result: TickResult; readonly error: string } | null;
  readonly preflightProblems: readonly string[];
}

export type TickResult = 'success' | 'error' | 'skipped';

/** One issue as the core knows it; `released` and history are the store's. */
export interface IssueSnapshot {
  readonly issueId: string;
  readonly issueIdentifier: string;
  /** By the last look, a mere list of candidates included; "" = not known. So are the next two. */
  readonly title: string;
  readonly issueState: string;
  /** As the tracker gives it: to be checked before anybody can click on it. */
  readonly issueUrl: string;
  readonly status: 'running' | 'retrying' | 'parked' | 'released';
  readonly verdict: VerdictEntry | null;
  readonly issue: Issue | null;
  readonly running: RunningEntry | null;
  readonly retry: RetryingEntry | null;
  readonly park: ParkedEntry | null;
  readonly recentEvents: readonly RecentEvent[];
  readonly lastError: string;
  /** What an operator may do with it now. */
  readonly controls: readonly IssueControl[];
}

export interface RefreshAnswer {
  readonly queued: boolean;
  /** True when a refresh was already waiting. */
  readonly coalesced: boolean;
  readonly requestedAtMs: number;
  readonly operations: readonly string[];
}

/** What the HTTP server may ask of the daemon and the store. */
export interface DaemonView {
  /** null before recovery has finished. At most a few builds a second; cheap to call. */
  snapshot(): Snapshot | null;
  /** By identifier, case-insensitive; null when the core does not know it. */
  issue(identifier: string): IssueSnapshot | null;
  /**
   * null while draining.
   * @param word whose wish it is, for the operators' log; absent = no operator's.
   */
  refresh(word?: OperatorWord): RefreshAnswer | null;
  /** Resolves once the word is durable or refused; never rejects but with the signal's reason. */
  control(request: ControlRequest, signal: AbortSignal): Promise<ControlAnswer>;
  /** By identifier, case-insensitive; asks the tracker when the core does not know it. */
  explain(identifier: string, signal: AbortSignal): Promise<ExplainAnswer>;
  readiness(): Readiness;
  /** Called (at most 4 a second) when the snapshot may have changed. */
  onChange(listener: () => void): () => void;
}

/** As it comes from outside: `identifier` null with the controls of the daemon as a whole. */
export interface ControlRequest {
  readonly control: ControlName;
  readonly identifier: string | null;
  readonly word: OperatorWord;
}

export interface Readiness {
  readonly draining: boolean;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly checks: {
    readonly database: CheckStatus;
    readonly preflight: CheckStatus;
    readonly workflow: CheckStatus;
  };
  /** "" when the last reload was good. */
  readonly reloadError: string;
  /** What the tracker has asked to wait; [] = nothing. */
  readonly throttles: readonly Throttle[];
  /** When WORKFLOW.md was last read well, and when it was last refused; null = never. */
  readonly workflowLoadedAtMs: number | null;
  readonly reloadFailedAtMs: number | null;
  /** The last call to the tracker that failed; null = none since the start. */
  readonly trackerError: { readonly atMs: number; readonly message: string } | null;
}

export type CheckStatus = 'pass' | 'warn' | 'fail';
