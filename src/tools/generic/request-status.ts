// `request_status`: what became of a proposal, or of a write that was still on its way when its call was answered. Only
// of the run's own issue: what others have asked for is not told.

import { z } from 'zod';
import type { ToolLedger } from '../../contract/tool-ledger.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { refused } from '../calls/outcome.ts';
import type { EngineTool } from '../calls/tool.ts';
import { approvalAnswer, rowsAnswer } from '../calls/write-answer.ts';

export function requestStatus(parts: {
  readonly ledger: Pick<ToolLedger, 'write' | 'writesOf'>;
  readonly approvals: Pick<Approvals, 'read' | 'markTold'>;
}): EngineTool {
  const { ledger, approvals } = parts;
  const input = z.strictObject({
    id: z.string().min(1).max(100).describe('The id that a pending or queued write was answered with'),
  });
  return {
    name: 'request_status',
    title: 'State of a request',
    summary: 'what became of a write that was pending or queued',
    describe: () =>
      'Tells what became of a write of this issue that was answered "pending" (a person must allow it) or "queued" (on its way). Answers the same as the write itself would have.',
    input,
    operations: [],
    plan: (args) => ({
      kind: 'own',
      operation: null,
      run: async (run) => {
        const { id } = args as z.infer<typeof input>;
        const approval = await approvals.read(id);
        if (approval !== null && approval.issueId === run.issue.id) {
          const rows = approval.status === 'approved' ? await ledger.writesOf(id) : [];
          await approvals.markTold(id, run.runId);
          return approvalAnswer(approval, rows);
        }
        const row = approval === null ? await ledger.write(id) : null;
        const isOurs = row?.origin === 'agent' && (row.issue.id === run.issue.id || row.runId === run.runId);
        if (row === null || !isOurs)
          return refused('approval_not_found', `nothing that was asked for this issue has the id ${id}`);
        return rowsAnswer([row], { decision: row.approvalId === null ? 'allow' : 'approve', rule: '' });
      },
    }),
  };
}
