// A clock that goes on by hand, a log that remembers, counters that write down what was counted. Nothing of them
// waits, and none leaves a real timer.

import type { Clock, Counters, Log, LogFields } from '../../src/daemon/ports.ts';

export class HandClock implements Clock {
  wallMs = 1_800_000_000_000;
  monoMs = 0;
  readonly delays: number[] = [];
  private waiting: { atMs: number; fire: () => void }[] = [];

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.monoMs;
  }

  after(delayMs: number, fire: () => void): () => void {
    this.delays.push(delayMs);
    const entry = { atMs: this.monoMs + delayMs, fire };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((one) => one !== entry);
    };
  }

  get armed(): number {
    return this.waiting.length;
  }

  /** Lets time pass; what is due fires in order, at its own moment. */
  pass(ms: number): void {
    const untilMs = this.monoMs + ms;
    for (;;) {
      const [next] = this.waiting.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.waiting = this.waiting.filter((one) => one !== next);
      this.goTo(Math.max(next.atMs, this.monoMs));
      next.fire();
    }
    this.goTo(untilMs);
  }

  private goTo(monoMs: number): void {
    this.wallMs += monoMs - this.monoMs;
    this.monoMs = monoMs;
  }
}

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export function rememberingLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: Line['level']) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Each call as one line, e.g. `countRetry stall`. */
export function rememberingCounters(): { readonly counters: Counters; readonly counted: string[] } {
  const counted: string[] = [];
  const counters = new Proxy({} as Counters, {
    get:
      (_target, name) =>
      (...given: readonly unknown[]): void => {
        const words = given.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
        counted.push([String(name), ...words].join(' '));
      },
  });
  return { counters, counted };
}

/** Lets every promise that can settle do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
