// The ledger as this folder uses it: counts the audit entries that went in, and tells that the chain has grown. What
// fails changes nothing here.

import type { LedgerChange, ToolLedger } from '../../contract/tool-ledger.ts';

export function countedLedger(ledger: ToolLedger, onEntries: (count: number) => void): ToolLedger {
  return {
    async apply(changes: readonly LedgerChange[]): Promise<void> {
      await ledger.apply(changes);
      const count = changes.filter(({ kind }) => kind === 'audit').length;
      if (count > 0) onEntries(count);
    },
    async forgetAudit(beforeMs, nowMs) {
      const forgotten = await ledger.forgetAudit(beforeMs, nowMs);
      if (forgotten > 0) onEntries(1);
      return forgotten;
    },
    forgetEnded: (beforeMs) => ledger.forgetEnded(beforeMs),
    approval: (id) => ledger.approval(id),
    approvals: (query) => ledger.approvals(query),
    unsettledApprovals: () => ledger.unsettledApprovals(),
    untold: (issueId) => ledger.untold(issueId),
    write: (id) => ledger.write(id),
    writesOf: (approvalId) => ledger.writesOf(approvalId),
    openWrites: () => ledger.openWrites(),
    writes: (query) => ledger.writes(query),
    auditHead: () => ledger.auditHead(),
    audit: (query) => ledger.audit(query),
    auditStart: () => ledger.auditStart(),
    auditTraces: () => ledger.auditTraces(),
    beginAudit: () => ledger.beginAudit(),
  };
}
