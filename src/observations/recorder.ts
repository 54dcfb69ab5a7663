// Writes issues' timelines from the notices of the core: gathered for a second or until there are many, one write at a
// time. What the store does not take costs those entries and one line of the log, never the daemon: nothing waits for
// it, and what waits is bounded.

import type { Notice } from '../contract/notice.ts';
import type { Observations, TimelineEntry } from '../contract/observation.ts';
import type { ObservationClock, ObservationLog } from './ports.ts';
import { timelineEntryOf } from './timeline-entry.ts';

export interface RecorderLimits {
  /** Entries that come within this time are written together. */
  readonly gatherMs: number;
  /** Of one write; so many are written at once. */
  readonly batchEntries: number;
  /** Waiting; beyond it the oldest go. */
  readonly queueEntries: number;
}

const LIMITS: RecorderLimits = { gatherMs: 1_000, batchEntries: 500, queueEntries: 10_000 };

export interface RecorderParts {
  readonly store: Pick<Observations, 'record'>;
  readonly clock: ObservationClock;
  readonly log: ObservationLog;
  /** Takes known secrets out of names and details; absent = as they are. */
  readonly redact?: ((text: string) => string) | undefined;
  readonly limits?: Partial<RecorderLimits> | undefined;
}

export interface Recorder {
  /** Never throws and never waits. */
  take(notice: Notice, atMs: number): void;
  /** What is no notice of the core. Never throws and never waits. */
  add(entry: TimelineEntry): void;
  /** Resolves when what was taken so far is written, or lost. Never rejects. */
  flush(): Promise<void>;
  /** Takes nothing more, and flushes. */
  close(): Promise<void>;
}

export function createRecorder({ store, clock, log, redact, limits: over }: RecorderParts): Recorder {
  const limits = { ...LIMITS, ...over };
  let waiting: TimelineEntry[] = [];
  let cancelTimer: (() => void) | null = null;
  let isWriting = false;
  let written: Promise<void> = Promise.resolve();
  let closed = false;
  let overflowSaid = false;
  let failing = false;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limits.batchEntries);
      waiting = waiting.slice(limits.batchEntries);
      try {
        await store.record(batch);
        if (failing) log.info('timeline is written again');
        failing = false;
      } catch (error) {
        if (!failing)
          log.warn('timeline not written, its entries are lost', { entries: batch.length, error });
        failing = true;
      }
    }
    overflowSaid = false;
    isWriting = false;
  }

  function write(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    if (!isWriting) {
      isWriting = true;
      written = writeAll();
    }
    return written;
  }

  function shown(entry: TimelineEntry): TimelineEntry {
    if (redact === undefined) return entry;
    return { ...entry, name: redact(entry.name), detail: redact(entry.detail) };
  }

  function add(entry: TimelineEntry): void {
    if (closed) return;
    waiting.push(shown(entry));
    if (waiting.length > limits.queueEntries) {
      waiting.shift();
      if (!overflowSaid)
        log.warn('timeline entries dropped, the store is too slow', { kept: waiting.length });
      overflowSaid = true;
    }
    // Who writes now takes these along.
    if (isWriting) return;
    if (waiting.length >= limits.batchEntries) void write();
    else cancelTimer ??= clock.after(limits.gatherMs, () => void write());
  }

  return {
    take(notice, atMs) {
      const entry = timelineEntryOf(notice, atMs);
      if (entry !== null) add(entry);
    },
    add,
    flush: write,
    close() {
      closed = true;
      return write();
    },
  };
}
