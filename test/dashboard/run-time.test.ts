// How long a run took: its agent's time, and the time from start to end only where that tells another story.
import { expect, it } from 'vitest';
import { elapsedBeside, secondsOf } from '../../src/dashboard/run-time.ts';
import { aRun } from './history/runs.ts';

/** From start to end a minute, unless told. */
const times = (
  seconds_running: number,
  completed_at: string | null = '2026-11-22T09:01:00.000Z',
  status = 'succeeded',
) => {
  const run = aRun(1, { seconds_running, completed_at, status });
  return [secondsOf(run), elapsedBeside(run)];
};

it.each<[string, Parameters<typeof times>, unknown]>([
  ['agrees with the clock', [58], [58, null]],
  ['is a little less', [30], [30, null]],
  ['is much less: the daemon was away', [30, '2026-11-22T11:00:00.000Z'], [30, 7_200]],
  ['is less by a little of much', [7_000, '2026-11-22T11:00:00.000Z'], [7_000, null]],
  ['is nothing: the agent never ran', [0], [0, 60]],
  ['is not known of a run that was broken off', [0, '2026-11-22T11:00:00.000Z', 'interrupted'], [null, null]],
  ['is not known while it runs', [0, null], [null, null]],
])('the agent’s time %s', (_name, given, expected) => expect(times(...given)).toEqual(expected));
