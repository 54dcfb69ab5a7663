// How long work keeps everything else in the process waiting: the loop turns all the while, and each turn that is late
// was held.

export interface Hold {
  readonly tookMs: number;
  readonly longestHoldMs: number;
}

export async function withLongestHold(work: () => Promise<unknown>): Promise<Hold> {
  const startMs = performance.now();
  let lastMs = startMs;
  let longestHoldMs = 0;
  const turned = (): void => {
    const nowMs = performance.now();
    longestHoldMs = Math.max(longestHoldMs, nowMs - lastMs);
    lastMs = nowMs;
    turn = setImmediate(turned);
  };
  let turn = setImmediate(turned);
  try {
    await work();
    const tookMs = performance.now() - startMs;
    return { tookMs, longestHoldMs: Math.max(longestHoldMs, performance.now() - lastMs) };
  } finally {
    clearImmediate(turn);
  }
}
