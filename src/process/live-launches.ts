// Every launch that has not ended, so that a daemon which must go at once takes them with it. Only the groups are
// reached in that moment: a process that left its group is ended by the next start, by its mark.

const live = new Set<{ killNow(): void; readonly result: Promise<unknown> }>();

export function remember(launched: { killNow(): void; readonly result: Promise<unknown> }): void {
  live.add(launched);
  void launched.result.finally(() => live.delete(launched));
}

/** SIGKILL to all of them, synchronously; returns how many there were. */
export function killLaunched(): number {
  for (const launched of live) launched.killNow();
  return live.size;
}
