// Questions that go to the tracker: answered, refused in time, or ended with the server; nothing is left running.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askedOf, PATIENCE_MS } from '../../src/http/patience.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

it('gives the answer', async () => {
  expect(await askedOf(new AbortController().signal, async () => 7)).toBe(7);
});

it('passes a failure on', async () => {
  const asked = askedOf(new AbortController().signal, () => Promise.reject(new Error('broken')));
  await expect(asked).rejects.toThrow('broken');
});

it('waits so long and no longer, and tells whom it asked', async () => {
  let given: AbortSignal | undefined;
  const asked = askedOf(new AbortController().signal, (signal) => {
    given = signal;
    return never();
  }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
  expect(given?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await asked).toMatchObject({ code: 'tracker_failed' });
  expect(given?.aborted).toBe(true);
});

it('ends when the server closes, before it or meanwhile', async () => {
  const closing = new AbortController();
  const asked = askedOf(closing.signal, never).catch((error: unknown) => error);
  closing.abort();
  expect(await asked).toMatchObject({ code: 'draining' });
  await expect(askedOf(closing.signal, never)).rejects.toMatchObject({ code: 'draining' });
});

it('lets whom it asked say something better when the time is over', async () => {
  const asked = askedOf(
    new AbortController().signal,
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve('taken, but not durable'), { once: true });
      }),
  );
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(await asked).toBe('taken, but not durable');
});
