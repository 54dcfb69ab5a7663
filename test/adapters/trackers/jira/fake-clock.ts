// Time that stands still until a test moves it. Timers fire in order of their times, and in order of their setting
// when these are equal.
import type { Clock } from '../../../../adapters/trackers/jira/governor/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
  readonly idle: boolean;
}

export class FakeClock implements Clock {
  nowMs = 0;
  readonly #timers = new Set<Timer>();

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return Date.UTC(2026, 10, 5, 12) + this.nowMs;
  }

  after(delayMs: number, run: () => void, idle = false): () => void {
    const timer: Timer = { atMs: this.nowMs + delayMs, run, idle };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Of timers that would keep a process alive. */
  get waiting(): number {
    return [...this.#timers].filter(({ idle }) => !idle).length;
  }

  /** Moves on, firing what is due, and lets promises settle after each. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settled();
    for (;;) {
      const next = [...this.#timers].sort((one, other) => one.atMs - other.atMs)[0];
      if (!next || next.atMs > endMs) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      await settled();
    }
    this.nowMs = endMs;
  }
}

/** All promise reactions that are due have run. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
