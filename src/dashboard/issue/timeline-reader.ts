// One issue's timeline as the page has read it: its newest entries again whenever something happened, older pages on
// demand, all in one list without a hole and without anything twice.

import { signal, type ReadonlySignal } from '@preact/signals';
import type { Timeline, TimelineEntry } from '../wire.ts';
import { mergeEntries } from './timeline-groups.ts';

export interface TimelineRead {
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** There is more before the first. */
  readonly hasOlder: boolean;
  readonly loading: boolean;
  readonly error: string;
  readonly isRead: boolean;
}

export interface TimelineReader {
  readonly read: ReadonlySignal<TimelineRead>;
  /** The newest entries, and what lies between them and those that are here. */
  refresh(): void;
  older(): void;
  close(): void;
}

/** Enough for thousands of entries between two looks; beyond that the reader begins anew with the newest. */
const CATCH_UP_PAGES = 20;

export type ReadTimeline = (before: number | null, signal: AbortSignal) => Promise<Timeline>;

/** Reads nothing until it is told to. */
export function createTimelineReader(readPage: ReadTimeline): TimelineReader {
  const read = signal<TimelineRead>({
    entries: [],
    hasOlder: false,
    loading: false,
    error: '',
    isRead: false,
  });
  const closing = new AbortController();
  let before: number | null = null;
  let isBusy = false;
  let wantsRefresh = false;

  /** One thing at a time; a refresh that is asked for meanwhile is done once afterwards. */
  function run(work: () => Promise<Partial<TimelineRead>>): void {
    isBusy = true;
    read.value = { ...read.value, loading: true };
    work()
      .then((part) => {
        if (!closing.signal.aborted)
          read.value = { ...read.value, error: '', isRead: true, ...part, loading: false };
      })
      .catch((failure: unknown) => {
        if (closing.signal.aborted) return;
        const error = failure instanceof Error ? failure.message : String(failure);
        read.value = { ...read.value, loading: false, error };
      })
      .finally(() => {
        isBusy = false;
        if (!wantsRefresh || closing.signal.aborted) return;
        wantsRefresh = false;
        run(readNewest);
      });
  }

  async function readNewest(): Promise<Partial<TimelineRead>> {
    const known = read.peek().entries;
    const lastSeq = known.at(-1)?.seq ?? null;
    let page = await readPage(null, closing.signal);
    let fresh = page.entries;
    if (lastSeq === null) {
      before = page.before;
      return { entries: fresh, hasOlder: before !== null };
    }
    for (let pages = 1; page.before !== null && (fresh[0]?.seq ?? lastSeq) > lastSeq; pages += 1) {
      if (pages === CATCH_UP_PAGES) {
        before = page.before;
        return { entries: fresh, hasOlder: true };
      }
      page = await readPage(page.before, closing.signal);
      fresh = mergeEntries(page.entries, fresh);
    }
    return { entries: mergeEntries(known, fresh) };
  }

  async function readOlder(): Promise<Partial<TimelineRead>> {
    const page = await readPage(before, closing.signal);
    before = page.before;
    return { entries: mergeEntries(page.entries, read.peek().entries), hasOlder: before !== null };
  }

  return {
    read,
    refresh() {
      if (isBusy) wantsRefresh = true;
      else if (!closing.signal.aborted) run(readNewest);
    },
    older() {
      if (!isBusy && before !== null) run(readOlder);
    },
    close: () => closing.abort(),
  };
}
