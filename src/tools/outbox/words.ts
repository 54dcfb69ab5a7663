// What is said of a write when it has ended: the code in the audit, the error for the orchestrator, the line of the
// issue's timeline, the fields of a log line.

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

export function timelineOf(row: OutboxWrite): TimelineEntry {
  const atMs = row.endedAtMs ?? row.requestedAtMs;
  const { write, result, status, detail } = row;
  const what =
    result?.issue?.identifier ?? (write.operation === 'create_issue' ? '' : write.issue.identifier);
  return {
    atMs,
    issueId: row.issue.id,
    issueIdentifier: row.issue.identifier,
    runId: row.runId,
    attempt: null,
    kind: 'tracker_write',
    name: write.operation,
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
