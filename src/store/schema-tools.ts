// The tables of agents' tools as Kysely sees them; the picture is in schema.ts. Columns of JSON hold what the contract's
// types hold, secrets taken out; an audit row is never changed and goes only behind a checkpoint (triggers hold that).
import type { Generated } from 'kysely';
import type { ApprovalStatus } from '../contract/approval.ts';
import type { OutboxStatus, OutboxWrite } from '../contract/outbox.ts';
import type { WriteOperation } from '../contract/tool-operations.ts';

export interface ToolTables {
  approvals: ApprovalRow;
  outbox: OutboxRow;
  audit: AuditRow;
  audit_start: AuditStartRow;
}

export interface ApprovalRow {
  tracker_id: number;
  id: string;
  action: WriteOperation;
  summary: string;
  /** JSON, as `before`, `modified_details` and `result`. */
  details: string;
  before: string | null;
  status: ApprovalStatus;
  decider_group: string;
  rule: string;
  run_id: string;
  issue_id: string;
  identifier: string;
  identifier_key: string;
  target_identifier: string;
  requested_at_ms: number;
  expires_at_ms: number;
  decided_by: string;
  decided_at_ms: number | null;
  modified_details: string | null;
  decision_note: string;
  result: string | null;
  told_run_id: string | null;
  /** JSON; only src/tools knows what it says. */
  resolved: string | null;
  /** Of a pending one when it was requested, else when it was decided: the order of lists. */
  place_ms: number;
}

export interface OutboxRow {
  /** The order of recording, over all trackers. */
  seq: Generated<number>;
  tracker_id: number;
  id: string;
  lane: string;
  origin: OutboxWrite['origin'];
  run_id: string | null;
  issue_id: string;
  identifier: string;
  identifier_key: string;
  approval_id: string | null;
  /** JSON, as `before` and `result`. */
  write: string;
  before: string | null;
  status: OutboxStatus;
  tries: number;
  requested_at_ms: number;
  sent_at_ms: number | null;
  due_at_ms: number | null;
  ended_at_ms: number | null;
  detail: string;
  result: string | null;
}

interface AuditRow {
  tracker_id: number;
  /** From 1, for each tracker its own. */
  seq: number;
  line: string;
  hash: string;
}

/** The last entry that was forgotten. */
interface AuditStartRow {
  tracker_id: number;
  seq: number;
  hash: string;
}
