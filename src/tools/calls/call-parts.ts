// What the steps of a call share, and what is noted of one call for its audit entry.

import type { ToolLedger } from '../../contract/tool-ledger.ts';
import type { Json } from '../../contract/tool-operations.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { Outbox, ToAuditFacts, ToolsParts } from '../ports.ts';
import type { RuleUses } from '../rule-use.ts';
import type { SchemaCache } from '../schema-cache.ts';
import type { Turns } from '../turns.ts';
import type { CallLog } from './call-log.ts';
import type { EngineTool } from './tool.ts';

export interface CallParts extends Pick<
  ToolsParts,
  'tracker' | 'clock' | 'log' | 'newUuid' | 'settings' | 'redact' | 'record' | 'counters'
> {
  readonly ledger: ToolLedger;
  readonly outbox: Outbox;
  readonly approvals: Approvals;
  readonly schema: SchemaCache;
  readonly uses: RuleUses;
  readonly note: ToAuditFacts;
  readonly callLog: CallLog;
  readonly tools: ReadonlyMap<string, EngineTool>;
  /** By the id of the run's issue: from judging a write until it is recorded. */
  readonly turns: Turns;
}

/** Filled in as the call goes on. */
export interface CallRecord {
  operation: string;
  decision: string;
  rule: string;
  details: Json;
  before: Json;
  after: Json;
  approvalId: string | null;
  writeId: string | null;
  /** Something was recorded, whatever becomes of the call. */
  hasBegun: boolean;
}

export function newRecord(): CallRecord {
  return {
    operation: '',
    decision: '',
    rule: '',
    details: null,
    before: null,
    after: null,
    approvalId: null,
    writeId: null,
    hasBegun: false,
  };
}
