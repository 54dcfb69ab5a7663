// How writes to the tracker become rows: recorded once, in the order of recording, and moved on only from the status
// that the mover believes them to have. What will be sent is kept whole.
import { LedgerConflict } from '../contract/tool-ledger.ts';
import type { OutboxStatus, OutboxWrite } from '../contract/outbox.ts';
import type { OutboxRow } from './schema-tools.ts';
import { count, identifierKey, integer, integerOrNull, outsideText, type Redact } from './storable.ts';
import { storedJson, storedJsonOrNull } from './stored-json.ts';
import type { WriteContext } from './write-issue.ts';

/** Throws LedgerConflict when there is one of this id. */
export async function addOutboxWrite(
  { db, trackerId, redact }: WriteContext,
  write: OutboxWrite,
): Promise<void> {
  const { numInsertedOrUpdatedRows: added } = await db
    .insertInto('outbox')
    .values({ tracker_id: trackerId, id: write.id, ...outboxColumns(write, redact) })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'id']).doNothing())
    .executeTakeFirstOrThrow();
  if (added !== 1n) throw new LedgerConflict(`write ${write.id} is recorded already: give it another id`);
}

/** Throws LedgerConflict unless the stored one is as expected. */
export async function putOutboxWrite(
  { db, trackerId, redact }: WriteContext,
  write: OutboxWrite,
  expect: OutboxStatus,
): Promise<void> {
  const { numUpdatedRows: put } = await db
    .updateTable('outbox')
    .set(outboxColumns(write, redact))
    .where('tracker_id', '=', trackerId)
    .where('id', '=', write.id)
    .where('status', '=', expect)
    .executeTakeFirstOrThrow();
  if (put === 1n) return;
  const stored = await db
    .selectFrom('outbox')
    .select('status')
    .where('tracker_id', '=', trackerId)
    .where('id', '=', write.id)
    .executeTakeFirst();
  const found = stored ? `is ${stored.status}` : 'is not there';
  throw new LedgerConflict(`write ${write.id} ${found}, ${expect} was expected: read it again`);
}

function outboxColumns(write: OutboxWrite, redact: Redact): Omit<OutboxRow, 'seq' | 'tracker_id' | 'id'> {
  return {
    lane: write.lane,
    origin: write.origin,
    run_id: write.runId,
    issue_id: write.issue.id,
    identifier: write.issue.identifier,
    identifier_key: identifierKey(write.issue.identifier),
    approval_id: write.approvalId,
    write: storedJson(write.write, redact),
    before: storedJsonOrNull(write.before, redact),
    status: write.status,
    tries: count(write.tries),
    requested_at_ms: integer(write.requestedAtMs),
    sent_at_ms: integerOrNull(write.sentAtMs),
    due_at_ms: integerOrNull(write.dueAtMs),
    ended_at_ms: integerOrNull(write.endedAtMs),
    detail: outsideText(write.detail, redact),
    result: storedJsonOrNull(write.result, redact),
  };
}
