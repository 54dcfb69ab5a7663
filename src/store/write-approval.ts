// How proposals become rows. A proposal is decided once: putting one says what status the stored one must have, and
// another status fails the whole batch.
import type { Approval, ApprovalStatus } from '../contract/approval.ts';
import { LedgerConflict } from '../contract/tool-ledger.ts';
import type { ApprovalRow } from './schema-tools.ts';
import { identifierKey, integer, integerOrNull, outsideText, type Redact } from './storable.ts';
import { storedJson, storedJsonOrNull } from './stored-json.ts';
import type { WriteContext } from './write-issue.ts';

/** Throws LedgerConflict when there is one of this id. */
export async function addApproval(
  { db, trackerId, redact }: WriteContext,
  approval: Approval,
): Promise<void> {
  const row = { tracker_id: trackerId, id: approval.id, ...approvalColumns(approval, redact) };
  const { numInsertedOrUpdatedRows: added } = await db
    .insertInto('approvals')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tracker_id', 'id']).doNothing())
    .executeTakeFirstOrThrow();
  if (added !== 1n) throw new LedgerConflict(`approval ${approval.id} is there already: give it another id`);
}

/** Throws LedgerConflict unless the stored one is as expected. */
export async function putApproval(
  { db, trackerId, redact }: WriteContext,
  approval: Approval,
  expect: ApprovalStatus,
): Promise<void> {
  const { numUpdatedRows: put } = await db
    .updateTable('approvals')
    .set(approvalColumns(approval, redact))
    .where('tracker_id', '=', trackerId)
    .where('id', '=', approval.id)
    .where('status', '=', expect)
    .executeTakeFirstOrThrow();
  if (put === 1n) return;
  const stored = await db
    .selectFrom('approvals')
    .select('status')
    .where('tracker_id', '=', trackerId)
    .where('id', '=', approval.id)
    .executeTakeFirst();
  const found = stored ? `is ${stored.status}` : 'is not there';
  throw new LedgerConflict(`approval ${approval.id} ${found}, ${expect} was expected: read it again`);
}

function approvalColumns(approval: Approval, redact: Redact): Omit<ApprovalRow, 'tracker_id' | 'id'> {
  const requestedAtMs = integer(approval.requestedAtMs);
  const decidedAtMs = integerOrNull(approval.decidedAtMs);
  return {
    action: approval.action,
    summary: outsideText(approval.summary, redact),
    details: storedJson(approval.details, redact),
    before: storedJsonOrNull(approval.before, redact),
    status: approval.status,
    decider_group: approval.group,
    rule: approval.rule,
    run_id: approval.runId,
    issue_id: approval.issueId,
    identifier: approval.issueIdentifier,
    identifier_key: identifierKey(approval.issueIdentifier),
    target_identifier: approval.targetIdentifier,
    requested_at_ms: requestedAtMs,
    expires_at_ms: integer(approval.expiresAtMs),
    decided_by: outsideText(approval.decidedBy, redact),
    decided_at_ms: decidedAtMs,
    modified_details: storedJsonOrNull(approval.modifiedDetails, redact),
    decision_note: outsideText(approval.decisionNote, redact),
    result: storedJsonOrNull(approval.result, redact),
    told_run_id: approval.toldRunId,
    resolved: storedJsonOrNull(approval.resolved ?? null, redact),
    place_ms: approval.status === 'pending' ? requestedAtMs : (decidedAtMs ?? requestedAtMs),
  };
}
