// Those who wait for the end of a write. It may have ended before they ask, also in an earlier daemon.

import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';

export interface Waiters {
  /** Rejects with the signal's reason, when there is no such write, and when the outbox closes. */
  wait(id: string, signal: AbortSignal): Promise<OutboxWrite>;
  ended(row: OutboxWrite): void;
  close(reason: Error): void;
}

interface Waiter {
  resolve(row: OutboxWrite): void;
  reject(error: Error): void;
}

export function createWaiters(ledger: Pick<ToolLedger, 'write'>): Waiters {
  const waiting = new Map<string, Set<Waiter>>();
  let closedBy: Error | null = null;

  function wait(id: string, signal: AbortSignal): Promise<OutboxWrite> {
    return new Promise((resolve, reject) => {
      if (closedBy !== null) return reject(closedBy);
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => waiter.reject(signal.reason as Error);
      const over = (): void => {
        signal.removeEventListener('abort', onAbort);
        const others = waiting.get(id);
        others?.delete(waiter);
        if (others?.size === 0) waiting.delete(id);
      };
      const waiter: Waiter = {
        resolve: (row) => (over(), resolve(row)),
        reject: (error) => (over(), reject(error)),
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.set(id, (waiting.get(id) ?? new Set()).add(waiter));
      // Registered first: it may end while it is looked up.
      ledger.write(id).then(
        (row) => {
          if (row === null) waiter.reject(new Error(`there is no write ${id} in the outbox`));
          else if (hasEnded(row)) waiter.resolve(row);
        },
        (error: unknown) => waiter.reject(error as Error),
      );
    });
  }

  return {
    wait,
    ended(row) {
      for (const waiter of [...(waiting.get(row.id) ?? [])]) waiter.resolve(row);
    },
    close(reason) {
      closedBy = reason;
      for (const waiter of [...waiting.values()].flatMap((one) => [...one])) waiter.reject(reason);
    },
  };
}
