// The phases of one run as parts of a bar: in the order in which they were first entered, each with its time summed.
// Pure. A phase that has not ended counts until now.

import type { TimelineEntry } from '../wire.ts';

export interface PhasePart {
  readonly phase: string;
  readonly seconds: number;
  /** 0 to 1; all together are 1. */
  readonly share: number;
  readonly isNow: boolean;
}

/** @param current the phase of a run that goes on, and since when; null for one that has ended. */
export function phaseParts(
  entries: readonly TimelineEntry[],
  current: { readonly phase: string; readonly sinceMs: number } | null,
  nowMs: number,
): readonly PhasePart[] {
  const seconds = new Map<string, number>();
  const add = (phase: string, more: number): void => {
    seconds.set(phase, (seconds.get(phase) ?? 0) + Math.max(0, more));
  };
  for (const { kind, name, duration_seconds } of entries) {
    if (kind === 'phase' && duration_seconds !== null) add(name, duration_seconds);
  }
  if (current !== null) add(current.phase, (nowMs - current.sinceMs) / 1000);
  const total = [...seconds.values()].reduce((sum, value) => sum + value, 0);
  return [...seconds].map(([phase, own]) => ({
    phase,
    seconds: own,
    share: total === 0 ? 1 / seconds.size : own / total,
    isNow: phase === current?.phase,
  }));
}

/** When the phase that goes on began: with the end of the one before, or with the run. */
export function phaseSinceMs(entries: readonly TimelineEntry[], startedAt: string): number {
  const before = entries.findLast(
    ({ kind, duration_seconds }) => kind === 'phase' && duration_seconds !== null,
  );
  if (before === undefined) return Date.parse(startedAt);
  return Date.parse(before.at);
}
