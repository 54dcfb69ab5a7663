// The ports between agents' tools and everybody else: what a run is given, what the HTTP API and the commands may ask,
// and how a tracker brings tools of its own. The MCP server, policy, approvals and outbox stand behind them.

import type { ZodType } from 'zod';
import type { Approval, ApprovalPage, ApprovalQuery } from './approval.ts';
import type { AuditEntry, AuditHead, AuditVerdict } from './audit.ts';
import type { Issue } from './issue.ts';
import type { OutboxPage, OutboxQuery } from './outbox.ts';
import type { JsonMap, ReadOperation, ToolOperation, WriteAction } from './tool-operations.ts';
import type { Person, PolicyVerdict, ToolSettings } from './tool-policy.ts';
import type { TrackerSchema } from './tracker-capabilities.ts';
import type { TrackerAdapter } from './tracker.ts';

/** Reserved: nobody's own `mcp_config` may have a server of this name. */
export const TOOL_SERVER_NAME = 'sortie-tools';

/** How an agent reaches the tools of its run. */
export interface ToolServer {
  readonly name: typeof TOOL_SERVER_NAME;
  /** Streamable HTTP on loopback. */
  readonly url: string;
  /** Secret: `Authorization: Bearer …`. Dead when the run ends. Never in argv; files that hold it are the owner's. */
  readonly token: string;
  /** The same by stdio, for agents that take no other: `env` names the file that holds address and token. */
  readonly stdio: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** A call may take so long: the wait for a person, and a margin. */
  readonly callTimeoutMs: number;
  /** Somebody has listed or called them: still false after a turn = the agent never found them. Absent = not known. */
  readonly wasAsked?: (() => boolean) | undefined;
}

/** One run's access, from the start of its session to its end. */
export interface RunTools {
  readonly server: ToolServer;
  /** For the first prompt: what there is, and what people have decided since the last run; "" = nothing to say. */
  readonly briefing: string;
  /**
   * The agent has read the briefing: a turn that began with it has ended well. Until then, what it says of decisions is
   * said to the issue's next run again. Never rejects.
   */
  heard(): Promise<void>;
  /** The token is dead when it returns; calls under way are told `run_ended`. Never rejects. */
  close(): Promise<void>;
}

export interface ToolRunRequest {
  readonly runId: string;
  readonly issue: Issue;
  readonly attempt: number;
  readonly agentKind: string;
  readonly maxTurns: number;
  /** Absolute, outside of the workspace, removed after the run. */
  readonly privateDirectory: string;
  /** It connects by itself: one that never does is worth a word. */
  readonly connects: boolean;
  /**
   * A call has begun, still goes on (each half minute) or has ended: silence of the agent is no stall then, also where it
   * reports a tool only when it is over. One line for people.
   */
  readonly onActivity: (message: string) => void;
  /** Aborted when the run is cancelled: nothing is sent for it any more. */
  readonly signal: AbortSignal;
}

export interface ToolHost {
  /** null = tools are switched off, or could not be opened (said in the log). Never rejects. */
  open(request: ToolRunRequest): Promise<RunTools | null>;
}

// ---- a tracker's own tools ----------------------------------------------------------------------

/** What a tool of a tracker is given at each call. */
export interface ToolPlace {
  /** The run's issue. */
  readonly issue: Issue;
  /** The projects that it may touch, upper-cased; null = all. */
  readonly projects: readonly string[] | null;
  /** null = not known (yet). */
  readonly schema: TrackerSchema | null;
}

/**
 * What a call comes down to. Nothing has been sent yet when it is given back: scope and policy are judged by
 * `operation`, `projects` and `issueKeys` first.
 */
export type ToolPlan =
  | {
      readonly kind: 'read';
      readonly operation: ReadOperation;
      /** Upper-cased keys of projects that are named; a search that is bounded by `ToolPlace.projects` names none. */
      readonly projects: readonly string[];
      /** Issues that are named, by key or id. */
      readonly issueKeys: readonly string[];
      /** JSON. Rejects with TrackerError, or ToolFault for what only the answer shows. */
      readonly run: (signal: AbortSignal) => Promise<unknown>;
    }
  /** In order; each is judged by itself, and none is begun when one is denied. */
  | { readonly kind: 'write'; readonly actions: readonly WriteAction[] };

