// Who may write next: all writers with something to say take turns, a few milliseconds of work at once, so that two
// hundred runs that flush together do not hold the event loop.

import { setImmediate as nextLoop } from 'node:timers/promises';

const SLICE_MS = 4;

export interface PumpRota {
  /** Calls `pump` once, never at once: `later` = when more has had time to come. */
  add(pump: () => void, how: 'soon' | 'later'): void;
}

/** @param gatherMs lines that come within this time go out together. */
export function createPumpRota(gatherMs: number): PumpRota {
  const soon = new Set<() => void>();
  const later = new Set<() => void>();
  let gathering: NodeJS.Timeout | null = null;
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    await nextLoop();
    let startMs = performance.now();
    // Who is added meanwhile has its turn at the end.
    for (const pump of soon) {
      soon.delete(pump);
      pump();
      if (performance.now() - startMs < SLICE_MS) continue;
      await nextLoop();
      startMs = performance.now();
    }
    running = false;
  }

  function gathered(): void {
    gathering = null;
    for (const pump of later) soon.add(pump);
    later.clear();
    void run();
  }

  return {
    add(pump, how) {
      if (how === 'soon') {
        later.delete(pump);
        soon.add(pump);
        void run();
      } else if (!soon.has(pump)) {
        later.add(pump);
        gathering ??= setTimeout(gathered, gatherMs);
      }
    },
  };
}
