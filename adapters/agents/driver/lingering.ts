// Agents have been seen to print their last word and never end: an open connection, a server of theirs that does not
// go. Waiting on would look like a stall, and a turn that is done would be paid for again. So who has nothing more to
// do has a while to go by himself. Each further line that says otherwise takes the end back.

/**
 * Longer than hooks at a session's end take, and than a tool of a background agent that an old CLI did not tell us of is
 * silent, mostly; well below `agent.stall_timeout_ms`, which is 5 minutes unless somebody sets it.
 */
const LINGER_MS = 120_000;
/** So many times that long at most, however much it still prints: keep-alives are no work. */
const MOST_LINGERS = 5;
/** Somebody may have set a shorter stall limit: the silence of who has said all is no stall. */
const SIGN_OF_LIFE_MS = 1000;

/** Of one process. */
export interface Lingering {
  /** After each line. @param isDone nothing more is expected of the process but its end. */
  heard(isDone: boolean): void;
  /** It was made to end: what it says from then on is about that, and not about its turn. */
  hasRunOut(): boolean;
  /** The process is over. */
  forget(): void;
}

/** @param end makes it end. @param isWaited is called once a second meanwhile. */
export function createLingering(
  end: () => void,
  lingerMs: number = LINGER_MS,
  isWaited: () => void = () => undefined,
): Lingering {
  let timer: NodeJS.Timeout | null = null;
  let signs: NodeJS.Timeout | undefined;
  let sinceMs = 0;
  let hasRunOut = false;
  const forget = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    clearInterval(signs);
  };
  return {
    heard(isDone) {
      if (hasRunOut) return;
      if (!isDone) forget();
      else if (timer !== null) {
        if (performance.now() - sinceMs < (MOST_LINGERS - 1) * lingerMs) timer.refresh();
      } else {
        sinceMs = performance.now();
        timer = setTimeout(() => {
          hasRunOut = true;
          clearInterval(signs);
          end();
        }, lingerMs);
        signs = setInterval(isWaited, SIGN_OF_LIFE_MS);
      }
    },
    hasRunOut: () => hasRunOut,
    forget,
  };
}
