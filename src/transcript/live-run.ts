// What a writer tells those who follow its run: how far it is, and that something has changed.

export interface LiveRun {
  /** The part that is written now. */
  part: number;
  /** Rises whenever something reached the disk or the run was closed. */
  version: number;
  closed: boolean;
  readonly waiting: Set<() => void>;
}

export function createLiveRun(): LiveRun {
  return { part: 1, version: 0, closed: false, waiting: new Set() };
}

export function tellFollowers(live: LiveRun): void {
  live.version += 1;
  for (const wake of [...live.waiting]) wake();
}

/** Resolves when the version is another one, or the signal has fired. */
export function changeOf(live: LiveRun, version: number, signal: AbortSignal): Promise<void> {
  if (live.version !== version || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      live.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    live.waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
