// The port of the queue over the rows of notifications.ts: each answer of a destination is durable before the next
// one is asked for, because a message that was sent must not be sent again.
import type { NotificationQueue } from '../contract/notification.ts';
import { endNotification, postponeNotification, readDue, readNextDueMs } from './notifications.ts';
import type { Reading } from './reading.ts';
import type { Writing } from './writing.ts';

export function createNotificationQueue(
  { db, trackerId, inTurn }: Reading,
  writing: Writing,
): NotificationQueue {
  return {
    due: (nowMs, limit) => inTurn(() => readDue(db, trackerId, { nowMs, limit })),
    nextDueMs: () => inTurn(() => readNextDueMs(db, trackerId)),
    delivered: (id, atMs) =>
      writing.durable((context) => endNotification(context, id, { atMs, error: null })),
    failed: (id, { error, dueAtMs }) =>
      writing.durable((context) =>
        dueAtMs === null
          ? endNotification(context, id, { atMs: context.nowMs, error })
          : postponeNotification(context, id, { error, dueAtMs }),
      ),
  };
}
