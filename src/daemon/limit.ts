// At most so many calls at once; the rest wait in order.

export type Limit = <T>(call: () => Promise<T>) => Promise<T>;

export function createLimit(concurrency: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (call) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await call();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
