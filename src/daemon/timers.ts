// One timer a key. Node's timers fire at once beyond 2^31−1 ms, so long waits are taken in pieces; each arming
// has a generation, so that a fired timer that was replaced meanwhile says nothing.

import type { TimerKey } from '../contract/index.ts';
import type { Clock } from './ports.ts';

export const LONGEST_WAIT_MS = 2 ** 31 - 1;

export interface Timers {
  arm(timer: TimerKey, dueAtMs: number): void;
  disarm(timer: TimerKey): void;
  disarmAll(): void;
}

export function createTimers(clock: Clock, fire: (timer: TimerKey) => void): Timers {
  const armed = new Map<TimerKey, { generation: number; cancel: () => void }>();
  let generations = 0;

  function wait(timer: TimerKey, dueAtMs: number, generation: number): void {
    const leftMs = Math.max(0, dueAtMs - clock.nowMs());
    const cancel = clock.after(Math.min(leftMs, LONGEST_WAIT_MS), () => {
      if (armed.get(timer)?.generation !== generation) return;
      // The wall clock may have been set back, and a long wait is only a piece of the whole.
      if (clock.nowMs() < dueAtMs) {
        wait(timer, dueAtMs, generation);
        return;
      }
      armed.delete(timer);
      fire(timer);
    });
    armed.set(timer, { generation, cancel });
  }

  function disarm(timer: TimerKey): void {
    armed.get(timer)?.cancel();
    armed.delete(timer);
  }

  return {
    arm(timer, dueAtMs) {
      disarm(timer);
      generations += 1;
      wait(timer, dueAtMs, generations);
    },
    disarm,
    disarmAll() {
      for (const timer of [...armed.keys()]) disarm(timer);
    },
  };
}
