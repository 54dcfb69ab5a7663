// A run's transcript as it comes: server-sent events, handed on in batches so that a flood of lines never holds the
// page up. A lost stream goes on behind the line that came last; lines that come twice are the reader's to pass over. One
// that is not there yet is asked for again while its run goes on, with the same growing pauses.

import { signIn } from '../api.ts';
import type { TranscriptLine } from '../wire.ts';

export type FeedStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  /** The run is over and everything was read. */
  | { readonly kind: 'ended' }
  /** There is none, or it cannot be had; in the daemon's words. */
  | { readonly kind: 'absent'; readonly message: string };

export interface FeedListener {
  /** Some of what came; many times in a row when much came. */
  readonly onLines: (lines: readonly TranscriptLine[]) => void;
  /** Time to draw: all is handed on, or a while has gone by. */
  readonly onBatch: () => void;
  readonly onStatus: (status: FeedStatus) => void;
  /** Whether the run goes on: a transcript that is not there may still come. */
  readonly isLive: () => boolean;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** What is gathered before the page is drawn again. */
const BATCH_MS = 60;
/** Of reading lines at a stretch; then the page may answer to its reader. */
const WORK_MS = 12;
const WORK_LINES = 50;
/** While a flood goes on, drawing more often would cost more than it shows. */
const DRAW_MS = 200;

/** @returns what ends it. @param after the `seq` that was seen last; 0 = from the beginning. */
export function followTranscript(
  runId: string,
  after: number,
  { onLines, onBatch, onStatus, isLive }: FeedListener,
): () => void {
  const url = `/api/v1/runs/${encodeURIComponent(runId)}/transcript`;
  let source: EventSource | null = null;
  let lastSeq = after;
  let failures = 0;
  let isOpen = false;
  let isClosed = false;
  let isEnded = false;
  let waiting: string[] = [];
  let drawnMs = 0;
  let batch: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    source = new EventSource(lastSeq === 0 ? url : `${url}?after=${lastSeq}`);
    source.addEventListener('open', () => {
      failures = 0;
      isOpen = true;
      onStatus({ kind: 'live' });
    });
    source.addEventListener('line', (event: MessageEvent<string>) => {
      lastSeq = Math.max(lastSeq, Number(event.lastEventId) || 0);
      waiting.push(event.data);
      batch ??= setTimeout(work, BATCH_MS);
    });
    source.addEventListener('end', () => {
      isEnded = true;
      source?.close();
      batch ??= setTimeout(work, 0);
    });
    source.addEventListener('error', () => {
      // Opened anew by ourselves: the browser would begin where this address began.
      source?.close();
      if (isClosed || isEnded) return;
      if (isOpen) onStatus({ kind: 'lost' });
      isOpen = false;
      void whyRefused();
    });
  }

  function work(): void {
    batch = undefined;
    if (isClosed) return;
    const started = performance.now();
    let done = 0;
    while (done < waiting.length && performance.now() - started < WORK_MS) {
      const lines = waiting.slice(done, done + WORK_LINES).flatMap((data) => parse(data) ?? []);
      onLines(lines);
      done += WORK_LINES;
    }
    waiting = waiting.slice(done);
    if (waiting.length === 0 || started - drawnMs > DRAW_MS) {
      drawnMs = started;
      onBatch();
    }
    if (waiting.length > 0) batch = setTimeout(work, 0);
    else if (isEnded) onStatus({ kind: 'ended' });
  }

  /** An event source does not say why it was refused; a plain request does. */
  async function whyRefused(): Promise<void> {
    const stop = new AbortController();
    try {
      const answer = await fetch(`${url}?follow=false&after=${lastSeq}`, { signal: stop.signal });
      if (isClosed) return;
      if (answer.status === 401) return signIn();
      if (answer.status === 404) {
        const message = await messageOf(answer);
        if (isClosed) return;
        onStatus({ kind: 'absent', message });
        if (!isLive()) return;
      } else onStatus({ kind: 'lost' });
    } catch {
      // Nobody answers: it is tried again.
      if (!isClosed) onStatus({ kind: 'lost' });
    } finally {
      stop.abort();
    }
    if (isClosed) return;
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    failures += 1;
    retry = setTimeout(open, waitMs);
  }

  onStatus({ kind: 'connecting' });
  open();
  return () => {
    isClosed = true;
    clearTimeout(batch);
    clearTimeout(retry);
    source?.close();
  };
}

function parse(data: string): TranscriptLine | null {
  try {
    return JSON.parse(data) as TranscriptLine;
  } catch {
    return null;
  }
}

async function messageOf(answer: Response): Promise<string> {
  try {
    const body = (await answer.json()) as { error?: { message?: string } };
    return body.error?.message ?? 'There is no transcript of this run.';
  } catch {
    return 'There is no transcript of this run.';
  }
}
