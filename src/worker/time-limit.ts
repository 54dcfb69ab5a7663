// Waiting with an end: a pause that an abort cuts short, and a bound on how long an aborted piece of work may
// take to settle. Adapters promise to settle after an abort; a third party's that does not must not keep an
// issue claimed for ever.

import type { WorkerClock } from './dependencies.ts';

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: WorkerClock = {
  after(delayMs, fire) {
    let remainingMs = delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const stepMs = Math.min(remainingMs, LONGEST_TIMER_MS);
      remainingMs -= stepMs;
      timer = setTimeout(() => (remainingMs > 0 ? arm() : fire()), stepMs);
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** Rejects with the signal's reason when that fires first. */
export async function pause(clock: WorkerClock, delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const settle = (): void => {
      stop();
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const stop = clock.after(delayMs, settle);
    signal.addEventListener('abort', settle, { once: true });
  });
  signal.throwIfAborted();
}

/** Thrown when aborted work did not settle in time. */
export class NeverSettled extends Error {
  override readonly name = 'NeverSettled';
}

/** Settles as `work` does, but at most `limitMs` after the signal fired. */
export async function settleAfterAbort<T>(
  work: Promise<T>,
  signal: AbortSignal,
  limit: { readonly clock: WorkerClock; readonly limitMs: number; readonly what: string },
): Promise<T> {
  let stop: (() => void) | null = null;
  let onAbort: () => void = () => undefined;
  const overdue = new Promise<never>((_, reject) => {
    onAbort = () => {
      const message = `${limit.what} did not end within ${limit.limitMs} ms of being told to`;
      stop = limit.clock.after(limit.limitMs, () => reject(new NeverSettled(message)));
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    (stop as (() => void) | null)?.();
  }
}
