// Time in which waits pass fifty times as fast: for tests that want what comes after a back-off and not the waiting. The
// wall clock is the real one, because the loopback's answers are dated by it.
import type { Clock } from '../../../../adapters/trackers/jira/governor/clock.ts';

const TIMES = 50;

export const quickClock: Clock = {
  monotonicMs: () => Math.floor(performance.now() * TIMES),
  wallMs: () => Date.now(),
  after(delayMs, run, idle = false) {
    const timer = setTimeout(run, Math.min(delayMs / TIMES, 2 ** 31 - 1));
    if (idle) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
