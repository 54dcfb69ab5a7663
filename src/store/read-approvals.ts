// Proposals as they are asked for: one, those that wait, those that nobody was told of, and pages of all. A list is two
// walks, one after the other: the pending ones from the oldest on, then the decided from the newest on.
import { sql, type Kysely } from 'kysely';
import type { Approval, ApprovalPage, ApprovalQuery } from '../contract/approval.ts';
import { decodeApprovalCursor, encodeApprovalCursor, type ApprovalPlace } from './ledger-cursor.ts';
import { assertLimit, type Reading } from './reading.ts';
import type { ApprovalRow } from './schema-tools.ts';
import type { Tables } from './schema.ts';
import { identifierKey } from './storable.ts';
import { parsedOrNull } from './stored-json.ts';

const largestPage = 500;
/** Of an approved one: its writes have not all ended, as far as is known. */
export const isOwed = sql<boolean>`coalesce(json_extract(result, '$.status'), 'applying') = 'applying'`;

/** More would not fit into a prompt. */
const mostUntold = 50;

export async function readApproval({ db, trackerId, inTurn }: Reading, id: string): Promise<Approval | null> {
  const row = await inTurn(() =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('tracker_id', '=', trackerId)
      .where('id', '=', id)
      .executeTakeFirst(),
  );
  return row ? approvalOf(row) : null;
}

/** Oldest first. */
export async function readUnsettledApprovals({ db, trackerId, inTurn }: Reading): Promise<Approval[]> {
  const rows = await inTurn(() =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('tracker_id', '=', trackerId)
      .where(({ or, eb }) =>
        or([eb('status', '=', 'pending'), eb.and([eb('status', '=', 'approved'), isOwed])]),
      )
      .orderBy('place_ms')
      .orderBy('id')
      .execute(),
  );
  return rows.map(approvalOf);
}

export async function readUntold({ db, trackerId, inTurn }: Reading, issueId: string): Promise<Approval[]> {
  const rows = await inTurn(() =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('tracker_id', '=', trackerId)
      .where('issue_id', '=', issueId)
      .where('told_run_id', 'is', null)
      .where('status', '<>', 'pending')
      .orderBy('place_ms')
      .orderBy('id')
      .limit(mostUntold)
      .execute(),
  );
  return rows.map(approvalOf);
}

export async function readApprovals(reading: Reading, query: ApprovalQuery): Promise<ApprovalPage> {
  assertLimit('approvals', query.limit, largestPage);
  const { db, trackerId, inTurn } = reading;
  const after = query.cursor === undefined ? null : decodeApprovalCursor(query.cursor);
  const wanted = query.limit + 1;
  const rows = await inTurn(async () => {
    const found: ApprovalRow[] = [];
    if (after?.part !== 'decided' && (query.status ?? 'pending') === 'pending') {
      found.push(...(await partStatement(db, trackerId, query, 'pending', after).limit(wanted).execute()));
    }
    if (found.length < wanted && query.status !== 'pending') {
      const place = after?.part === 'decided' ? after : null;
      const rest = partStatement(db, trackerId, query, 'decided', place).limit(wanted - found.length);
      found.push(...(await rest.execute()));
    }
    return found;
  });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    approvals: shown.map(approvalOf),
    nextCursor: rows.length > shown.length && last !== undefined ? encodeApprovalCursor(placeOf(last)) : null,
  };
}

export function partStatement(
  db: Kysely<Tables>,
  trackerId: number,
  { identifier, runId, status }: ApprovalQuery,
  part: ApprovalPlace['part'],
  after: ApprovalPlace | null,
) {
  let statement = db.selectFrom('approvals').selectAll().where('tracker_id', '=', trackerId);
  if (part === 'pending') statement = statement.where('status', '=', 'pending');
  else if (status === undefined) statement = statement.where('status', '<>', 'pending');
  else statement = statement.where('status', '=', status);
  if (identifier !== undefined) statement = statement.where('identifier_key', '=', identifierKey(identifier));
  if (runId !== undefined) statement = statement.where('run_id', '=', runId);
  const direction = part === 'pending' ? 'asc' : 'desc';
  if (after !== null) {
    statement = statement.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('place_ms', 'id'), direction === 'asc' ? '>' : '<', tuple(after.placeMs, after.id)),
    );
  }
  return statement.orderBy('place_ms', direction).orderBy('id', direction);
}

function placeOf(row: ApprovalRow): ApprovalPlace {
  return { part: row.status === 'pending' ? 'pending' : 'decided', placeMs: row.place_ms, id: row.id };
}

function approvalOf(row: ApprovalRow): Approval {
  return {
    id: row.id,
    action: row.action,
    summary: row.summary,
    details: JSON.parse(row.details) as Approval['details'],
    before: parsedOrNull<NonNullable<Approval['before']>>(row.before),
    status: row.status,
    group: row.decider_group,
    rule: row.rule,
    runId: row.run_id,
    issueId: row.issue_id,
    issueIdentifier: row.identifier,
    targetIdentifier: row.target_identifier,
    requestedAtMs: row.requested_at_ms,
    expiresAtMs: row.expires_at_ms,
    decidedBy: row.decided_by,
    decidedAtMs: row.decided_at_ms,
    modifiedDetails: parsedOrNull<NonNullable<Approval['modifiedDetails']>>(row.modified_details),
    decisionNote: row.decision_note,
    result: parsedOrNull<NonNullable<Approval['result']>>(row.result),
    toldRunId: row.told_run_id,
    resolved: parsedOrNull<NonNullable<Approval['resolved']>>(row.resolved),
  };
}