/** A call that makes no sense; thrown by `plan` and by a plan's `run`. `kind` is a ToolErrorKind or a TrackerErrorKind. */
export class ToolFault extends Error {
  override readonly name = 'ToolFault';
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface TrackerTool {
  /** e.g. `atlassian_jira_search`; letters, digits and `_`. */
  readonly name: string;
  readonly title: string;
  /** One line for the prompt. */
  readonly summary: string;
  /** What the agent's model reads; with the site's own names when `schema` is known. */
  describe(schema: TrackerSchema | null): string;
  /** Strict: unknown fields are refused. Field descriptions are part of what the model reads. */
  readonly input: ZodType<Record<string, unknown>>;
  /** What it may come down to. */
  readonly operations: readonly ToolOperation[];
  /** Synchronous and without I/O. @param args checked by `input`. Throws ToolFault. */
  plan(args: Record<string, unknown>, place: ToolPlace): ToolPlan;
}

/** Without it, agents have only the tools that every tracker has. */
export interface ToolsCapability {
  /** The same for the adapter's life. */
  tools(): readonly TrackerTool[];
}

export function hasTools(adapter: TrackerAdapter): adapter is TrackerAdapter & ToolsCapability {
  return typeof (adapter as Partial<ToolsCapability>).tools === 'function';
}

// ---- people ------------------------------------------------------------------------------------

/** As a person decides it. */
export interface ApprovalDecision {
  readonly status: 'approved' | 'rejected';
  /** Replaces these fields of the details; null takes one out. {} = nothing. */
  readonly modifiedDetails: JsonMap;
  readonly decisionNote: string;
}

export type DecisionAnswer =
  | { readonly kind: 'decided'; readonly approval: Approval }
  | {
      readonly kind: 'refused';
      /**
       * 404 `approval_not_found`, 409 `already_decided`, 403 `not_in_group`, 422 `policy_denied` (the policy denies what
       * it was edited into), 422 `invalid_details`, 503 `store_failed`, 502 `tracker_failed` (what it was edited into
       * could not be looked up: nothing has changed, decide again).
       */
      readonly code:
        | 'approval_not_found'
        | 'already_decided'
        | 'not_in_group'
        | 'policy_denied'
        | 'invalid_details'
        | 'store_failed'
        | 'tracker_failed';
      readonly message: string;
      /** With `already_decided`: how. */
      readonly approval: Approval | null;
    };

/** What an agent's model would be shown, and what the policy says to it. */
export interface ToolListing {
  readonly tools: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    /** JSON Schema. */
    readonly input: JsonMap;
    readonly operations: readonly ToolOperation[];
  }[];
  readonly settings: ToolSettings;
  /** When the site's schema was read; null = not (yet). */
  readonly schemaAtMs: number | null;
  readonly schemaError: string;
  /** `http://127.0.0.1:PORT/mcp`; "" = off. */
  readonly url: string;
}

export interface PolicyQuestion {
  readonly operation: ToolOperation;
  readonly details: JsonMap;
  /** As if asked by a run on this issue; "" = any other. */
  readonly issueIdentifier: string;
}

/** What the HTTP API and the commands may ask. */
export interface ToolsView {
  approvals(query: ApprovalQuery): Promise<ApprovalPage>;
  approval(id: string): Promise<Approval | null>;
  decide(id: string, decision: ApprovalDecision, person: Person): Promise<DecisionAnswer>;
  /** Of the last count; cheap. */
  pendingApprovals(): number;
  outbox(query: OutboxQuery): Promise<OutboxPage>;
  openWrites(): number;
  auditHead(): Promise<AuditHead>;
  audit(afterSeq: number, limit: number): Promise<readonly AuditEntry[]>;
  verifyAudit(signal: AbortSignal): Promise<AuditVerdict>;
  listing(): ToolListing;
  /** Reads the site's schema anew; the message says what was found. */
  refreshSchema(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly message: string }>;
  /** Rejects with ToolFault for a name that the site is known not to have. */
  explainPolicy(question: PolicyQuestion): Promise<PolicyVerdict>;
  /** Called when a proposal or a write has changed. */
  onChange(listener: () => void): () => void;
}
