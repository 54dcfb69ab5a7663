// The queue as the notifier uses it: a store that fails is said once and costs no message. What was sent and could not
// be noted is remembered, so that it is noted later instead of being sent again.

import type { NotificationQueue, QueuedNotification } from '../contract/notification.ts';
import type { NotifierLog } from './ports.ts';

const FEW = 200;
/** More rows than this wait only when everybody has been down for days. */
const MANY = 50_000;

export interface QueueDoor {
  /** Those due to the destinations that are free, oldest first; not all of them when there are many. null = failed. */
  due(nowMs: number, isFree: (destination: string) => boolean): Promise<readonly QueuedNotification[] | null>;
  /** null = nothing waits; 0 = it could not be read. */
  nextDueMs(): Promise<number | null>;
  /** False when it could not be noted. */
  delivered(id: string, atMs: number): Promise<boolean>;
  failed(id: string, failure: Parameters<NotificationQueue['failed']>[1]): Promise<boolean>;
  /** Sent, but not noted yet. */
  isUnnoted(id: string): boolean;
}

export function createQueueDoor(queue: NotificationQueue, log: NotifierLog): QueueDoor {
  const unnoted = new Set<string>();
  let failing = false;

  async function ask<T>(question: () => Promise<T>): Promise<{ readonly answer: T } | null> {
    try {
      const answer = await question();
      if (failing) log.info('notification queue works again');
      failing = false;
      return { answer };
    } catch (error) {
      if (!failing) log.warn('notification queue failed', { error });
      failing = true;
      return null;
    }
  }

  return {
    async due(nowMs, isFree) {
      for (let limit = FEW; ; limit *= 4) {
        const asked = await ask(() => queue.due(nowMs, limit));
        if (asked === null) return null;
        const free = asked.answer.filter(({ destination }) => isFree(destination));
        // Rows of a destination that is down may stand before all others.
        if (free.length > 0 || asked.answer.length < limit || limit >= MANY) return free;
      }
    },
    async nextDueMs() {
      const asked = await ask(() => queue.nextDueMs());
      return asked === null ? 0 : asked.answer;
    },
    async delivered(id, atMs) {
      unnoted.add(id);
      const isNoted = (await ask(() => queue.delivered(id, atMs))) !== null;
      if (isNoted) unnoted.delete(id);
      return isNoted;
    },
    async failed(id, failure) {
      return (await ask(() => queue.failed(id, failure))) !== null;
    },
    isUnnoted: (id) => unnoted.has(id),
  };
}
