// What the outbox must know of each kind of write: whether this tracker can do it at all, how it is sent, how it is
// looked for after a lost answer, and how soon "not there" may be believed. One file for each family of writes.

import type { IssueRef } from '../../../contract/issue.ts';
import type { TrackerAdapter } from '../../../contract/tracker.ts';
import type { TrackerWrite, TrackerWriteOperation, WriteResult } from '../../../contract/tracker-write.ts';
import type { Surfacing } from '../pace.ts';

/** Also where one kind of write has several operations. */
export type WriteOf<K extends TrackerWriteOperation> = Having<TrackerWrite, K>;
type Having<W, K> = W extends { readonly operation: infer Named } ? (K extends Named ? W : never) : never;

export interface Sending {
  readonly tracker: TrackerAdapter;
  /** The row's id: the tracker is given it where it keeps keys. */
  readonly key: string;
  /** It was not sent before. */
  readonly recordedAtMs: number;
  readonly signal: AbortSignal;
}

export type Looked =
  | { readonly kind: 'found'; readonly result: WriteResult }
  | { readonly kind: 'absent' }
  /** It cannot be seen, and a second one would change nothing. */
  | { readonly kind: 'harmless' }
  /** It cannot be seen, and a second one might stand beside the first. */
  | { readonly kind: 'unknowable'; readonly why: string };

export interface Operation<K extends TrackerWriteOperation> {
  readonly surfacing: Surfacing;
  /** What the adapter lacks, after "cannot …"; null = nothing. */
  lacks(tracker: TrackerAdapter, write: WriteOf<K>): string | null;
  /** Only when nothing is lacking. Throws what the adapter throws. */
  send(write: WriteOf<K>, sending: Sending): Promise<WriteResult>;
  look(write: WriteOf<K>, sending: Sending): Promise<Looked>;
}

export const ABSENT: Looked = { kind: 'absent' };
export const HARMLESS: Looked = { kind: 'harmless' };

export function resultOn(issue: IssueRef, entryId = '', wasThere = false): WriteResult {
  return { issue, entryId, url: '', wasThere };
}

export function foundOn(issue: IssueRef, entryId = ''): Looked {
  return { kind: 'found', result: resultOn(issue, entryId, true) };
}

/** Told "can" and asked without: a door that hides a capability it has just shown. */
export function lost(capability: string): never {
  throw new Error(`the tracker adapter lost ${capability}`);
}
