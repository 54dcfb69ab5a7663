// Runs that ended since something was read, by the daemon's own count: whoever shows ended runs says so or reads them
// again, without comparing how many run, which is the same when one ends and another begins.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { state } from './live.ts';

/** @param mark of the reading: when it changes the count begins anew. 0 while it is not known. */
export function useEndedSince(mark: unknown): number {
  const now = state.value?.runs_ended ?? null;
  const from = useRef<{ readonly mark: unknown; readonly count: number | null }>({ mark, count: null });
  // A count below the one before is another daemon's.
  const isNew = from.current.mark !== mark || from.current.count === null || (now ?? 0) < from.current.count;
  if (isNew) from.current = { mark, count: now };
  return (now ?? 0) - (from.current.count ?? 0);
}

/** The value as it was at most `pauseMs` ago: the first change at once, those after it together. */
export function useAtMostEvery<T>(pauseMs: number, value: T): T {
  const shown = useSignal(value);
  const changedMs = useRef(-Infinity);
  useEffect(() => {
    if (Object.is(value, shown.peek())) return undefined;
    const waitMs = Math.max(0, changedMs.current + pauseMs - performance.now());
    const timer = setTimeout(() => {
      changedMs.current = performance.now();
      shown.value = value;
    }, waitMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return shown.value;
}
