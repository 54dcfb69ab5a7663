// Destinations that are left alone for a while: they are down, or asked for peace. Kept in memory only; after a restart
// the first message finds out again.

import type { NotifierClock } from './ports.ts';

export interface Holds {
  hold(destination: string, untilMs: number): void;
  isHeld(destination: string): boolean;
  /** When the first of them ends; null = none is held. */
  firstEndMs(): number | null;
}

export function createHolds(clock: Pick<NotifierClock, 'nowMs'>): Holds {
  const held = new Map<string, { readonly sinceMs: number; readonly untilMs: number }>();

  function endMs(destination: string): number | null {
    const found = held.get(destination);
    const nowMs = clock.nowMs();
    // A clock that was set back says nothing about how long it has been.
    if (found !== undefined && nowMs >= found.sinceMs && nowMs < found.untilMs) return found.untilMs;
    held.delete(destination);
    return null;
  }

  return {
    hold: (destination, untilMs) => void held.set(destination, { sinceMs: clock.nowMs(), untilMs }),
    isHeld: (destination) => endMs(destination) !== null,
    firstEndMs() {
      const ends = [...held.keys()].map(endMs).filter((end) => end !== null);
      return ends.length === 0 ? null : Math.min(...ends);
    },
  };
}
