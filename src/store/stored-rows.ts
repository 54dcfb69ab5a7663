// Rows as the port gives them: one function a kind of row. The opposite direction is in the write files.
import type { ProcessIdentity } from '../contract/agent.ts';
import type { DispatchControl } from '../contract/controls.ts';
import type {
  CrossedLimit,
  StoredDay,
  StoredIssue,
  StoredOpenRun,
  StoredPark,
  StoredQuota,
  StoredRetry,
  StoredSessionUsage,
  TokenTotals,
} from '../contract/store.ts';
import type { DispatchRow } from './schema-past.ts';
import type { DayRow, IssueRow, ParkRow, QuotaRow, RetryRow, RunRow } from './schema.ts';

/** Of an issue that was seen and forgotten. */
export const nothingRemembered: Omit<StoredIssue, 'issueId' | 'identifier'> = {
  workspacePath: null,
  sessionId: null,
  sessionAgentKind: null,
  sessionsUsed: 0,
  spending: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
  sessionUsage: null,
  emptyRuns: 0,
};

export function storedIssue(row: IssueRow): StoredIssue {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    workspacePath: row.workspace_path,
    sessionId: row.session_id,
    sessionAgentKind: row.session_agent_kind,
    sessionsUsed: row.sessions_used,
    spending: {
      inputTokens: row.spent_input_tokens,
      outputTokens: row.spent_output_tokens,
      cacheReadTokens: row.spent_cache_read_tokens,
      costUsd: row.spent_cost_usd,
    },
    sessionUsage: sessionUsage(row),
    emptyRuns: row.empty_runs,
  };
}

function sessionUsage(row: IssueRow): StoredSessionUsage | null {
  if (row.session_id === null || row.session_input_tokens === null) return null;
  return {
    inputTokens: row.session_input_tokens,
    outputTokens: row.session_output_tokens ?? 0,
    cacheReadTokens: row.session_cache_read_tokens ?? 0,
    reportedCostUsd: row.session_reported_cost_usd ?? 0,
    pendingCostUsd: row.session_pending_cost_usd ?? 0,
  };
}

export function storedRetry(row: RetryRow): StoredRetry {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    attempt: row.attempt,
    failures: row.failures,
    dueAtMs: row.due_at_ms,
    trigger: row.retry_trigger,
    error: row.error,
    step: row.step,
    refusals: row.refusals,
    lookFailures: row.look_failures,
    baseline: row.baseline,
  };
}

export function storedPark(row: ParkRow): StoredPark {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    reason: row.reason,
    detail: row.detail,
    parkedAtMs: row.parked_at_ms,
    untilMs: row.until_ms,
    attempt: row.attempt,
    failures: row.failures,
    baseline: row.baseline,
    crossed: crossedLimit(row),
  };
}

function crossedLimit(row: ParkRow): CrossedLimit | null {
  if (row.crossed_limit === null) return null;
  return {
    limit: row.crossed_limit,
    allowed: row.crossed_allowed ?? 0,
    used: row.crossed_used ?? 0,
  };
}

export function storedOpenRun(row: RunRow, processes: readonly ProcessIdentity[]): StoredOpenRun {
  return {
    runId: row.run_id,
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    attempt: row.attempt,
    failures: row.failures,
    processes,
    startedAtMs: row.started_at_ms,
    ordered: row.ordered !== 0,
    turns: row.turns,
    tokens: tokensOf(row),
    costUsd: row.cost_usd,
    costEstimated: row.cost_estimated !== 0,
  };
}

export function storedDay(row: DayRow): StoredDay {
  return { day: row.day, ...tokensOf(row), costUsd: row.cost_usd };
}

export function storedQuota(row: QuotaRow): StoredQuota {
  return { agentKind: row.agent_kind, untilMs: row.until_ms, detail: row.detail, hits: row.hits };
}

export function storedDispatch(row: DispatchRow): DispatchControl {
  return { mode: row.mode, by: row.said_by, reason: row.reason, sinceMs: row.since_ms };
}

export function tokensOf(row: {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
}): TokenTotals {
  return {
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
  };
}
