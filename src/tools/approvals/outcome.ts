// What became of an approved proposal, from the rows of its writes: applying until the last has ended, then done,
// partly, refused or failed, with the identifiers of what was made or changed and the first thing that went wrong.

import type { ApprovalResult } from '../../contract/approval.ts';
import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import { areTied, fellWithAnother, whatWasDone } from '../what-was-done.ts';

export const APPLYING: ApprovalResult = { status: 'applying', message: '', issues: [] };

export function resultOf(rows: readonly OutboxWrite[]): ApprovalResult {
  if (rows.length === 0) return { status: 'failed', message: 'nothing of it was recorded', issues: [] };
  if (!rows.every(hasEnded)) return APPLYING;
  const done = rows.filter(({ status }) => status === 'done');
  const bad = rows.filter(({ status }) => status !== 'done');
  const issues = [...new Set(done.map(({ result, issue }) => (result?.issue ?? issue).identifier))];
  const [first] = bad;
  if (first === undefined) return { status: 'done', message: doneMessage(rows, issues), issues };
  const tied = areTied(rows);
  const why = tied ? whatWasDone(rows) : first.detail === '' ? first.status : first.detail;
  if (done.length > 0) {
    const message = tied ? why : `${done.length} of ${rows.length} were made: ${why}`;
    return { status: 'partly', message, issues };
  }
  const allRefused = bad.every((row) => row.status === 'refused' || fellWithAnother(row));
  return { status: allRefused ? 'refused' : 'failed', message: why, issues };
}

function doneMessage(rows: readonly OutboxWrite[], issues: readonly string[]): string {
  const made = rows.every(({ write }) => write.operation === 'create_issue');
  return `${made ? 'made' : 'changed'} ${issues.join(', ')}`;
}
