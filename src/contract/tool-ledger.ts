// The port to what is stored for agents' tools: proposals, outbox, audit. One call of `apply` is one transaction and is
// durable when it resolves; a change that expects something else than what is there fails the whole of it.

import type { Approval, ApprovalPage, ApprovalQuery, ApprovalStatus } from './approval.ts';
import type { AuditEntry, AuditFacts, AuditHead, AuditTraces } from './audit.ts';
import type { OutboxPage, OutboxQuery, OutboxStatus, OutboxWrite } from './outbox.ts';
import type { StoredNotification } from './notification.ts';

export type LedgerChange =
  | { readonly kind: 'add_approval'; readonly approval: Approval }
  /** Fails with `conflict` unless the stored one has this status. */
  | { readonly kind: 'put_approval'; readonly approval: Approval; readonly expect: ApprovalStatus }
  /** Its `seq` is given here. */
  | { readonly kind: 'add_write'; readonly write: OutboxWrite }
  | { readonly kind: 'put_write'; readonly write: OutboxWrite; readonly expect: OutboxStatus }
  | { readonly kind: 'audit'; readonly facts: AuditFacts }
  | { readonly kind: 'queue_notification'; readonly notification: StoredNotification };

export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

export interface ToolLedger {
  /** All or nothing, in order. Throws LedgerConflict, or StoreError `write_failed`. */
  apply(changes: readonly LedgerChange[]): Promise<void>;
  approval(id: string): Promise<Approval | null>;
  approvals(query: ApprovalQuery): Promise<ApprovalPage>;
  /** All pending ones, and the approved whose result is owed: read once at start. */
  unsettledApprovals(): Promise<readonly Approval[]>;
  /** Decided, and of which the issue's next run has not been told; oldest first, at most 50. */
  untold(issueId: string): Promise<readonly Approval[]>;
  write(id: string): Promise<OutboxWrite | null>;
  /** Of one proposal, in order. */
  writesOf(approvalId: string): Promise<readonly OutboxWrite[]>;
  /** All that have not ended, in order: read once at start. */
  openWrites(): Promise<readonly OutboxWrite[]>;
  writes(query: OutboxQuery): Promise<OutboxPage>;
  auditHead(): Promise<AuditHead>;
  /** From `afterSeq` on, oldest first. */
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Before the oldest entry that is kept: where the chain begins. */
  auditStart(): Promise<AuditHead>;
  /** Reads no entry; cheap. */
  auditTraces(): Promise<AuditTraces>;
  /** The head is kept beside the database from now on: without it something is wrong. Again = nothing happens. */
  beginAudit(): Promise<void>;
  /** Forgets entries before that time in one transaction with a `checkpoint` entry; returns how many. */
  forgetAudit(beforeMs: number, nowMs: number): Promise<number>;
  /** Forgets proposals and writes that have ended before that time, and of which nothing is owed; returns how many. */
  forgetEnded(beforeMs: number): Promise<number>;
}

export interface AuditQuery {
  readonly afterSeq: number;
  /** 1 to 1000. */
  readonly limit: number;
}

/** What a reader without a daemon may ask. */
export type LedgerReads = Omit<ToolLedger, 'apply' | 'beginAudit' | 'forgetAudit' | 'forgetEnded'>;
