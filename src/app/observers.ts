// Those who look on: the recorder of timelines, the sampler of the load, the notifier of people outside. They hear of
// everything and decide nothing; whichever of them fails, the daemon goes on.

import type { Counters } from '../contract/counters.ts';
import type {
  Notice,
  NotificationSettings,
  Snapshot,
  Store,
  StoreWrite,
  TimelineEntry,
} from '../contract/index.ts';
import type { Clock } from '../daemon/ports.ts';
import { createNotifier } from '../notifications/index.ts';
import { createRecorder, createSampler, withRequestCount } from '../observations/index.ts';
import type { Logger } from '../telemetry/index.ts';

export interface ObserversParts {
  readonly store: Store;
  readonly snapshot: () => Snapshot | null;
  readonly notifications: () => readonly NotificationSettings[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly counters: Counters;
  readonly version: string;
  readonly redact: (text: string) => string;
}

export interface Observers {
  /** The same counters, which the sampler hears as well. */
  readonly counters: Counters;
  /** Makes a write of the store's durable, and sends what it has queued. */
  apply(writes: readonly StoreWrite[]): Promise<void>;
  /** After each notice. */
  take(notice: Notice): void;
  /** A line of an issue's timeline that is no notice of the core. */
  record(entry: TimelineEntry): void;
  /** What earlier daemons could not deliver any more is tried again; also after a reload. */
  wake(): void;
  /** Writes and sends what is left, for a moment; the rest stays queued. Never rejects. */
  close(): Promise<void>;
}

export function createObservers(parts: ObserversParts): Observers {
  const { store, clock, log, redact } = parts;
  const cutOff = new AbortController();
  const recorder = createRecorder({ store, clock, log, redact });
  const sampler = createSampler({ store, snapshot: parts.snapshot, clock, log });
  const notifier = createNotifier({
    queue: store.notifications,
    settings: parts.notifications,
    clock,
    log,
    counters: parts.counters,
    version: parts.version,
    redact,
    signal: cutOff.signal,
  });
  return {
    counters: withRequestCount(parts.counters, sampler),
    async apply(writes) {
      await store.apply(writes);
      if (writes.some(({ kind }) => kind === 'queue_notification')) notifier.wake();
    },
    take(notice) {
      recorder.take(notice, clock.nowMs());
      sampler.take(notice);
    },
    record: recorder.add,
    wake: notifier.wake,
    async close() {
      await Promise.all([recorder.close(), sampler.close(), notifier.close()]);
      cutOff.abort();
    },
  };
}
