// One timer for the proposal that expires next. Far times are reached in steps, because a timer holds 2^31−1 ms only;
// what has passed while the daemon was down is due at once.

import type { ToolsClock } from '../ports.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Expiry {
  /** Looks again at when the next one is due. */
  arm(): void;
  close(): void;
}

export function expiryTimer(
  clock: ToolsClock,
  nextMs: () => number | null,
  expireDue: () => Promise<void>,
): Expiry {
  let cancel: (() => void) | null = null;
  let closed = false;

  function arm(): void {
    cancel?.();
    cancel = null;
    const next = closed ? null : nextMs();
    if (next === null) return;
    const delayMs = Math.min(Math.max(0, next - clock.nowMs()), LONGEST_TIMER_MS);
    cancel = clock.after(delayMs, () => {
      cancel = null;
      void expireDue().finally(arm);
    });
  }

  return {
    arm,
    close() {
      closed = true;
      cancel?.();
    },
  };
}
