// Time, as the governor and the client see it, so that tests can hand them their own. Durations are measured on the
// monotonic clock; the wall clock only says to people until when something waits.

export interface Clock {
  /** Never runs back; says nothing about the date. Whole milliseconds. */
  monotonicMs(): number;
  wallMs(): number;
  /**
   * Runs `run` once, not earlier than `delayMs` from now (at most 2^31-1); the result cancels it. `idle` = nobody
   * waits for it, so it must not keep the process alive.
   */
  after(delayMs: number, run: () => void, idle?: boolean): () => void;
}

export const systemClock: Clock = {
  monotonicMs: () => Math.floor(performance.now()),
  wallMs: () => Date.now(),
  after(delayMs, run, idle = false) {
    const timer = setTimeout(run, delayMs);
    if (idle) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
