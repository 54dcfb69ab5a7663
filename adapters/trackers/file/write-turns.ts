// One write at a time for each file, across all adapters of this process: a reload makes a second adapter while
// the first still has writes under way. It knows nothing of what is written.

const tails = new Map<string, Promise<void>>();

/** Runs `job` after all jobs that were given before it under the same key; a failed one stops none. */
export async function inTurn<T>(key: string, job: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve();
  const mine = before.then(job);
  const tail = mine.then(
    () => undefined,
    () => undefined,
  );
  tails.set(key, tail);
  try {
    return await mine;
  } finally {
    if (tails.get(key) === tail) tails.delete(key);
  }
}

/** Resolves when the writes that are under way now have ended; null when there is none. */
export function writesUnderWay(key: string): Promise<void> | null {
  return tails.get(key) ?? null;
}
