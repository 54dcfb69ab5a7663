// The durable queue of messages to people outside. An id is queued once: when its message is delivered or given up,
// a bare row with that id stays for 90 days, so that the same fact, told again, is not sent again.
import type { Kysely, Selectable } from 'kysely';
import type { QueuedNotification, StoredNotification } from '../contract/notification.ts';
import type { NotificationRow } from './schema-past.ts';
import type { Tables } from './schema.ts';
import { count, integer, outsideText } from './storable.ts';
import type { WriteContext } from './write-issue.ts';

const idsKeptMs = 90 * 24 * 3_600_000;

/** What a row loses when it is over: nobody reads it again. */
const emptied = { summary: '', detail: '', title: null, issue_url: '', due_at_ms: null };

export async function queueNotification(
  { db, trackerId, redact }: WriteContext,
  notification: StoredNotification,
): Promise<void> {
  const atMs = integer(notification.atMs);
  const { issueTitle } = notification;
  await db
    .insertInto('notifications')
    .values({
      tracker_id: trackerId,
      id: notification.id,
      destination: notification.destination,
      event: notification.event,
      at_ms: atMs,
      summary: outsideText(notification.summary, redact),
      detail: outsideText(notification.detail, redact),
      issue_id: notification.issueId,
      identifier: notification.issueIdentifier,
      title: issueTitle === null ? null : outsideText(issueTitle, redact),
      issue_url: outsideText(notification.issueUrl, redact),
      run_id: notification.runId,
      code: notification.code,
      failures: 0,
      due_at_ms: atMs,
      ended_at_ms: null,
      last_error: '',
    })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'id']).doNothing())
    .execute();
}

/** In the order in which they were queued. */
export async function readDue(
  db: Kysely<Tables>,
  trackerId: number,
  asked: { readonly nowMs: number; readonly limit: number },
): Promise<QueuedNotification[]> {
  const rows = await db
    .selectFrom('notifications')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('due_at_ms', '<=', integer(asked.nowMs))
    .orderBy('seq')
    .limit(count(asked.limit))
    .execute();
  return rows.map(queuedNotification);
}

export async function readNextDueMs(db: Kysely<Tables>, trackerId: number): Promise<number | null> {
  const next = await db
    .selectFrom('notifications')
    .select('due_at_ms')
    .where('tracker_id', '=', trackerId)
    .where('due_at_ms', 'is not', null)
    .orderBy('due_at_ms')
    .limit(1)
    .executeTakeFirst();
  return next?.due_at_ms ?? null;
}

/** One that is not queued, or over already, stays as it is. */
export async function endNotification(
  { db, trackerId, redact }: WriteContext,
  id: string,
  end: { readonly atMs: number; readonly error: string | null },
): Promise<void> {
  const endedAtMs = integer(end.atMs);
  await db
    .updateTable('notifications')
    .set({ ...emptied, ended_at_ms: endedAtMs, last_error: outsideText(end.error ?? '', redact) })
    .where('tracker_id', '=', trackerId)
    .where('id', '=', id)
    .where('due_at_ms', 'is not', null)
    .execute();
  await db
    .deleteFrom('notifications')
    .where('tracker_id', '=', trackerId)
    .where('ended_at_ms', '<', endedAtMs - idsKeptMs)
    .execute();
}

export async function postponeNotification(
  { db, trackerId, redact }: WriteContext,
  id: string,
  failure: { readonly error: string; readonly dueAtMs: number },
): Promise<void> {
  await db
    .updateTable('notifications')
    .set((column) => ({
      failures: column('failures', '+', 1),
      due_at_ms: integer(failure.dueAtMs),
      last_error: outsideText(failure.error, redact),
    }))
    .where('tracker_id', '=', trackerId)
    .where('id', '=', id)
    .where('due_at_ms', 'is not', null)
    .execute();
}

function queuedNotification(row: Selectable<NotificationRow>): QueuedNotification {
  return {
    id: row.id,
    destination: row.destination,
    event: row.event,
    atMs: row.at_ms,
    summary: row.summary,
    detail: row.detail,
    issueId: row.issue_id,
    issueIdentifier: row.identifier,
    issueTitle: row.title,
    issueUrl: row.issue_url,
    runId: row.run_id,
    code: row.code,
    failures: row.failures,
    dueAtMs: row.due_at_ms ?? 0,
    lastError: row.last_error,
  };
}
