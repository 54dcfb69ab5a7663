// What the bundled program is told: one turn of a recording, and its pace. It travels in the environment of that
// program, in a variable of its own.

import type { ReplaySettings } from './settings.ts';
import type { RecordedTurn } from './turn-index.ts';

export const PLAN_VARIABLE = 'SORTIE_REPLAY_PLAN';

/** Of raw output, which has no times. */
const RAW_LINES_PER_SECOND = 10;

export interface ReplayPlan extends RecordedTurn {
  readonly path: string;
  readonly isTranscript: boolean;
  /** Milliseconds from line to line; null = as recorded. */
  readonly stepMs: number | null;
  /** By how much recorded times are divided; 0 = no waiting at all. */
  readonly speed: number;
}

/** One turn of a recording as the settings want it. */
export function planTurn(
  path: string,
  isTranscript: boolean,
  turn: RecordedTurn,
  { speed, lines_per_second: pace }: Pick<ReplaySettings, 'speed' | 'lines_per_second'>,
): ReplayPlan {
  const rawStepMs = speed === 0 ? 0 : 1000 / RAW_LINES_PER_SECOND / speed;
  const stepMs = pace === undefined ? (isTranscript ? null : rawStepMs) : 1000 / pace;
  return { ...turn, path, isTranscript, stepMs, speed };
}
