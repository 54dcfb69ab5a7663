// One issue as people see it: what the core knows of it, or what the history remembers.

import type { Explanation, IssueSnapshot } from '../contract/snapshot.ts';
import type { HistoryRun, StoredIssue } from '../contract/store.ts';
import type { ExplanationAnswer, IssueAnswer } from './schemas.ts';
import { toIso, toIsoOrNull, orNull, toLink } from './wire-values.ts';
import { toParked, toRetrying, toRunning } from './wire.ts';

/** `stored`: what the store remembers beside it, if anything. */
export function toIssue(issue: IssueSnapshot, stored: StoredIssue | null): IssueAnswer {
  const path = issue.running?.workspacePath ?? stored?.workspacePath ?? null;
  return {
    issue_id: issue.issueId,
    issue_identifier: issue.issueIdentifier,
    status: issue.status,
    title: orNull(issue.title),
    state: orNull(issue.issueState),
    url: toLink(issue.issueUrl),
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
    controls: [...issue.controls],
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
    title: latest?.title ?? null,
    state: orNull(latest?.issueState ?? ''),
    url: toLink(latest?.issueUrl ?? ''),
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
    // Nothing holds it, so a hold cannot be refused for its state. Whether it could be run is not known here: only the
    // tracker knows the state that it is in now, and the core offers `dispatch` once it has seen the issue again.
    controls: ['hold'],
  };
}

export function toExplanation(explanation: Explanation): ExplanationAnswer {
  return {
    issue_id: explanation.issueId,
    issue_identifier: explanation.issueIdentifier,
    verdict: explanation.verdict,
    detail: explanation.detail,
    since: toIsoOrNull(explanation.sinceMs),
    as_of: toIso(explanation.asOfMs),
    ends_on: [...explanation.endsOn],
    controls: [...explanation.controls],
  };
}
