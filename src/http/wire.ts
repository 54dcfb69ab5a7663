// From the daemon's words (camelCase, milliseconds) to the wire's (snake_case, ISO-8601): the only place
// where that happens, with issue-wire.ts and past-wire.ts. Pure, and total.

import type {
  ParkedEntry,
  PauseEntry,
  RateLimits,
  Readiness,
  RetryingEntry,
  RunningEntry,
  Snapshot,
  WaitingEntry,
} from '../contract/snapshot.ts';
import type { HistoryPage, HistoryRun } from '../contract/store.ts';
import type { History, HistoryRow } from './past-schemas.ts';
import type {
  Parked,
  Pause,
  RateLimitsAnswer,
  ReadinessAnswer,
  Retrying,
  Running,
  State,
  Waiting,
} from './schemas.ts';
import { orNull, toAmount, toCount, toIso, toIsoOrNull, toLink, toTokens } from './wire-values.ts';

export interface ToolCounts {
  readonly approvalsPending: number;
  readonly outboxOpen: number;
}

const NOTHING: ToolCounts = { approvalsPending: 0, outboxOpen: 0 };

export function toState(snapshot: Snapshot, readiness: Readiness, counts = NOTHING): State {
  const { agentTotals, lastTick, handoff } = snapshot;
  const { trackerError } = readiness;
  const throttles = readiness.throttles.map(({ scope, untilMs, reason }) => ({
    scope,
    until: toIso(untilMs),
    reason,
  }));
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
      cost_usd: toAmount(snapshot.today.costUsd),
    },
    active_estimated_cost_usd: snapshot.activeEstimatedCostUsd,
    last_tick: lastTick && {
      at: toIso(lastTick.atMs),
      result: lastTick.result,
      error: orNull(lastTick.error),
    },
    preflight_problems: [...snapshot.preflightProblems],
    reload_error: orNull(readiness.reloadError),
    workflow_loaded_at: toIsoOrNull(readiness.workflowLoadedAtMs),
    runs_ended: toCount(snapshot.runsEnded),
    waiting: snapshot.waiting.map(toWaiting),
    waiting_total: toCount(snapshot.waitingTotal),
    dispatch: toDispatch(snapshot),
    handoff: handoff && { limit: handoff.limit, count: handoff.count, as_of: toIso(handoff.asOfMs) },
    tracker: {
      error: trackerError && { at: toIso(trackerError.atMs), message: trackerError.message },
      throttles,
    },
    budget: {
      max_tokens_per_day: toLimit(snapshot.budget.maxTokensPerDay),
      max_usd_per_day: toLimit(snapshot.budget.maxUsdPerDay),
    },
    tracker_throttles: throttles,
    approvals_pending: toCount(counts.approvalsPending),
    outbox_open: toCount(counts.outboxOpen),
  };
}

export function toRunning(entry: RunningEntry): Running {
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
    cost_usd: entry.costUsd === null ? null : toAmount(entry.costUsd),
    cost_estimated: entry.costEstimated,
    tools: [...entry.tools],
  };
}

function toWaiting(entry: WaitingEntry): Waiting {
  return {
    issue_id: entry.issueId,
    issue_identifier: entry.issueIdentifier,
    title: entry.title,
    verdict: entry.verdict,
    detail: entry.detail,
    since: toIso(entry.sinceMs),
    as_of: toIso(entry.asOfMs),
  };
}

function toDispatch({ dispatch, drained }: Snapshot): State['dispatch'] {
  const { mode, by, reason, sinceMs } = dispatch;
  return { mode, by, reason, since: sinceMs === 0 ? null : toIso(sinceMs), drained };
}

/** 0 = none. */
function toLimit(limit: number): number | null {
  return limit > 0 ? limit : null;
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

export function toRetrying(entry: RetryingEntry): Retrying {
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

export function toParked(entry: ParkedEntry): Parked {
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

export function toHistory(page: HistoryPage): History {
  return { runs: page.runs.map(toHistoryRow), next_cursor: page.nextCursor };
}

export function toHistoryRow(run: HistoryRun): HistoryRow {
  return {
    run_id: run.runId,
    issue_id: run.issueId,
    issue_identifier: run.issueIdentifier,
    title: run.title,
    issue_state: orNull(run.issueState),
    issue_url: toLink(run.issueUrl),
    labels: [...run.issueLabels],
    attempt: run.attempt,
    status: run.status,
    error: orNull(run.error),
    evidence: orNull(run.evidence),
    agent_kind: run.agentKind,
    session_id: run.sessionId,
    workspace_path: run.workspacePath,
    started_at: toIso(run.startedAtMs),
    completed_at: toIsoOrNull(run.completedAtMs),
    seconds_running: toAmount(run.secondsRunning),
    turns_completed: run.turnsCompleted,
    tokens: toTokens(run.tokens),
    cost_usd: run.costUsd,
    cost_estimated: run.costEstimated,
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
