// How many calls of one run are worked on at a time: the rest waits in a line that has an end, in the order in which it
// came. Whoever gives up while waiting leaves the line.

/** Calls of one run that are worked on at a time. */
export const CALLS_AT_ONCE = 32;
/** Those that may wait beside them: more than any agent asks for that does not run away. */
const CALLS_WAITING = 2048;

export interface CallGate {
  /** Resolves with what gives the place back; null when the line is full, or when the signal fired first. */
  enter(signal: AbortSignal): Promise<(() => void) | null>;
}

/** @param atOnce and waiting are for tests. */
export function createCallGate(atOnce = CALLS_AT_ONCE, waiting = CALLS_WAITING): CallGate {
  let inside = 0;
  const line = new Set<() => void>();
  const pass = (): (() => void) => {
    inside += 1;
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      inside -= 1;
      const [next] = line;
      next?.();
    };
  };
  return {
    async enter(signal) {
      if (signal.aborted) return null;
      if (inside < atOnce) return pass();
      if (line.size >= waiting) return null;
      return new Promise((resolve) => {
        const leave = (): void => {
          line.delete(proceed);
          signal.removeEventListener('abort', giveUp);
        };
        const proceed = (): void => {
          leave();
          resolve(pass());
        };
        const giveUp = (): void => {
          leave();
          resolve(null);
        };
        line.add(proceed);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}
