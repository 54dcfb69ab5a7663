// At most so many calls at once; the rest wait in order.

export type Limit = <T>(call: () => Promise<T>) => Promise<T>;

export function createLimit(concurrency: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (call) => {
    if (running < concurrency) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      // The place goes straight to who waits: given back first, a newcomer could take it as well.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
