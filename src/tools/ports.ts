// What this folder is handed, and the doors between its parts. Clock, log, ledger, tracker and counters come in as
// arguments, so that the same code runs in the daemon and in tests with injected time.

import type { AuditFacts } from '../contract/audit.ts';
import type { Counters } from '../contract/counters.ts';
import type { IssueRef } from '../contract/issue.ts';
import type { TimelineEntry } from '../contract/observation.ts';
import type { OutboxWrite } from '../contract/outbox.ts';
import type { Settings } from '../contract/settings.ts';
import type { LedgerChange, ToolLedger } from '../contract/tool-ledger.ts';
import type { JsonMap, ToolOperation, WriteOperation } from '../contract/tool-operations.ts';
import type { ConditionField, RuleLimit } from '../contract/tool-policy.ts';
import type { SeenIssue, TrackerWrite } from '../contract/tracker-write.ts';
import type { TrackerWriter } from '../contract/tracker-writer.ts';
import type { TrackerAdapter } from '../contract/tracker.ts';

export interface ToolsClock {
  /** Wall clock, milliseconds since the epoch. */
  nowMs(): number;
  monotonicMs(): number;
  /** Calls `fire` once after `delayMs` (0 to 2^31−1); the answer cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

type Fields = Readonly<Record<string, unknown>>;

export interface ToolsLog {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Of a write of an agent's: the core must know that it is ours. Both are called once for each write that is sent. */
export interface WriteWitness {
  writing(write: { readonly writeId: string; readonly issueId: string }): void;
  /** `state`: where it moved the issue; null = nowhere, or it was not applied. */
  written(write: {
    readonly writeId: string;
    readonly issueId: string;
    readonly runId: string | null;
    readonly state: string | null;
  }): void;
}

/** What everything here is made from. */
export interface ToolsParts {
  /** Behind the door that counts requests and waits out a Retry-After; a reload never changes its capabilities. */
  readonly tracker: TrackerAdapter;
  readonly ledger: ToolLedger;
  readonly clock: ToolsClock;
  readonly log: ToolsLog;
  readonly newUuid: () => string;
  /** Those in force: read at each use. */
  readonly settings: () => Pick<
    Settings,
    'tools' | 'tracker' | 'notifications' | 'agent' | 'server' | 'workspaceRoot'
  >;
  readonly counters: Pick<
    Counters,
    'countApproval' | 'countOutboxWrite' | 'countAuditEntries' | 'countToolCall' | 'countTrackerComment'
  >;
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly witness: WriteWitness;
  /** A line of an issue's timeline (kinds `approval`, `tracker_write`, `agent_message`); never throws, never waits. */
  readonly record: (entry: TimelineEntry) => void;
}

// ---- policy (src/tools/policy) ----------------------------------------------------------------

/** What the policy looks at, all values lower-cased; of one action, or of one issue of a bulk creation. */
export interface ActionFacts {
  readonly operation: ToolOperation;
  /**
   * Several values are several things in `labels`, `components` and `fields`, and several words for one thing elsewhere.
   * Which operation has which field: CONDITIONS_OF in src/contract/tool-policy-match.ts.
   */
  readonly fields: Readonly<Partial<Record<ConditionField, readonly string[]>>>;
  /** Of `transition_issue`: the name that was given, the transition's and the state's; [] otherwise. */
  readonly to: readonly string[];
  /** Another word for a value of `fields`: a custom field that is given by its id → its name, or the reverse. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
}

/** How often a rule was used up to now; `count` is asked only for rules with a limit. */
export interface RuleUse {
  count(ruleNumber: number, per: RuleLimit['per']): number;
}

// ---- outbox (src/tools/outbox) ----------------------------------------------------------------

export interface NewWrite {
  readonly id: string;
  readonly lane: string;
  readonly runId: string | null;
  readonly issue: IssueRef;
  readonly runIssue?: IssueRef | undefined;
  readonly approvalId: string | null;
  readonly write: TrackerWrite;
  readonly before: SeenIssue | null;
}

/** Just before an agent's write is sent: null = go on, otherwise why it would be wrong by now, one line. */
export type FreshCheck = (write: OutboxWrite, signal: AbortSignal) => Promise<string | null>;

export interface Outbox {
  /** For the orchestrator: rejects as the tracker does; resolves once applied. Goes through rows like everything. */
  readonly writer: TrackerWriter;
  /** The rows to record in a transaction of the caller's; `release` sends them once that has been made durable. */
  rows(writes: readonly NewWrite[]): readonly OutboxWrite[];
  /** What to put into that transaction: each row and its audit entry, in order. */
  recording(writes: readonly OutboxWrite[]): readonly LedgerChange[];
  release(writes: readonly OutboxWrite[]): void;
  /** Settles when it has ended, with the row as it ended; the signal ends the waiting, not the write. */
  whenEnded(id: string, signal: AbortSignal): Promise<OutboxWrite>;
  /** Not sent yet and nobody wants it any more: it will not be. False = too late. */
  cancel(id: string, why: string): Promise<boolean>;
  /** Rows that have not ended. */
  open(): number;
  /** Looks up what the last daemon left, then goes on. */
  start(): Promise<void>;
  /** Lets what is on its way end, for a moment; the rest stays recorded. Never rejects. */
  close(): Promise<void>;
  onChange(listener: (write: OutboxWrite) => void): () => void;
}

// ---- mcp (src/tools/mcp) ----------------------------------------------------------------------

/** A tool as the listener offers it. */
export interface OfferedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of an object. */
  readonly input: JsonMap;
  /** It only reads: a hint for clients. */
  readonly readOnly: boolean;
}

/** JSON for the agent; `ok` false becomes `isError`. */
export interface ToolAnswer {
  readonly ok: boolean;
  readonly body: JsonMap;
}

/** What stands behind one run's token. */
export interface ToolSession {
  readonly runId: string;
  tools(): readonly OfferedTool[];
  /** Never rejects: bad arguments, refusals and failures are answers. `signal`: the client went away, or the run ended. */
  call(name: string, args: unknown, signal: AbortSignal): Promise<ToolAnswer>;
  /** A request was turned away before it became a call. Cheap, also a thousand times; outlives the run. */
  readonly turnedAway: TurnedAway;
}

/** @param tool as the agent called it; "" = not known. @param kind a ToolErrorKind. */
export type TurnedAway = (tool: string, kind: string) => void;

export interface ToolListener {
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  /** A fresh token (32 random bytes, base64url) for this session. */
  admit(session: ToolSession): {
    readonly token: string;
    /** Somebody has listed or called its tools: false at the end = the agent never reached them. */
    wasAsked(): boolean;
    revoke(): Promise<void>;
  };
  close(): Promise<void>;
}

// ---- audit ------------------------------------------------------------------------------------

/** What an entry is about beside its kind; what is left out is empty. */
export type AuditNote = Pick<AuditFacts, 'kind' | 'actor' | 'name'> & Partial<AuditFacts>;

/** Used inside of `ledger.apply` calls; cuts and redacts. */
export type ToAuditFacts = (note: AuditNote) => AuditFacts;

// ---- resolving --------------------------------------------------------------------------------

/** An action with its names resolved: what would be sent, and what was there. */
export interface ResolvedAction {
  readonly operation: WriteOperation;
  readonly details: JsonMap;
  /** One for most operations, one for each issue of a bulk creation. */
  readonly writes: readonly TrackerWrite[];
  readonly target: IssueRef | null;
  readonly before: SeenIssue | null;
  /** One sentence for people. */
  readonly summary: string;
  /** What the policy is asked: one for most, one for each issue of a bulk creation. */
  readonly facts: readonly ActionFacts[];
}
