// Questions that may have to go to the tracker: an answer within the time that a person waits, or a typed refusal.

import { ApiError } from './error-codes.ts';

/** Below the 30 s after which proxies and our own clients give up. */
export const PATIENCE_MS = 25_000;

/** Throws ApiError: `draining` when the server closes meanwhile, `tracker_failed` when no answer comes in time. */
export async function askedOf<T>(
  closing: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
  { patienceMs = PATIENCE_MS, todo = 'try again' }: { patienceMs?: number; todo?: string } = {},
): Promise<T> {
  const end = new AbortController();
  const refusal = new Promise<never>((_resolve, reject) => {
    // Whoever is asked hears of it first, and may have something better to say.
    const refuse = (): void => void setImmediate(() => reject(end.signal.reason as ApiError));
    end.signal.addEventListener('abort', refuse, { once: true });
  });
  const close = (): void => end.abort(new ApiError('draining', 'the daemon is shutting down'));
  const late = setTimeout(() => {
    end.abort(new ApiError('tracker_failed', `no answer within ${patienceMs / 1_000} s; ${todo}`));
  }, patienceMs);
  closing.addEventListener('abort', close, { once: true });
  if (closing.aborted) close();
  try {
    // What is asked may not listen to the signal: nobody waits for it longer.
    return await Promise.race([refusal, ask(end.signal)]);
  } finally {
    clearTimeout(late);
    closing.removeEventListener('abort', close);
  }
}
