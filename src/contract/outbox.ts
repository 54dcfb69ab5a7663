// Every write to the tracker, recorded before it is sent: the orchestrator's own and what agents were allowed. Writes of
// one lane are sent one after another in the order of their recording.

import type { IssueRef } from './issue.ts';
import type { SeenIssue, TrackerWrite, WriteResult } from './tracker-write.ts';

/**
 * `waiting`: not sent, or surely not applied and due again. `sending`: on its way, or was when the daemon died.
 * `unsure`: an answer was lost and nobody knows yet; it is looked up before anything else happens in its lane.
 * `refused`: the issue has changed so that it would be wrong. `cancelled`: not sent because nobody wants it any more.
 */
export const OUTBOX_STATUSES = [
  'waiting',
  'sending',
  'unsure',
  'done',
  'refused',
  'failed',
  'cancelled',
] as const;
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

/** Of a status that nothing follows. */
export const OUTBOX_ENDS: readonly OutboxStatus[] = ['done', 'refused', 'failed', 'cancelled'];

export function hasEnded({ status }: Pick<OutboxWrite, 'status'>): boolean {
  return OUTBOX_ENDS.includes(status);
}

export interface OutboxWrite {
  /** UUID; the key that the tracker is given to know it again. */
  readonly id: string;
  /** Rises with the recording; 0 until it is recorded. */
  readonly seq: number;
  /** `issue:<id>`, or `new:<id of the first>` for issues that are made together. */
  readonly lane: string;
  readonly origin: 'orchestrator' | 'agent';
  /** On whose behalf; null = no run's. */
  readonly runId: string | null;
  /** The issue that it is about: the one that changes, or the run's for a new one. */
  readonly issue: IssueRef;
  /** The issue of that run, which may be another one; absent = no run's, or the run is not known. */
  readonly runIssue?: IssueRef | undefined;
  /** null = it needed none. */
  readonly approvalId: string | null;
  readonly write: TrackerWrite;
  /** As it was when it was asked for; null = not compared before sending. */
  readonly before: SeenIssue | null;
  readonly status: OutboxStatus;
  /** Times it was sent. */
  readonly tries: number;
  readonly requestedAtMs: number;
  /** Of the last try; null = never. */
  readonly sentAtMs: number | null;
  /** Not before; null = nothing is due. */
  readonly dueAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Why it waits, or how it ended, one line; "" when all is well. */
  readonly detail: string;
  readonly result: WriteResult | null;
}

export interface OutboxQuery {
  /** Absent = those that have not ended. */
  readonly status?: OutboxStatus | 'open' | 'all' | undefined;
  /** Writes that are about this issue, and those that its runs asked for. */
  readonly identifier?: string | undefined;
  /** 1 to 500. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** In the order of recording when open, else newest first. */
export interface OutboxPage {
  readonly writes: readonly OutboxWrite[];
  readonly nextCursor: string | null;
}
