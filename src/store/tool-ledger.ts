// The ledger of agents' tools over the one connection: each batch is one transaction, in the order of the calls, and on
// the disk when it resolves. A batch that meets a status it did not expect is undone whole.
import type { AuditHead } from '../contract/audit.ts';
import { StoreError } from '../contract/store.ts';
import { LedgerConflict, type LedgerChange, type ToolLedger } from '../contract/tool-ledger.ts';
import { appendAudit, beginAudit, readAuditHead } from './append-audit.ts';
import { forgetAudit } from './forget-audit.ts';
import { forgetEnded } from './forget-ended.ts';
import { createLedgerReads } from './ledger-reads.ts';
import { queueNotification } from './notifications.ts';
import type { Reading } from './reading.ts';
import { addApproval, putApproval } from './write-approval.ts';
import type { WriteContext } from './write-issue.ts';
import { addOutboxWrite, putOutboxWrite } from './write-outbox.ts';
import type { Writing } from './writing.ts';

export function createToolLedger(reading: Reading, writing: Writing): ToolLedger {
  return {
    ...createLedgerReads(reading),
    apply: async (changes) => {
      if (changes.length === 0) return;
      try {
        await writing.durable((context) => applyChanges(context, changes));
      } catch (error) {
        throw error instanceof StoreError && error.cause instanceof LedgerConflict ? error.cause : error;
      }
    },
    beginAudit: () => writing.durable(beginAudit),
    forgetAudit: (beforeMs, nowMs) => forgetAudit(reading, writing, { beforeMs, nowMs }),
    forgetEnded: (beforeMs) => forgetEnded(writing, beforeMs),
  };
}

async function applyChanges(context: WriteContext, changes: readonly LedgerChange[]): Promise<void> {
  let head: AuditHead | null = null;
  for (const change of changes) {
    if (change.kind === 'audit') {
      head ??= await readAuditHead(context.db, context.trackerId);
      head = await appendAudit(context, head, change.facts);
    } else {
      await applyChange(context, change);
    }
  }
}

async function applyChange(
  context: WriteContext,
  change: Exclude<LedgerChange, { readonly kind: 'audit' }>,
): Promise<void> {
  switch (change.kind) {
    case 'add_approval':
      return await addApproval(context, change.approval);
    case 'put_approval':
      return await putApproval(context, change.approval, change.expect);
    case 'add_write':
      return await addOutboxWrite(context, change.write);
    case 'put_write':
      return await putOutboxWrite(context, change.write, change.expect);
    case 'queue_notification':
      return await queueNotification(context, change.notification);
  }
}
