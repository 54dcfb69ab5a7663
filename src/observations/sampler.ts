// One sample of the daemon's load for each minute of the wall clock: how things stand then, and what happened since the
// sample before. Sums are kept until the store has taken them. After a sleep one sample follows, for all that happened
// before it; while the clock stands before the last sample, sums are carried until it has passed that again.

import type { Notice } from '../contract/notice.ts';
import type { Observations, Sample } from '../contract/observation.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { addLoads, NO_LOAD, pollLoad, requestLoad } from './load.ts';
import type { ObservationClock, ObservationLog } from './ports.ts';

const MINUTE_MS = 60_000;
/** A clock that goes back further than this was wrong before: nobody waits until it is that late again. */
const CARRIED_BACK_MS = 60 * MINUTE_MS;

export interface SamplerParts {
  readonly store: Pick<Observations, 'sample'>;
  /** null before recovery has finished: nothing is sampled, and nothing lost. */
  readonly snapshot: () => Snapshot | null;
  readonly clock: ObservationClock;
  readonly log: ObservationLog;
}

export interface Sampler {
  take(notice: Notice): void;
  /** Once for each call of the tracker's. */
  countRequest(ok: boolean): void;
  /** Samples what has happened since the last minute, and ends. Never rejects. */
  close(): Promise<void>;
}

export function createSampler({ store, snapshot, clock, log }: SamplerParts): Sampler {
  let load = NO_LOAD;
  let lastMs = minuteOf(clock.nowMs());
  let closed = false;
  let failing = false;
  let isWriting = false;
  let written: Promise<void> = Promise.resolve();
  let cancelTimer = wait();

  function wait(): () => void {
    const nowMs = clock.nowMs();
    return clock.after(minuteOf(nowMs) + MINUTE_MS - nowMs, fired);
  }

  function fired(): void {
    if (closed) return;
    const minuteMs = minuteOf(clock.nowMs());
    // Not yet: a timer that came early, or a clock that was set back.
    if (minuteMs > lastMs || minuteMs < lastMs - CARRIED_BACK_MS) sampleAt(minuteMs);
    cancelTimer = wait();
  }

  function sampleAt(atMs: number): void {
    const seen = snapshot();
    // A store that takes a minute for one row is not given more of them; the sums wait.
    if (seen === null || isWriting) return;
    const taken = load;
    load = NO_LOAD;
    lastMs = atMs;
    written = write({
      atMs,
      running: seen.running.length,
      retrying: seen.retrying.length,
      parked: seen.parked.length,
      waiting: seen.waitingTotal,
      ...taken,
    });
  }

  async function write(sample: Sample): Promise<void> {
    isWriting = true;
    try {
      await store.sample(sample);
      if (failing) log.info('samples are written again');
      failing = false;
    } catch (error) {
      load = addLoads(load, sample);
      if (!failing) log.warn('sample not written', { error });
      failing = true;
    }
    isWriting = false;
  }

  return {
    take(notice) {
      if (notice.kind === 'tick_completed') load = addLoads(load, pollLoad(notice.durationMs));
    },
    countRequest(ok) {
      load = addLoads(load, requestLoad(ok));
    },
    async close() {
      if (!closed) {
        closed = true;
        cancelTimer();
        await written;
        const nowMs = clock.nowMs();
        if ((load.polls > 0 || load.trackerRequests > 0) && nowMs > lastMs) sampleAt(nowMs);
      }
      await written;
    },
  };
}

function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}
