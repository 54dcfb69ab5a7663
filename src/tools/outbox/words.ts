// What is said of a write when it has ended: the code in the audit, the error for the orchestrator, the lines of
// timelines, the fields of a log line.

import type { IssueRef } from '../../contract/issue.ts';
import type { TimelineEntry } from '../../contract/observation.ts';
import type { OutboxWrite } from '../../contract/outbox.ts';
import { TrackerError } from '../../contract/tracker.ts';
import { sendFailure } from './failures.ts';
import type { Item } from './item.ts';
import type { Happened } from './next-step.ts';

/** With what it ended, when it ended badly. */
export function codeOf(happened: Happened, { error }: Item): string {
  if (happened.kind === 'failed') return happened.failure.kind;
  const sure = happened.kind === 'absent' || happened.kind === 'harmless';
  return sure && error !== null ? sendFailure(error).kind : 'outcome_unknown';
}

export function refusalOf({ detail, issue }: OutboxWrite): TrackerError {
  const path = issue.identifier;
  return new TrackerError({ kind: 'tracker_api_error', method: 'write', path, detail, applied: 'no' });
}

/**
 * Under the issue whose run wrote it, naming what was written to; and under that one too, when it is another one, naming
 * whose run it was: whoever looks at either sees it.
 */
export function timelineOf(row: OutboxWrite): readonly TimelineEntry[] {
  const { issue, runIssue = issue, result, write } = row;
  const changed = write.operation === 'create_issue' ? (result?.issue ?? null) : issue;
  const own = entryOf(row, runIssue, result?.issue?.identifier ?? changed?.identifier ?? '');
  if (changed === null || changed.id === runIssue.id) return [own];
  // Without the run's id: it is no run of this issue.
  return [own, { ...entryOf(row, changed, `by a run of ${runIssue.identifier}`), runId: null }];
}

function entryOf(row: OutboxWrite, under: IssueRef, what: string): TimelineEntry {
  const { status, detail } = row;
  const atMs = row.endedAtMs ?? row.requestedAtMs;
  return {
    atMs,
    issueId: under.id,
    issueIdentifier: under.identifier,
    runId: row.runId,
    attempt: null,
    kind: 'tracker_write',
    name: row.write.operation,
    detail: [what, status === 'done' ? '' : status, detail].filter((part) => part !== '').join(': '),
    durationMs: Math.max(0, atMs - row.requestedAtMs),
    ok: status === 'done',
  };
}

export function fieldsOf(row: OutboxWrite): Readonly<Record<string, unknown>> {
  return {
    issue_id: row.issue.id,
    issue_identifier: row.issue.identifier,
    run_id: row.runId,
    write_id: row.id,
    operation: row.write.operation,
    status: row.status,
    detail: row.detail,
  };
}
