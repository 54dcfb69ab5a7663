// What an agent is told of a write: done, queued or waiting for a person, or why it was not made. An approved, an edited,
// a rejected and an expired proposal are different answers, each with who decided and what was said.

import type { Approval } from '../../contract/approval.ts';
import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { PolicyVerdict } from '../../contract/tool-policy.ts';
import { areTied, fellWithAnother, whatWasDone } from '../what-was-done.ts';
import { refused, type Outcome } from './outcome.ts';

const ASK_LATER = 'go on with something else; ask for it with request_status and this id';

/** Of a write that nobody had to allow. */
export function rowsAnswer(
  rows: readonly OutboxWrite[],
  verdict: Pick<PolicyVerdict, 'decision' | 'rule'>,
): Outcome {
  const { decision, rule } = verdict;
  const common = { decision, rule };
  const id = rows[0]?.id ?? '';
  if (!rows.every(hasEnded)) {
    const waiting = rows.find((row) => !hasEnded(row))?.detail ?? '';
    const note = waiting === '' ? ASK_LATER : `${waiting}; ${ASK_LATER}`;
    const ids = rows.length > 1 ? { ids: rows.map((row) => row.id) } : {};
    return { ok: true, data: { status: 'queued', id, ...ids, ...common, note } };
  }
  const result = resultJson(rows);
  const bad = rows.filter(({ status }) => status !== 'done');
  const [first] = bad;
  if (first === undefined) return { ok: true, data: { status: 'done', id, ...common, result } };
  if (bad.length < rows.length) {
    const note = areTied(rows)
      ? whatWasDone(rows)
      : `${rows.length - bad.length} of ${rows.length} were made: ${first.detail}`;
    return { ok: true, data: { status: 'partly', id, ...common, result, note } };
  }
  const kind = first.status === 'refused' ? 'changed_meanwhile' : kindIn(first);
  const message = first.detail === '' ? first.status : first.detail;
  return refused(kind, areTied(rows) && rows.length > 1 ? whatWasDone(rows) : message, { id, ...common });
}

/**
 * Of a proposal as it stands. @param rows its writes; [] = none, or not asked for. @param isRepeated the call asked for
 * what an earlier one has proposed.
 */
export function approvalAnswer(
  approval: Approval,
  rows: readonly OutboxWrite[],
  { isRepeated = false }: { readonly isRepeated?: boolean } = {},
): Outcome {
  const { id, rule, status, expiresAtMs, modifiedDetails, decidedBy, decisionNote, result } = approval;
  const common = { id, approval_id: id, decision: 'approve', rule };
  if (status === 'pending') {
    const expires = { expires_at: new Date(expiresAtMs).toISOString() };
    const asked = new Date(approval.requestedAtMs).toISOString();
    const note = isRepeated
      ? `the same was asked for at ${asked} and still waits for a person, so nothing new was proposed; do not ask again; ${ASK_LATER}`
      : `a person must allow this, and nobody has decided yet; ${ASK_LATER}`;
    return { ok: true, data: { status: 'pending', ...common, ...expires, note } };
  }
  const decided = { status, decided_by: decidedBy, modifiedDetails, decisionNote };
  const more = { ...common, approval: decided };
  const said = decisionNote === '' ? '' : `: ${decisionNote}`;
  if (status === 'rejected') return refused('approval_rejected', `rejected by ${decidedBy}${said}`, more);
  if (status === 'expired')
    return refused('approval_expired', 'nobody decided in time; ask again if it still matters', more);
  const modified = modifiedDetails === null ? {} : { modified: modifiedDetails };
  const note =
    modifiedDetails === null
      ? `allowed by ${decidedBy}${said}`
      : `changed and allowed by ${decidedBy}${said}`;
  if (result === null || result.status === 'applying')
    return { ok: true, data: { status: 'queued', ...more, ...modified, note: `${note}; ${ASK_LATER}` } };
  if (result.status === 'refused') return refused('changed_meanwhile', result.message, more);
  if (result.status === 'failed') {
    const failed = rows.find((row) => row.status === 'failed');
    return refused(failed === undefined ? 'tracker_api_error' : kindIn(failed), result.message, more);
  }
  const made = { ...resultJson(rows), issues: result.issues, message: result.message };
  return { ok: true, data: { status: result.status, ...more, ...modified, result: made, note } };
}

function resultJson(rows: readonly OutboxWrite[]): JsonMap {
  const done = rows.filter(({ status }) => status === 'done');
  const writes = done.map(({ issue, result }): JsonMap => {
    const changed = result?.issue ?? issue;
    return {
      issueKey: changed.identifier,
      issue_id: changed.id,
      ...(result !== null && result.entryId !== '' && { entry_id: result.entryId }),
      ...(result !== null && result.url !== '' && { url: result.url }),
      ...(result?.wasThere === true && { was_there: true }),
    };
  });
  const [only] = writes;
  return rows.length === 1 && only !== undefined ? only : { writes };
}

/** The words of a TrackerError begin with its kind. */
function kindIn(row: OutboxWrite): string {
  const { status, detail } = row;
  if (fellWithAnother(row)) return 'changed_meanwhile';
  if (status === 'cancelled') return 'run_ended';
  return /\btracker: ([a-z_]+): /.exec(detail)?.[1] ?? 'tracker_api_error';
}
