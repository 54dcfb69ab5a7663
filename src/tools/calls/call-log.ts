// One audit entry for each call, those of one turn of the loop in one transaction: a flood of refused calls costs one
// durable write and not a thousand. A call is answered only when its entry is on the disk.

import type { AuditFacts } from '../../contract/audit.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';

export interface CallLog {
  /** Rejects as the ledger does. */
  add(facts: AuditFacts): Promise<void>;
  /** When all that was added has been written, or could not be. */
  settled(): Promise<void>;
}

export function callLog(ledger: Pick<ToolLedger, 'apply'>): CallLog {
  let waiting: { readonly facts: AuditFacts[]; readonly written: Promise<void> } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  return {
    add(facts) {
      if (waiting === null) {
        const batch: AuditFacts[] = [];
        const written = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          waiting = null;
          return ledger.apply(batch.map((one) => ({ kind: 'audit', facts: one })));
        });
        waiting = { facts: batch, written };
        last = written.catch(() => undefined);
      }
      waiting.facts.push(facts);
      return waiting.written;
    },
    async settled() {
      await last;
    },
  };
}
