// Places in lists of proposals and writes after which the next page begins; as with history, what comes in meanwhile
// shifts nothing. Opaque to their bearers; checked as hostile input.
import { StoreError } from '../contract/store.ts';

export interface ApprovalPlace {
  /** Which part of the list: the pending ones, or those that are decided. */
  readonly part: 'pending' | 'decided';
  readonly placeMs: number;
  readonly id: string;
}

export function encodeApprovalCursor({ part, placeMs, id }: ApprovalPlace): string {
  return encode(`${part === 'pending' ? 'p' : 'd'}:${placeMs}:${id}`);
}

/** Throws StoreError `invalid_cursor`. */
export function decodeApprovalCursor(cursor: string): ApprovalPlace {
  const [, part, time, id] = /^([pd]):(-?\d{1,16}):(.{1,200})$/su.exec(decode(cursor)) ?? [];
  const placeMs = Number(time);
  if (id !== undefined && Number.isSafeInteger(placeMs)) {
    const place: ApprovalPlace = { part: part === 'p' ? 'pending' : 'decided', placeMs, id };
    if (encodeApprovalCursor(place) === cursor) return place;
  }
  throw new StoreError('invalid_cursor', 'not a cursor of the approvals: start again without one');
}

export function encodeOutboxCursor(seq: number): string {
  return encode(`w:${seq}`);
}

/** The seq of the last write shown. Throws StoreError `invalid_cursor`. */
export function decodeOutboxCursor(cursor: string): number {
  const seq = Number(/^w:(\d{1,16})$/u.exec(decode(cursor))?.[1] ?? NaN);
  if (Number.isSafeInteger(seq) && encodeOutboxCursor(seq) === cursor) return seq;
  throw new StoreError('invalid_cursor', 'not a cursor of the outbox: start again without one');
}

function encode(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** Lenient: only what we would have written ourselves is ours, so the result is compared. */
function decode(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}
