// The whole proof of an audit log: its chain, against the head beside the database and one that was kept elsewhere; the
// tables and triggers that hold it; that no write lacks its entry; and that a head file is there at all. Changes nothing.
import type { AuditHead, AuditVerdict } from '../contract/audit.ts';
import type { HeadFinding } from './audit-head-file.ts';
import { readAuditStart } from './append-audit.ts';
import { readAuditTraces } from './audit-traces.ts';
import { AuditedWrites } from './audited-writes.ts';
import { readAudit } from './read-audit.ts';
import type { Reading } from './reading.ts';
import { verifyLedger, type AuditLines } from './verify-audit.ts';

export interface AuditProofQuestion {
  /** What the head file says. */
  readonly beside: HeadFinding;
  /** A head that was kept elsewhere: it makes up for a file that is gone. null = none. */
  readonly kept?: AuditHead | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AuditProof {
  readonly verdict: AuditVerdict;
  /** What could not be looked at, one line each. */
  readonly warnings: readonly string[];
}

/** Rejects when reading fails, and with the signal’s reason. */
export type ProveAudit = (question: AuditProofQuestion) => Promise<AuditProof>;

export async function proveAudit(
  reading: Reading,
  { beside, kept = null, signal }: AuditProofQuestion,
): Promise<AuditProof> {
  const { isBegun, gone, unguarded } = await readAuditTraces(reading);
  if (gone !== null) return broken(gone);
  const lines = linesOf(reading);
  const writes = new AuditedWrites(reading);
  const head = beside.kind === 'found' ? beside.head : null;
  let verdict = await verifyLedger(lines, head, { signal, writes });
  if (verdict.kind === 'intact' && kept !== null) verdict = await verifyLedger(lines, kept, { signal });
  if (verdict.kind === 'broken') return { verdict, warnings: [] };
  const problem = unguarded ?? (await writes.problem());
  if (problem !== null) return broken(problem);
  if (kept !== null || beside.kind === 'found') return { verdict, warnings: [] };
  const compare = 'compare with a head that was kept elsewhere (--head)';
  if (beside.kind === 'broken') return broken(`${beside.problem}; ${compare}`);
  if (!isBegun) {
    // Of a database that no daemon has finished to open there is none.
    return { verdict, warnings: ['there is no head file beside the database, and no entry yet'] };
  }
  const held = verdict.entries === 0 ? 'holds nothing' : `ends with ${verdict.head.seq}`;
  return broken(
    `the log ${held}, and the head file that a daemon keeps beside the database is gone, so that nothing shows whether that is all; ${compare}`,
  );
}

function linesOf(reading: Reading): AuditLines {
  const { db, trackerId, inTurn } = reading;
  return {
    audit: (query) => readAudit(reading, query),
    auditStart: () => inTurn(() => readAuditStart(db, trackerId)),
  };
}

function broken(problem: string): AuditProof {
  return { verdict: { kind: 'broken', seq: 0, problem }, warnings: [] };
}
