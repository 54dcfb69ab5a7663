// Durable writes, in order. When one fails it is kept and tried again before anything newer, so that what the
// core believes and what the store holds never part for good; meanwhile every later save counts as failed, so
// that nothing that depends on it is done.

import type { Store, StoreWrite } from '../contract/index.ts';
import type { Clock } from './ports.ts';

const RETRY_DELAY_MS = 5_000;

/** Past this the oldest are still kept: dropping any would lose a fact. It is said in the log instead. */
export const BACKLOG_WARNING = 1_000;

export interface Saves {
  /** null = durable; otherwise why not. Never rejects. */
  save(writes: readonly StoreWrite[]): Promise<string | null>;
  /** Tries what is left once more; for the end. */
  flush(): Promise<string | null>;
  close(): void;
}

export interface SavesParts {
  readonly store: Pick<Store, 'apply'>;
  readonly clock: Clock;
  /** Everything that had failed is durable now. */
  readonly onRecovered: () => void;
  readonly onBacklog: (length: number) => void;
}

export function createSaves({ store, clock, onRecovered, onBacklog }: SavesParts): Saves {
  const backlog: (readonly StoreWrite[])[] = [];
  let cancelRetry: (() => void) | null = null;
  let flushing: Promise<string | null> | null = null;

  async function apply(writes: readonly StoreWrite[]): Promise<string | null> {
    try {
      await store.apply(writes);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async function drain(): Promise<string | null> {
    for (let next = backlog[0]; next !== undefined; next = backlog[0]) {
      const failure = await apply(next);
      if (failure !== null) return failure;
      backlog.shift();
    }
    return null;
  }

  /** One flush at a time: two would apply the same writes twice. */
  function flush(): Promise<string | null> {
    flushing ??= drain().finally(() => (flushing = null));
    return flushing;
  }

  function retryLater(): void {
    cancelRetry ??= clock.after(RETRY_DELAY_MS, () => {
      cancelRetry = null;
      void flush().then((failure) => {
        if (failure === null) onRecovered();
        else retryLater();
      });
    });
  }

  return {
    async save(writes) {
      if (backlog.length === 0) {
        const failure = await apply(writes);
        if (failure === null) return null;
        backlog.push(writes);
        retryLater();
        return failure;
      }
      backlog.push(writes);
      if (backlog.length % BACKLOG_WARNING === 0) onBacklog(backlog.length);
      retryLater();
      return 'an earlier write has not gone through yet';
    },
    flush,
    close() {
      cancelRetry?.();
      cancelRetry = null;
    },
  };
}
