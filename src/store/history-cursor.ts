// The place in history after which the next page begins: start time and id of the last run shown, not an
// offset, so that runs which end meanwhile shift nothing. Opaque to its bearer; checked as hostile input.
import { StoreError } from '../contract/store.ts';

export interface HistoryPlace {
  readonly startedAtMs: number;
  readonly runId: string;
}

export function encodeCursor({ startedAtMs, runId }: HistoryPlace): string {
  return Buffer.from(`${startedAtMs}:${runId}`).toString('base64url');
}

/** Throws StoreError `invalid_cursor`. */
export function decodeCursor(cursor: string): HistoryPlace {
  const [, time, runId] =
    /^(-?\d{1,16}):(.{1,200})$/su.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const startedAtMs = Number(time);
  if (runId !== undefined && Number.isSafeInteger(startedAtMs)) {
    const place = { startedAtMs, runId };
    // Buffer decodes leniently; only what we would have written ourselves is ours.
    if (encodeCursor(place) === cursor) return place;
  }
  throw new StoreError('invalid_cursor', 'not a cursor of this history: start again without one');
}
