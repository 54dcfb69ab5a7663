// A write that a person must allow: a durable proposal. It outlives its run, is decided once, and is in the outbox only
// after it was approved. The JSON of the API uses the field names of docs/approvals.md.

import type { SeenIssue } from './tracker-write.ts';
import type { JsonMap, WriteOperation } from './tool-operations.ts';

export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What is kept of `decisionNote`, in characters. */
export const LONGEST_DECISION_NOTE = 2_000;

/** What became of the writes of an approved proposal. */
export interface ApprovalResult {
  /** `refused`: the check just before sending found that it is wrong by now. `partly`: of several. */
  readonly status: 'applying' | 'done' | 'partly' | 'refused' | 'failed';
  /** One line for people and for the agent. */
  readonly message: string;
  /** Identifiers of what was made or changed. */
  readonly issues: readonly string[];
}

export interface Approval {
  /** UUID. */
  readonly id: string;
  readonly action: WriteOperation;
  /** One sentence for people. */
  readonly summary: string;
  /** As the agent asked for it. */
  readonly details: JsonMap;
  /** The issue as it was then; null = none is touched (it makes a new one). */
  readonly before: SeenIssue | null;
  readonly status: ApprovalStatus;
  /** "" = anybody who may use the API. */
  readonly group: string;
  readonly rule: string;
  readonly runId: string;
  /** The run's issue: whose next run is told. */
  readonly issueId: string;
  readonly issueIdentifier: string;
  /** The issue that would be changed; "" = a new one. */
  readonly targetIdentifier: string;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  /** "" until it is decided; `sortie` when it expired. */
  readonly decidedBy: string;
  readonly decidedAtMs: number | null;
  /** What the person changed; null = nothing. */
  readonly modifiedDetails: JsonMap | null;
  readonly decisionNote: string;
  readonly result: ApprovalResult | null;
  /** The run that was told of the outcome; null = none yet. The call that waited for it counts. */
  readonly toldRunId: string | null;
  /**
   * Stored as it is and shown to nobody: what was found when it was asked for (names, targets, values for the policy), so
   * that a decision needs no tracker. Only src/tools knows what it says; null = it is all looked up again.
   */
  readonly resolved?: JsonMap | null | undefined;
}

export interface ApprovalQuery {
  /** Absent = all. */
  readonly status?: ApprovalStatus | undefined;
  /** Exact identifier of the run's issue, compared case-insensitively. */
  readonly identifier?: string | undefined;
  readonly runId?: string | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** Opaque, from `nextCursor`. */
  readonly cursor?: string | undefined;
}

/** Pending ones first, the oldest of them first; then the decided, newest first. */
export interface ApprovalPage {
  readonly approvals: readonly Approval[];
  readonly nextCursor: string | null;
}
