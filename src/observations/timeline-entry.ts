// Which notice becomes what on an issue's timeline: a table, total over the kinds of notices. What the daemon as a whole
// does belongs to no issue and stands in the log, the samples and the operators' log instead. Pure; texts come from
// trackers and agents, so each is made one line and cut.

import type { IssueNotice, Notice, OperatorNotice } from '../contract/notice.ts';
import type { TimelineEntry } from '../contract/observation.ts';

const LONGEST_NAME = 200;
const LONGEST_DETAIL = 1_000;

/** null = nothing that an issue's timeline shows. */
export function timelineEntryOf(notice: Notice, atMs: number): TimelineEntry | null {
  switch (notice.kind) {
    case 'operator_acted':
      return entryOfOperator(notice, atMs);
    case 'tick_completed':
    case 'fetch_failed':
    case 'preflight_failed':
    case 'preflight_recovered':
    case 'dispatch_paused':
    case 'dispatch_resumed':
    case 'store_paused':
    case 'store_resumed':
    case 'recovered':
    case 'operator_drained':
    case 'draining':
    case 'drained':
      return null;
    default:
      return entryOfIssue(notice, atMs);
  }
}

type Told = Pick<TimelineEntry, 'kind' | 'name'> &
  Partial<Pick<TimelineEntry, 'detail' | 'durationMs' | 'ok'>>;

function entryOfIssue(notice: IssueNotice, atMs: number): TimelineEntry | null {
  const told = toldOf(notice);
  if (told === null) return null;
  const { issueId, issueIdentifier, runId, attempt } = notice;
  return {
    atMs,
    issueId,
    issueIdentifier,
    runId,
    attempt,
    kind: told.kind,
    name: oneLine(told.name, LONGEST_NAME),
    detail: oneLine(told.detail ?? '', LONGEST_DETAIL),
    durationMs: durationOf(told.durationMs ?? null),
    ok: told.ok ?? null,
  };
}

function toldOf(notice: IssueNotice): Told | null {
  switch (notice.kind) {
    case 'verdict_changed':
      return { kind: 'verdict', name: notice.verdict, detail: notice.detail };
    case 'dispatched':
      return { kind: 'dispatched', name: notice.state };
    case 'dispatch_refused':
      return { kind: 'dispatch_refused', name: notice.verdict, detail: notice.detail };
    case 'dispatch_failed':
      return { kind: 'dispatch_refused', name: 'dispatch_failed', detail: notice.message, ok: false };
    case 'phase_ended':
      return { kind: 'phase', name: notice.phase, durationMs: notice.durationMs };
    case 'turn_ended':
      return { kind: 'turn', name: String(notice.turn), durationMs: notice.durationMs };
    case 'tool_ended':
      return { kind: 'tool', name: notice.tool, durationMs: notice.durationMs, ok: notice.ok };
    case 'run_warned':
      return { kind: 'warning', name: notice.message, detail: notice.detail };
    case 'run_stopping':
      return { kind: 'run_stopping', name: notice.reason };
    case 'run_finished':
      return {
        kind: 'run_finished',
        name: notice.status,
        detail: notice.error,
        durationMs: notice.secondsRunning * 1000,
        ok: notice.exitType === 'error' ? false : notice.status === 'succeeded' ? true : null,
      };
    case 'retry_queued':
      return {
        kind: 'retry_queued',
        name: notice.trigger,
        detail: [`due ${minuteOf(notice.dueAtMs)}`, notice.error].filter((part) => part !== '').join(': '),
      };
    case 'handed_off':
      return { kind: 'handed_off', name: notice.toState, ok: true };
    case 'handoff_failed':
      return { kind: 'handoff_failed', name: '', detail: notice.message, ok: false };
    case 'parked':
      return { kind: 'parked', name: notice.reason, detail: notice.detail };
    case 'park_ended':
      return { kind: 'park_ended', name: notice.reason, detail: notice.by };
    case 'released':
      return { kind: 'released', name: '', detail: notice.why };
    case 'workspace_removed':
      return { kind: 'workspace_removed', name: '', detail: notice.path };
    case 'workspace_not_removed':
      return {
        kind: 'warning',
        name: 'workspace not removed',
        detail: `${notice.path}: ${notice.message}`,
        ok: false,
      };
    // Said of every running issue at every tick, and of every end without a handoff state: what comes of either has a
    // notice of its own.
    case 'reconciled':
    case 'handoff_skipped':
      return null;
  }
}

/** A word about the daemon as a whole is in the operators' log only. */
function entryOfOperator({ issue, control, by, reason }: OperatorNotice, atMs: number): TimelineEntry | null {
  if (issue === null) return null;
  return {
    atMs,
    issueId: issue.id,
    issueIdentifier: issue.identifier,
    runId: null,
    attempt: null,
    kind: 'operator',
    name: control,
    detail: oneLine(reason === '' ? `by ${by}` : `by ${by}: ${reason}`, LONGEST_DETAIL),
    durationMs: null,
    ok: null,
  };
}

/** A clock that was set in the middle of something must not make it end before it began. */
function durationOf(durationMs: number | null): number | null {
  if (durationMs === null || !Number.isFinite(durationMs)) return null;
  return Math.max(0, Math.round(durationMs));
}

/** `2026-11-22 09:30 UTC`, for people. */
function minuteOf(atMs: number): string {
  const date = new Date(atMs);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  return `${date.toISOString().slice(0, -':00.000Z'.length).replace('T', ' ')} UTC`;
}

function oneLine(text: string, longest: number): string {
  // Twice as much is looked at as is kept: an error may be megabytes.
  const line = text
    .slice(0, 2 * longest)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
