// The history as it is read page by page: rows are only ever added, each once, and what they add up to is kept along.
// A filter that changes begins anew, and what was asked before is dropped whenever it comes.

import { signal, type ReadonlySignal } from '@preact/signals';
import type { History, HistoryRun } from '../wire.ts';
import { addTotals, NO_TOTALS, type Totals } from './history-totals.ts';

export interface HistoryPages {
  readonly rows: readonly HistoryRun[];
  readonly totals: Totals;
  /** null = everything is here. */
  readonly nextCursor: string | null;
  readonly loading: boolean;
  /** One line; "" when the last reading went well. */
  readonly error: string;
  /** Read at least once with these filters. */
  readonly isRead: boolean;
}

export interface HistoryReader {
  readonly pages: ReadonlySignal<HistoryPages>;
  /** The page after those that are here; nothing while one is on its way, or when all is here. */
  more(): void;
  /** Again, after a failure. */
  retry(): void;
  close(): void;
}

/** More than the table draws at once, so that it scrolls in its own box from the beginning. */
const FIRST_ROWS = 200;
/** The most that is given at a time: who scrolls fast waits less often. */
const MORE_ROWS = 500;

const NOTHING: HistoryPages = {
  rows: [],
  totals: NO_TOTALS,
  nextCursor: null,
  loading: true,
  error: '',
  isRead: false,
};

export type ReadPage = (query: URLSearchParams, signal: AbortSignal) => Promise<History>;

/** Begins to read at once. @param query the filters, as the API takes them. */
export function createHistoryReader(query: URLSearchParams, read: ReadPage): HistoryReader {
  const pages = signal<HistoryPages>(NOTHING);
  const closing = new AbortController();
  const seen = new Set<string>();
  let isAsking = false;

  function ask(cursor: string | null): void {
    if (isAsking || closing.signal.aborted) return;
    isAsking = true;
    pages.value = { ...pages.value, loading: true, error: '' };
    const asked = new URLSearchParams(query);
    asked.set('limit', String(cursor === null ? FIRST_ROWS : MORE_ROWS));
    if (cursor !== null) asked.set('cursor', cursor);
    read(asked, closing.signal)
      .then(({ runs, next_cursor: nextCursor }) => {
        if (closing.signal.aborted) return;
        const fresh = runs.filter(({ run_id }) => !seen.has(run_id));
        for (const { run_id } of fresh) seen.add(run_id);
        const { rows, totals } = pages.value;
        pages.value = {
          rows: fresh.length === 0 ? rows : rows.concat(fresh),
          totals: addTotals(totals, fresh),
          nextCursor,
          loading: false,
          error: '',
          isRead: true,
        };
      })
      .catch((failure: unknown) => {
        if (closing.signal.aborted) return;
        const error = failure instanceof Error ? failure.message : String(failure);
        pages.value = { ...pages.value, loading: false, error };
      })
      .finally(() => {
        isAsking = false;
      });
  }

  ask(null);
  return {
    pages,
    more() {
      const { nextCursor, error } = pages.value;
      if (nextCursor !== null && error === '') ask(nextCursor);
    },
    retry: () => ask(pages.value.nextCursor),
    close: () => closing.abort(),
  };
}
