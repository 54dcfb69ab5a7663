// What is read of agents' tools, by the daemon and by commands without one: one list of readers over one connection.
import type { LedgerReads } from '../contract/tool-ledger.ts';
import { readAuditHead, readAuditStart } from './append-audit.ts';
import { readAuditTraces } from './audit-traces.ts';
import { readApproval, readApprovals, readUnsettledApprovals, readUntold } from './read-approvals.ts';
import { readAudit } from './read-audit.ts';
import { readOpenWrites, readWrite, readWrites, readWritesOf } from './read-outbox.ts';
import type { Reading } from './reading.ts';

export function createLedgerReads(reading: Reading): LedgerReads {
  const { db, trackerId, inTurn } = reading;
  return {
    approval: (id) => readApproval(reading, id),
    approvals: (query) => readApprovals(reading, query),
    unsettledApprovals: () => readUnsettledApprovals(reading),
    untold: (issueId) => readUntold(reading, issueId),
    write: (id) => readWrite(reading, id),
    writesOf: (approvalId) => readWritesOf(reading, approvalId),
    openWrites: () => readOpenWrites(reading),
    writes: (query) => readWrites(reading, query),
    auditHead: () => inTurn(() => readAuditHead(db, trackerId)),
    audit: (query) => readAudit(reading, query),
    auditStart: () => inTurn(() => readAuditStart(db, trackerId)),
    auditTraces: () => readAuditTraces(reading),
  };
}
