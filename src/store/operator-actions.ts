// The operators' log as people read it: newest first.
import type { OperatorAction } from '../contract/controls.ts';
import { assertLimit, type Reading } from './reading.ts';
import { operatorActionsKept } from './write-operator.ts';

export async function readOperatorActions(
  { db, trackerId, inTurn }: Reading,
  limit: number,
): Promise<OperatorAction[]> {
  assertLimit('operator actions', limit, operatorActionsKept);
  const rows = await inTurn(() =>
    db
      .selectFrom('operator_actions')
      .selectAll()
      .where('tracker_id', '=', trackerId)
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute(),
  );
  return rows.map((row) => ({
    atMs: row.at_ms,
    control: row.control,
    issueId: row.issue_id,
    issueIdentifier: row.identifier,
    by: row.said_by,
    reason: row.reason,
  }));
}
