// Rows and their audit entries, always in one transaction: recorded, sent, ended. Nothing of a write is in the log that
// is not in the table, and the other way round.

import { hasEnded, type OutboxStatus, type OutboxWrite } from '../../contract/outbox.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import type { Json } from '../../contract/tool-operations.ts';
import type { AuditNote, ToAuditFacts } from '../ports.ts';

export function recorded(row: OutboxWrite, note: ToAuditFacts): readonly LedgerChange[] {
  const facts = note({
    ...about(row, 'write_recorded', row.requestedAtMs),
    details: plain(row.write),
    before: plain(row.before),
  });
  return [
    { kind: 'add_write', write: row },
    { kind: 'audit', facts },
  ];
}

export interface Move {
  readonly row: OutboxWrite;
  readonly expect: OutboxStatus;
  readonly atMs: number;
  /** With what it failed. */
  readonly code: string;
}

export function moved({ row, expect, atMs, code }: Move, note: ToAuditFacts): readonly LedgerChange[] {
  const put: LedgerChange = { kind: 'put_write', write: row, expect };
  if (hasEnded(row)) return [put, { kind: 'audit', facts: note(ended(row, atMs, code)) }];
  if (row.status !== 'sending') return [put];
  const details = { lane: row.lane, try: row.tries };
  return [put, { kind: 'audit', facts: note({ ...about(row, 'write_sent', atMs), details }) }];
}

function ended(row: OutboxWrite, atMs: number, code: string): AuditNote {
  return {
    ...about(row, 'write_ended', atMs),
    details: { status: row.status, tries: row.tries },
    before: plain(row.before),
    after: plain(row.result),
    answer: answerOf(row.status, code),
    message: row.detail,
    durationMs: Math.max(0, atMs - row.requestedAtMs),
  };
}

function answerOf(status: OutboxStatus, code: string): string {
  if (status === 'done') return 'ok';
  if (status === 'refused') return 'changed_meanwhile';
  return status === 'cancelled' ? 'cancelled' : code;
}

function about(row: OutboxWrite, kind: AuditNote['kind'], atMs: number): AuditNote {
  const { identifier } = row.issue;
  return {
    kind,
    atMs,
    actor: 'daemon',
    name: 'sortie',
    runId: row.runId,
    issueIdentifier: identifier === '' ? null : identifier,
    operation: row.write.operation,
    approvalId: row.approvalId,
    writeId: row.id,
  };
}

/** As it is stored: what is undefined is left out. */
function plain(value: object | null): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
