// The wait for a proposal: until it is settled, or the patience of whoever asked is over. It listens before it looks, so
// that what happens while it looks is not missed.

import type { Approval } from '../../contract/approval.ts';
import { isSettled, type ApprovalBook } from './book.ts';

/** As it is then; null = there is none. Rejects as the ledger does. */
export async function whenSettled(
  book: ApprovalBook,
  id: string,
  signal: AbortSignal,
): Promise<Approval | null> {
  let over = (): void => undefined;
  const settled = new Promise<void>((resolve) => (over = resolve));
  const stop = book.onTaken((next) => {
    if (next.id === id && isSettled(next)) over();
  });
  signal.addEventListener('abort', over, { once: true });
  try {
    const approval = await book.read(id);
    if (approval === null || isSettled(approval) || signal.aborted) return approval;
    await settled;
    return await book.read(id);
  } finally {
    stop();
    signal.removeEventListener('abort', over);
  }
}
