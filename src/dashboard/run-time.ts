// How long a run took, of which there are two: how long its agent ran, which is what is shown and added up, and how
// long it was from start to end, which is more where the daemon was away in between. Pure.

import { isUnjudged } from './run-status.ts';
import type { HistoryRun } from './wire.ts';

export type TimedRun = Pick<HistoryRun, 'status' | 'started_at' | 'completed_at' | 'seconds_running'>;

/** From here on the two tell different stories: a minute, and a quarter of the agent's time. */
const LEAST_DIFFERENCE_SECONDS = 60;
const LEAST_DIFFERENCE_SHARE = 0.25;

/** Of its agent; null while it runs, and when nobody knows: 0 of a run that was broken off is no measure. */
export function secondsOf({ status, completed_at, seconds_running }: TimedRun): number | null {
  if (completed_at === null || (seconds_running === 0 && isUnjudged(status ?? ''))) return null;
  return seconds_running;
}

/** From start to end, where that differs much from the agent's time; else null. */
export function elapsedBeside(run: TimedRun): number | null {
  const [ran, wall] = [secondsOf(run), wallSeconds(run)];
  if (ran === null || wall === null) return null;
  const least = Math.max(LEAST_DIFFERENCE_SECONDS, ran * LEAST_DIFFERENCE_SHARE);
  return wall - ran < least ? null : wall;
}

function wallSeconds({ started_at, completed_at }: TimedRun): number | null {
  if (completed_at === null) return null;
  return Math.max(0, (Date.parse(completed_at) - Date.parse(started_at)) / 1000);
}
