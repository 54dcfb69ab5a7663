// What the last daemon left: proposals that wait for a person, and approved ones whose result is owed. Writes that are
// still open name theirs; those whose last write ended just before the end are among the newest of the decided.

import type { Approval } from '../../contract/approval.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';
import { isSettled } from './book.ts';

const PAGE = 500;
const PAGES = 20;

export async function unsettled(
  ledger: Pick<ToolLedger, 'pendingApprovals' | 'approvals' | 'approval' | 'openWrites'>,
): Promise<readonly Approval[]> {
  const found = new Map<string, Approval>();
  for (const approval of await ledger.pendingApprovals()) found.set(approval.id, approval);
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const { approvals, nextCursor } = await ledger.approvals({
      status: 'approved',
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const approval of approvals) if (!isSettled(approval)) found.set(approval.id, approval);
    cursor = nextCursor;
    if (cursor === null) break;
  }
  for (const { approvalId } of await ledger.openWrites()) {
    const approval = approvalId === null || found.has(approvalId) ? null : await ledger.approval(approvalId);
    if (approval !== null && !isSettled(approval)) found.set(approval.id, approval);
  }
  return [...found.values()];
}
