// A write that has not ended, as the outbox has it in memory: its row, on whose account, and who waits for it.

import type { OutboxWrite } from '../../contract/outbox.ts';
import type { Standing } from './next-step.ts';

export interface Item {
  row: OutboxWrite;
  readonly standing: Standing;
  /** The orchestrator's, as long as it has had no answer. */
  waiter: Waiter | null;
  /** Why nobody wants it any more; null = it is wanted. Heeded as long as nothing was sent. */
  unwanted: string | null;
  /** What the tracker said first when sending failed: the orchestrator is told that and nothing else. */
  error: unknown;
  /** The witness was told that it is on its way, and not yet what became of it. */
  witnessed: boolean;
  /** Those who have asked for its cancellation: true = it will not be sent. */
  readonly cancelling: ((cancelled: boolean) => void)[];
  /** Aborted by the orchestrator's signal and when the outbox closes. */
  readonly stop: AbortController;
}

export interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

export function createItem(row: OutboxWrite, standing: Standing): Item {
  return {
    row,
    standing,
    waiter: null,
    unwanted: null,
    error: null,
    witnessed: false,
    cancelling: [],
    stop: new AbortController(),
  };
}

/** Nothing has been sent that might be there. */
export function isUnsent({ row }: Item): boolean {
  return row.status === 'waiting';
}

/** Its answer goes to the orchestrator once; what happens afterwards is between the outbox and the tracker. */
export function answer(item: Item, failed: { readonly error: unknown } | null): void {
  const { waiter } = item;
  item.waiter = null;
  if (failed === null) waiter?.resolve();
  else waiter?.reject(failed.error);
}

export function tellCancelling({ cancelling }: Item, cancelled: boolean): void {
  for (const tell of cancelling.splice(0)) tell(cancelled);
}
