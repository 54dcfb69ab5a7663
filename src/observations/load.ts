// What happened within one span, as sums; pure.

import type { Sample } from '../contract/observation.ts';

export type Load = Pick<
  Sample,
  'trackerRequests' | 'trackerErrors' | 'polls' | 'pollSeconds' | 'pollSecondsMax'
>;

export const NO_LOAD: Load = {
  trackerRequests: 0,
  trackerErrors: 0,
  polls: 0,
  pollSeconds: 0,
  pollSecondsMax: 0,
};

export function addLoads(a: Load, b: Load): Load {
  return {
    trackerRequests: a.trackerRequests + b.trackerRequests,
    trackerErrors: a.trackerErrors + b.trackerErrors,
    polls: a.polls + b.polls,
    pollSeconds: a.pollSeconds + b.pollSeconds,
    pollSecondsMax: Math.max(a.pollSecondsMax, b.pollSecondsMax),
  };
}

/** One tick; a duration that is no positive number counts as 0. */
export function pollLoad(durationMs: number): Load {
  const seconds = Number.isFinite(durationMs) && durationMs > 0 ? durationMs / 1000 : 0;
  return { ...NO_LOAD, polls: 1, pollSeconds: seconds, pollSecondsMax: seconds };
}

export function requestLoad(ok: boolean): Load {
  return { ...NO_LOAD, trackerRequests: 1, trackerErrors: ok ? 0 : 1 };
}
