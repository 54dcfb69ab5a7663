// The audit log: what agents asked for, what was decided, by whom and by which rule, and what was written. Entries are
// only ever added; each holds the hash of the one before it, so that nothing can be changed or taken out unseen.

import type { Json } from './tool-operations.ts';

export const AUDIT_KINDS = [
  'tool_call',
  'approval_requested',
  'approval_decided',
  'approval_expired',
  /** A person’s decision was not taken; `answer` says why. Many of one person share an entry. */
  'approval_refused',
  'write_recorded',
  'write_sent',
  'write_ended',
  /** The oldest entries were forgotten: their last hash stands in `details`. */
  'checkpoint',
  /** At a start: the store does not hold what the head file says it held, or that file is gone, or what guards the log. */
  'chain_broken',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Before it is chained. Every text is redacted; large values are cut and say so. */
export interface AuditFacts {
  readonly kind: AuditKind;
  readonly atMs: number;
  /** `agent` (the run's), `person`, or `daemon`. */
  readonly actor: 'agent' | 'person' | 'daemon';
  /** The agent's kind, the person's name, or `sortie`. */
  readonly name: string;
  readonly runId: string | null;
  readonly issueIdentifier: string | null;
  /** "" where there is none. */
  readonly tool: string;
  readonly operation: string;
  readonly decision: string;
  readonly rule: string;
  readonly approvalId: string | null;
  readonly writeId: string | null;
  /** What was asked for, decided or sent. */
  readonly details: Json;
  readonly before: Json;
  readonly after: Json;
  /** `ok`, or the code of the error. */
  readonly answer: string;
  /** One line; "" when all is said. */
  readonly message: string;
  readonly durationMs: number | null;
}

/** As stored. `line` is the JSON of the entry without its hash, and `hash` the SHA-256 (hex) of the line's UTF-8. */
export interface AuditEntry {
  readonly seq: number;
  readonly line: string;
  readonly hash: string;
}

/** The newest entry; seq 0 and 64 zeros before the first. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_AUDIT: AuditHead = { seq: 0, hash: '0'.repeat(64) };

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly entries: number; readonly first: number; readonly head: AuditHead }
  /** `seq`: the first entry that is wrong or missing; 0 = it is about no entry. `problem`: one line. */
  | { readonly kind: 'broken'; readonly seq: number; readonly problem: string };

/** What shows beside the entries whether a log is as it was left. */
export interface AuditTraces {
  /** A daemon has kept one here, or something that is stored had entries: a head file must be there. */
  readonly isBegun: boolean;
  /** One line: tables are gone, and nothing can be read; null = all are there. */
  readonly gone: string | null;
  /** One line: the triggers that guard entries are not as they were made; null = they are. */
  readonly unguarded: string | null;
}
