// From the daemon's words (camelCase, milliseconds) to the wire's (snake_case, ISO-8601): the only place
// where that happens. Pure, and total: a time that no date can hold becomes the nearest one that can.

import type {
  IssueSnapshot,
  ParkedEntry,
  PauseEntry,
  RateLimits,
  Readiness,
  RefreshAnswer,
  RetryingEntry,
  RunningEntry,
  Snapshot,
} from '../contract/snapshot.ts';
import type { HistoryPage, HistoryRun, StoredIssue, TokenTotals } from '../contract/store.ts';
import type { TranscriptLine } from '../contract/transcript.ts';
import type {
  History,
  HistoryRow,
  IssueAnswer,
  Parked,
  Pause,
  RateLimitsAnswer,
  ReadinessAnswer,
  RefreshAccepted,
  Retrying,
  Running,
  State,
  Tokens,
  TranscriptLineAnswer,
} from './schemas.ts';

export function toState(snapshot: Snapshot, readiness: Readiness): State {
  const { agentTotals, lastTick } = snapshot;
  return {
    generated_at: toIso(snapshot.generatedAtMs),
    mode: snapshot.mode,
    counts: {
      running: snapshot.running.length,
      retrying: snapshot.retrying.length,
      parked: snapshot.parked.length,
    },
    slots: { limit: snapshot.slots.limit, used: snapshot.slots.used },
    running: snapshot.running.map(toRunning),
    retrying: snapshot.retrying.map(toRetrying),
    parked: snapshot.parked.map(toParked),
    agent_totals: { ...toTokens(agentTotals), seconds_running: agentTotals.secondsRunning },
    pauses: snapshot.pauses.map(toPause),
    rate_limits: snapshot.rateLimits.map(toRateLimits),
    today: {
      day: snapshot.today.day,
      tokens: toTokens(snapshot.today),
      cost_usd: toDollars(snapshot.today.costUsd),
    },
    active_estimated_cost_usd: snapshot.activeEstimatedCostUsd,
    last_tick: lastTick && {
      at: toIso(lastTick.atMs),
      result: lastTick.result,
      error: orNull(lastTick.error),
    },
    preflight_problems: [...snapshot.preflightProblems],
    reload_error: orNull(readiness.reloadError),
    tracker_throttles: readiness.throttles.map(({ scope, untilMs, reason }) => ({
      scope,
      until: toIso(untilMs),
      reason,
    })),
  };
}

function toRunning(entry: RunningEntry): Running {
  return {
    issue_id: entry.issueId,
    issue_identifier: entry.issueIdentifier,
    title: entry.title,
    state: entry.state,
    run_id: entry.runId,
    session_id: entry.sessionId,
    phase: entry.phase,
    attempt: entry.attempt,
    turn_count: entry.turnCount,
    last_event: entry.lastEvent,
    last_message: entry.lastMessage,
    started_at: toIso(entry.startedAtMs),
    last_event_at: toIsoOrNull(entry.lastEventAtMs),
    workspace_path: entry.workspacePath,
    agent_kind: entry.agentKind,
    model_name: entry.modelName,
    tokens: toTokens(entry.tokens),
    tools: [...entry.tools],
  };
}

function toPause({ reason, agentKind, detail, untilMs }: PauseEntry): Pause {
  return { reason, agent_kind: agentKind, detail, until: toIsoOrNull(untilMs) };
}

function toRateLimits({ agentKind, atMs, windows }: RateLimits): RateLimitsAnswer {
  return {
    agent_kind: agentKind,
    at: toIso(atMs),
    windows: windows.map(({ name, usedPercent, resetsAtMs }) => ({
      name,
      used_percent: usedPercent === null || !Number.isFinite(usedPercent) ? null : usedPercent,
      resets_at: toIsoOrNull(resetsAtMs),
    })),
  };
}

function toRetrying(entry: RetryingEntry): Retrying {
  return {
    issue_id: entry.issueId,
    issue_identifier: entry.issueIdentifier,
    title: entry.title,
    attempt: entry.attempt,
    due_at: toIso(entry.dueAtMs),
    error: orNull(entry.error),
    trigger: entry.trigger,
  };
}

function toParked(entry: ParkedEntry): Parked {
  return {
    issue_id: entry.issueId,
    issue_identifier: entry.issueIdentifier,
    title: entry.title,
    reason: entry.reason,
    detail: entry.detail,
    parked_at: toIso(entry.parkedAtMs),
    until: toIsoOrNull(entry.untilMs),
    ends_on: [...entry.endsOn],
  };
}

