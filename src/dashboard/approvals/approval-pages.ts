// Proposals as they are read page by page. News reads again as many as are here, in one go, and shows them when all have
// come: nothing flickers, nothing is there twice. One thing is read at a time; what is asked for meanwhile is done once
// afterwards.

import { signal, type ReadonlySignal } from '@preact/signals';
import { share } from '../share.ts';
import type { Approval, Approvals } from '../wire-tools.ts';

export interface ApprovalRows {
  readonly rows: readonly Approval[];
  /** null = everything is here. */
  readonly nextCursor: string | null;
  readonly loading: boolean;
  /** One line; "" when the last reading went well. */
  readonly error: string;
  readonly isRead: boolean;
}

export interface ApprovalReader {
  readonly pages: ReadonlySignal<ApprovalRows>;
  refresh(): void;
  more(): void;
  close(): void;
}

/** Each holds all that an agent asked for, so a page of them can be large. */
export const PAGE_ROWS = 100;

export type ReadApprovals = (cursor: string | null, signal: AbortSignal) => Promise<Approvals>;

/** Reads nothing until it is told to. */
export function createApprovalReader(readPage: ReadApprovals): ApprovalReader {
  const pages = signal<ApprovalRows>({
    rows: [],
    nextCursor: null,
    loading: false,
    error: '',
    isRead: false,
  });
  const closing = new AbortController();
  let isBusy = false;
  let wantsRefresh = false;

  function run(work: () => Promise<Pick<ApprovalRows, 'rows' | 'nextCursor'>>): void {
    isBusy = true;
    pages.value = { ...pages.peek(), loading: true };
    work()
      .then((part) => {
        if (!closing.signal.aborted) pages.value = { ...part, loading: false, error: '', isRead: true };
      })
      .catch((failure: unknown) => {
        if (closing.signal.aborted) return;
        const error = failure instanceof Error ? failure.message : String(failure);
        pages.value = { ...pages.peek(), loading: false, error };
      })
      .finally(() => {
        isBusy = false;
        if (!wantsRefresh || closing.signal.aborted) return;
        wantsRefresh = false;
        run(readAgain);
      });
  }

  async function readAgain(): Promise<Pick<ApprovalRows, 'rows' | 'nextCursor'>> {
    const before = pages.peek().rows;
    const fresh: Approval[] = [];
    let cursor: string | null = null;
    do {
      const page: Approvals = await readPage(cursor, closing.signal);
      fresh.push(...page.approvals);
      cursor = page.next_cursor;
    } while (cursor !== null && fresh.length < before.length);
    return { rows: share(before, once(fresh)), nextCursor: cursor };
  }

  async function readMore(): Promise<Pick<ApprovalRows, 'rows' | 'nextCursor'>> {
    const { rows, nextCursor } = pages.peek();
    const page = await readPage(nextCursor, closing.signal);
    return { rows: once([...rows, ...page.approvals]), nextCursor: page.next_cursor };
  }

  return {
    pages,
    refresh() {
      if (isBusy) wantsRefresh = true;
      else if (!closing.signal.aborted) run(readAgain);
    },
    more() {
      if (!isBusy && pages.peek().nextCursor !== null && !closing.signal.aborted) run(readMore);
    },
    close: () => closing.abort(),
  };
}

/** One that was decided between two pages has moved from the one to the other. */
function once(rows: readonly Approval[]): readonly Approval[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
