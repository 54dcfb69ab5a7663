// From a note to what the audit log stores: empty where nothing was said, secrets taken out, large values cut. A cut
// value says how long it was, so that nobody takes the rest for the whole.

import type { AuditFacts } from '../contract/audit.ts';
import type { Json } from '../contract/tool-operations.ts';
import { oneLine } from './one-line.ts';
import type { AuditNote, ToAuditFacts } from './ports.ts';

const TEXT_LIMIT = 4_000;
const LIST_LIMIT = 100;
const LINE_LIMIT = 500;
const DEPTH_LIMIT = 25;
/** Of `details`, `before` and `after` together, about. */
const TOTAL_LIMIT = 64_000;

export function auditFacts(parts: {
  readonly nowMs: () => number;
  readonly redact: (text: string) => string;
}): ToAuditFacts {
  const { nowMs, redact } = parts;
  return (note: AuditNote): AuditFacts => {
    const room = { left: TOTAL_LIMIT };
    const cut = (value: Json | undefined): Json => cutJson(value ?? null, room, redact, 0);
    return {
      kind: note.kind,
      atMs: note.atMs ?? nowMs(),
      actor: note.actor,
      name: line(note.name, redact),
      runId: note.runId ?? null,
      issueIdentifier: note.issueIdentifier ?? null,
      tool: line(note.tool ?? '', redact),
      operation: note.operation ?? '',
      decision: note.decision ?? '',
      rule: line(note.rule ?? '', redact),
      approvalId: note.approvalId ?? null,
      writeId: note.writeId ?? null,
      details: cut(note.details),
      before: cut(note.before),
      after: cut(note.after),
      answer: line(note.answer ?? '', redact),
      message: line(note.message ?? '', redact),
      durationMs: note.durationMs ?? null,
    };
  };
}

function cutJson(value: Json, room: { left: number }, redact: (text: string) => string, depth: number): Json {
  if (typeof value === 'string') return cutText(redact(value), room);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_LIMIT) return '… (nested deeper)';
  if (isList(value)) {
    const kept = value.slice(0, LIST_LIMIT).map((one) => cutJson(one, room, redact, depth + 1));
    return value.length > LIST_LIMIT ? [...kept, `… (${value.length} in all)`] : kept;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, LIST_LIMIT)
    .map(([name, one]): [string, Json] => [
      cutText(redact(name), room),
      cutJson(one, room, redact, depth + 1),
    ]);
  if (entries.length > LIST_LIMIT) kept.push(['…', `${entries.length} fields in all`]);
  return Object.fromEntries(kept);
}

function cutText(text: string, room: { left: number }): string {
  const limit = Math.max(0, Math.min(TEXT_LIMIT, room.left));
  room.left -= Math.min(text.length, limit);
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}… (${text.length} characters)`;
}

function line(text: string, redact: (text: string) => string): string {
  return oneLine(redact(text), LINE_LIMIT);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