/** `stored`: what the store remembers beside it, if anything. */
export function toIssue(issue: IssueSnapshot, stored: StoredIssue | null): IssueAnswer {
  const path = issue.running?.workspacePath ?? stored?.workspacePath ?? null;
  return {
    issue_id: issue.issueId,
    issue_identifier: issue.issueIdentifier,
    status: issue.status,
    verdict: issue.verdict && {
      verdict: issue.verdict.verdict,
      detail: issue.verdict.detail,
      since: toIso(issue.verdict.sinceMs),
      as_of: toIso(issue.verdict.asOfMs),
    },
    workspace: path === null ? null : { path },
    attempts: {
      current: issue.running?.attempt ?? issue.retry?.attempt ?? null,
      sessions_used: stored?.sessionsUsed ?? 0,
    },
    running: issue.running && toRunning(issue.running),
    retry: issue.retry && toRetrying(issue.retry),
    park: issue.park && toParked(issue.park),
    recent_events: issue.recentEvents.map(({ atMs, event, message }) => ({
      at: toIso(atMs),
      event,
      message,
    })),
    last_error: orNull(issue.lastError),
  };
}

/** An issue that the core has let go: its ended runs, oldest first, are its events. */
export function toReleasedIssue(
  known: { readonly issueId: string; readonly identifier: string },
  stored: StoredIssue | null,
  runs: readonly HistoryRun[],
): IssueAnswer {
  const latest = runs[0];
  const path = stored?.workspacePath ?? null;
  return {
    issue_id: known.issueId,
    issue_identifier: known.identifier,
    status: 'released',
    verdict: null,
    workspace: path === null ? null : { path },
    attempts: { current: null, sessions_used: stored?.sessionsUsed ?? 0 },
    running: null,
    retry: null,
    park: null,
    recent_events: runs.toReversed().map((run) => ({
      at: toIso(run.completedAtMs ?? run.startedAtMs),
      event: run.status ?? 'running',
      message: run.error,
    })),
    last_error: orNull(latest?.error ?? ''),
  };
}

export function toHistory(page: HistoryPage): History {
  return { runs: page.runs.map(toHistoryRow), next_cursor: page.nextCursor };
}

function toHistoryRow(run: HistoryRun): HistoryRow {
  return {
    run_id: run.runId,
    issue_id: run.issueId,
    issue_identifier: run.issueIdentifier,
    title: run.title,
    attempt: run.attempt,
    status: run.status,
    error: orNull(run.error),
    evidence: orNull(run.evidence),
    agent_kind: run.agentKind,
    session_id: run.sessionId,
    workspace_path: run.workspacePath,
    started_at: toIso(run.startedAtMs),
    completed_at: toIsoOrNull(run.completedAtMs),
    turns_completed: run.turnsCompleted,
    tokens: toTokens(run.tokens),
    cost_usd: run.costUsd,
    cost_estimated: run.costEstimated,
  };
}

export function toTranscriptLine({ seq, atMs, turn, stream, line }: TranscriptLine): TranscriptLineAnswer {
  return { seq, at: toIso(atMs), turn, stream, line };
}

export function toRefreshAccepted(answer: RefreshAnswer): RefreshAccepted {
  return {
    queued: answer.queued,
    coalesced: answer.coalesced,
    requested_at: toIso(answer.requestedAtMs),
    operations: [...answer.operations],
  };
}

/** `status` is the worst of the checks; a draining daemon takes no more work and is not ready. */
export function toReadiness(readiness: Readiness): ReadinessAnswer {
  const { database, preflight, workflow } = readiness.checks;
  const all = [database, preflight, workflow];
  const failed = readiness.draining || all.includes('fail');
  return {
    status: failed ? 'fail' : all.includes('warn') ? 'warn' : 'pass',
    version: readiness.version,
    uptime_seconds: Math.max(0, readiness.uptimeSeconds),
    checks: { database, preflight, workflow },
    ...(readiness.reloadError === '' ? {} : { reload_error: readiness.reloadError }),
  };
}

/** Agents report these numbers: one odd count must not cost people the whole answer. */
function toTokens(tokens: TokenTotals): Tokens {
  const input = toCount(tokens.inputTokens);
  const output = toCount(tokens.outputTokens);
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: toCount(input + output),
    cache_read_tokens: toCount(tokens.cacheReadTokens),
  };
}

function toCount(amount: number): number {
  return Number.isNaN(amount) ? 0 : Math.trunc(Math.min(Math.max(0, amount), Number.MAX_SAFE_INTEGER));
}

function toDollars(amount: number): number {
  return Number.isFinite(amount) ? Math.max(0, amount) : 0;
}

/** Dates end at ±8.64e15 ms, and years past 9999 are no longer plain ISO-8601: a due time may lie beyond. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function toIso(ms: number): string {
  return new Date(Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LATEST_MS)).toISOString();
}

function toIsoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms);
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
