// One thing at a time on the one connection, in the order of the calls; what SQLite throws becomes a StoreError. One
// that fails holds up nothing that waits behind it.
import { StoreError, type StoreErrorKind } from '../contract/store.ts';
import { storeFailure } from './failure.ts';

export interface Turns {
  /** Rejects when closed. A turn must not wait for another one. */
  take<T>(kind: StoreErrorKind, work: () => Promise<T>): Promise<T>;
  /** Lets what waits finish, then does the last thing; again gives the same promise. */
  close(last: () => Promise<void>): Promise<void>;
}

export function createTurns(path: string): Turns {
  let queue: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | null = null;
  return {
    take: (kind, work) => {
      if (closing) return Promise.reject(new StoreError(kind, `${path}: the store is closed`));
      const turn = queue.then(() => guarded(kind, path, work));
      queue = turn.catch(() => undefined);
      return turn;
    },
    close: (last) => (closing ??= queue.then(() => guarded('write_failed', path, last))),
  };
}

export async function guarded<T>(kind: StoreErrorKind, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(kind, path, error);
  }
}
