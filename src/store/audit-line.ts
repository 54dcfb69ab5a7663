// An audit entry as text: what stands in its line, how lines hang together, and how one is exported. The hash is over
// the line's very bytes, so nothing here ever spells a stored line again.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { AuditEntry, AuditFacts, AuditHead } from '../contract/audit.ts';
import { integer, integerOrNull, outsideText, type Redact } from './storable.ts';
import { readableJson } from './stored-json.ts';

/** The furthest that a date can be from 1970. */
const dateLimitMs = 8.64e15;

/** The entry that follows `head`. JSON of well-formed text: it has no NUL and no line break, so SQLite keeps it as it is. */
export function nextEntry(head: AuditHead, facts: AuditFacts, redact: Redact): AuditEntry {
  const seq = head.seq + 1;
  const line = JSON.stringify({
    seq,
    at: isoTime(facts.atMs),
    kind: facts.kind,
    actor: facts.actor,
    name: outsideText(facts.name, redact),
    run_id: facts.runId,
    issue_identifier: facts.issueIdentifier,
    tool: outsideText(facts.tool, redact),
    operation: outsideText(facts.operation, redact),
    decision: facts.decision,
    rule: outsideText(facts.rule, redact),
    approval_id: facts.approvalId,
    write_id: facts.writeId,
    details: readableJson(facts.details, redact),
    before: readableJson(facts.before, redact),
    after: readableJson(facts.after, redact),
    answer: outsideText(facts.answer, redact),
    message: outsideText(facts.message, redact),
    duration_ms: integerOrNull(facts.durationMs),
    prev: head.hash,
  });
  return { seq, line, hash: hashOf(line) };
}

/** SHA-256 (hex) of the UTF-8. */
export function hashOf(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** The line with its hash as the last field. Cut off from `,"hash"` and closed again, it is the line, byte for byte. */
export function exportedLine({ line, hash }: AuditEntry): string {
  return `${line.slice(0, -1)},"hash":"${hash}"}`;
}

/** Bytes that are not UTF-8 are not ours: read in another way, their hash cannot fit. */
export function exactText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1');
}

function isoTime(atMs: number): string {
  return new Date(Math.min(Math.max(integer(atMs), -dateLimitMs), dateLimitMs)).toISOString();
}
