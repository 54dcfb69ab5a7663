// Delivers what the queue holds: to each destination in order and one at a time, to different ones at the same time. It
// decides nothing: the core has queued a message in the same write as the fact that it is about. What is sent and not
// yet noted when the process dies is sent again, with the same id. While a destination is down its messages wait behind
// the first of them; a message that only its receiver stumbles over waits alone.

import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Counters } from '../contract/counters.ts';
import type {
  NotificationQueue,
  NotificationSettings,
  QueuedNotification,
} from '../contract/notification.ts';
import { deliver } from './delivery.ts';
import { createHolds } from './holds.ts';
import { nextTryMs } from './next-try.ts';
import type { NotifierClock, NotifierLog } from './ports.ts';
import { createQueueDoor } from './queue-door.ts';

export interface NotifierParts {
  readonly queue: NotificationQueue;
  /** Those in force; read at each try. */
  readonly settings: () => readonly NotificationSettings[];
  readonly clock: NotifierClock;
  readonly log: NotifierLog;
  readonly counters: Pick<Counters, 'countNotification'>;
  readonly version: string;
  /** Takes known secrets out of what is sent and logged. */
  readonly redact: (text: string) => string;
  /** Cuts off what is under way; its messages stay queued. */
  readonly signal: AbortSignal;
  /** Absent = one of its own, which `close` ends. */
  readonly dispatcher?: Dispatcher | undefined;
}

export interface Notifier {
  /** Something was queued, or the settings changed. Also to be called once at the start. Never throws. */
  wake(): void;
  /** Goes on with what is due for at most two seconds; the rest stays queued. Never rejects. */
  close(): Promise<void>;
}

/** What is due and cannot be sent at the moment, and a queue that cannot be read, are looked at again. */
const LOOK_AGAIN_MS = 10_000;
const CLOSING_MS = 2_000;
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export function createNotifier(parts: NotifierParts): Notifier {
  const { clock, log, counters } = parts;
  // A message an hour keeps no connection: one that the receiver has closed meanwhile would cost a try.
  const dispatcher = parts.dispatcher ?? new Agent({ pipelining: 0 });
  const delivery = { dispatcher, clock, version: parts.version, redact: parts.redact };
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const queue = createQueueDoor(parts.queue, log);
  const holds = createHolds(clock);
  const lanes = new Map<string, Promise<void>>();
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let cancelTimer: (() => void) | null = null;
  let closing: Promise<void> | null = null;

  function wake(): void {
    lookAgain = true;
    if (signal.aborted || looking !== null) return;
    looking = look().finally(() => {
      looking = null;
      if (lookAgain) wake();
    });
  }

  async function look(): Promise<void> {
    // Also puts what follows behind the assignment of `looking`.
    await Promise.resolve();
    lookAgain = false;
    const nowMs = clock.nowMs();
    const isFree = (name: string): boolean => !lanes.has(name) && !holds.isHeld(name);
    const due = await queue.due(nowMs, isFree);
    for (const name of new Set(due?.map(({ destination }) => destination))) {
      if (!isFree(name) || signal.aborted) continue;
      const rows = (due ?? []).filter(({ destination }) => destination === name);
      const lane = runLane(name, rows).finally(() => {
        lanes.delete(name);
        wake();
      });
      lanes.set(name, lane);
    }
    const nextMs = due === null ? nowMs + LOOK_AGAIN_MS : await queue.nextDueMs();
    waitUntil(nextMs === null || nextMs > nowMs ? nextMs : nowMs + LOOK_AGAIN_MS);
  }

  function waitUntil(nextMs: number | null): void {
    cancelTimer?.();
    cancelTimer = null;
    const ends = [nextMs, holds.firstEndMs()].filter((end) => end !== null);
    if (ends.length === 0 || closing !== null || signal.aborted) return;
    const delayMs = Math.min(Math.max(0, Math.min(...ends) - clock.nowMs()), LONGEST_WAIT_MS);
    cancelTimer = clock.after(delayMs, wake);
  }

  async function runLane(name: string, rows: readonly QueuedNotification[]): Promise<void> {
    for (const row of rows) {
      if (signal.aborted || holds.isHeld(name)) return;
      const isNoted = await handle(row).catch((error: unknown) => giveUp(row, error));
      if (!isNoted) holds.hold(name, clock.nowMs() + LOOK_AGAIN_MS);
    }
  }

  /** False when the queue could not be told. */
  async function handle(row: QueuedNotification): Promise<boolean> {
    if (queue.isUnnoted(row.id)) return queue.delivered(row.id, clock.nowMs());
    const fields = { destination: row.destination, event: row.event, notification_id: row.id };
    const settings = parts.settings().find(({ name }) => name === row.destination);
    if (settings === undefined) {
      const error = 'this destination is not in the settings any more';
      log.warn('notification given up', { ...fields, error });
      return queue.failed(row.id, { error, dueAtMs: null });
    }
    const end = await deliver(row, settings, delivery, signal);
    const nowMs = clock.nowMs();
    if (end.kind === 'aborted') return true;
    if (end.kind === 'delivered') {
      counters.countNotification(settings.kind, 'success');
      log.debug('notification delivered', fields);
      return queue.delivered(row.id, nowMs);
    }
    const { atMs, failures } = row;
    const retryAfterMs = end.kind === 'failed' ? end.retryAfterMs : null;
    const dueAtMs = end.kind === 'refused' ? null : nextTryMs({ atMs, failures, nowMs, retryAfterMs });
    const { error } = end;
    counters.countNotification(settings.kind, dueAtMs === null ? 'given_up' : 'error');
    if (dueAtMs === null) log.error('notification given up', { ...fields, error });
    else {
      const told = { ...fields, error, next_try_at: new Date(dueAtMs).toISOString() };
      if (failures === 0) log.warn('notification not delivered', told);
      else log.debug('notification not delivered', told);
      if (end.kind === 'failed' && end.holdsOthers) holds.hold(row.destination, dueAtMs);
    }
    return queue.failed(row.id, { error, dueAtMs });
  }

  /** A message that we stumble over ourselves would make us stumble for ever. */
  function giveUp(row: QueuedNotification, error: unknown): Promise<boolean> {
    log.error('notification given up', { notification_id: row.id, destination: row.destination, error });
    return queue.failed(row.id, { error: 'it could not be written', dueAtMs: null });
  }

  async function end(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    const cancelLimit = clock.after(CLOSING_MS, () => stop.abort());
    wake();
    while (looking !== null || lanes.size > 0) await Promise.all([looking, ...lanes.values()]);
    cancelLimit();
    stop.abort();
    if (parts.dispatcher === undefined) await dispatcher.destroy();
  }

  return { wake, close: () => (closing ??= end()) };
}
