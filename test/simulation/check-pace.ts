// No hot loop: the steps that the core gives itself are bounded in each virtual minute. What agents report is not
// counted, because agents flood.

import type { Fail, Observation } from './observation.ts';

export interface PaceCheck {
  take(observation: Observation, nowMs: number): void;
}

/** A tick a second with a dozen answers each, and some forty issues that are looked at, come to a third of this. */
const STEPS_PER_MINUTE = 4_000;

export function createPaceCheck(fail: Fail): PaceCheck {
  let minute = 0;
  let steps = 0;
  return {
    take({ event }, nowMs) {
      if (event.kind === 'run_progressed') return;
      const current = Math.floor(nowMs / 60_000);
      if (current !== minute) steps = 0;
      minute = current;
      steps += 1;
      if (steps === STEPS_PER_MINUTE) fail(`a hot loop: ${steps} steps in one minute, now ${event.kind}`);
    },
  };
}
