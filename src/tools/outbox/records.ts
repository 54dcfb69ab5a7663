// Rows and their audit entries, always in one transaction: recorded, sent, ended. Nothing of a write is in the log that
// is not in the table, and the other way round.

import type { AuditFacts, AuditKind } from '../../contract/audit.ts';
import type { OutboxStatus, OutboxWrite } from '../../contract/outbox.ts';
import type { Json } from '../../contract/tool-operations.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import { hasEnded } from './next-step.ts';

/** Characters of one text in an audit entry; the row keeps it whole. */
const TEXT_LIMIT = 8_000;

export function recorded(row: OutboxWrite): readonly LedgerChange[] {
  const { operation, ...details } = row.write;
  const facts = factsOf(row, 'write_recorded', row.requestedAtMs);
  return [
    { kind: 'add_write', write: row },
    {
      kind: 'audit',
      facts: { ...facts, details: asJson({ operation, ...details }), before: asJson(row.before) },
    },
  ];
}

/** `code`: with what it failed. */
export function moved(row: OutboxWrite, expect: OutboxStatus, nowMs: number, code: string): LedgerChange[] {
  const put: LedgerChange = { kind: 'put_write', write: row, expect };
  if (hasEnded(row)) return [put, { kind: 'audit', facts: endedFacts(row, nowMs, code) }];
  if (row.status !== 'sending') return [put];
  const facts = factsOf(row, 'write_sent', nowMs);
  return [put, { kind: 'audit', facts: { ...facts, details: { lane: row.lane, try: row.tries } } }];
}

function endedFacts(row: OutboxWrite, nowMs: number, code: string): AuditFacts {
  return {
    ...factsOf(row, 'write_ended', nowMs),
    details: { status: row.status, tries: row.tries },
    before: asJson(row.before),
    after: asJson(row.result),
    answer: answerOf(row.status, code),
    message: cut(row.detail),
    durationMs: Math.max(0, nowMs - row.requestedAtMs),
  };
}

function answerOf(status: OutboxStatus, code: string): string {
  if (status === 'done') return 'ok';
  if (status === 'refused') return 'changed_meanwhile';
  return status === 'cancelled' ? 'cancelled' : code;
}

function factsOf(row: OutboxWrite, kind: AuditKind, atMs: number): AuditFacts {
  return {
    kind,
    atMs,
    actor: 'daemon',
    name: 'sortie',
    runId: row.runId,
    issueIdentifier: row.issue.identifier === '' ? null : row.issue.identifier,
    tool: '',
    operation: row.write.operation,
    decision: '',
    rule: '',
    approvalId: row.approvalId,
    writeId: row.id,
    details: null,
    before: null,
    after: null,
    answer: '',
    message: '',
    durationMs: null,
  };
}

/** Plain data with its long texts cut; what is undefined is left out. */
function asJson(value: unknown): Json {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return null;
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(given.map(([name, inner]) => [name, asJson(inner)]));
}

function cut(text: string): string {
  if (text.length <= TEXT_LIMIT) return text;
  // Never half of a surrogate pair.
  const head = text.slice(0, TEXT_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}… (cut: ${text.length} characters in all)`;
}
