// One timer for the proposal that expires next. Far times are reached in steps: a timer counts no time that the machine
// slept, and knows nothing of a wall clock that was set. What has passed while the daemon was down is due at once.

import type { ToolsClock } from '../ports.ts';

const LONGEST_NAP_MS = 60_000;

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
    const delayMs = Math.min(Math.max(0, next - clock.nowMs()), LONGEST_NAP_MS);
    cancel = clock.after(delayMs, () => {
      cancel = null;
      const due = nextMs();
      if (due !== null && due <= clock.nowMs()) void expireDue().finally(arm);
      else arm();
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
