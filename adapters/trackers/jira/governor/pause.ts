// A wait that ends early, with the signal's reason, when nobody wants its end any more.
import type { Clock } from './clock.ts';

export function pauseMs(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = clock.after(Math.ceil(delayMs), () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      stop();
      // It is what the caller's own signal was aborted with.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
