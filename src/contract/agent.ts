// The port to a coding agent. *Session*: one conversation that may be resumed by its id. *Turn*: one
// prompt and everything the agent does until its terminal event. An adapter starts real processes
// through src/process and reports what happens as AgentEvents; whether to retry is the core's decision.

import type { ZodType } from 'zod';
import type { ToolServer } from './agent-tools.ts';

export const AGENT_ERROR_KINDS = [
  'agent_not_found',
  'agent_config_error',
  'invalid_workspace_cwd',
  'response_timeout',
  'turn_timeout',
  'port_exit',
  'response_error',
  'turn_failed',
  'turn_cancelled',
  'turn_input_required',
] as const;

/**
 * Closed list. `agent_config_error` is the agent refusing to work until its credentials or configuration
 * change (sysexits EX_CONFIG, 78); with `agent_not_found` and `invalid_workspace_cwd` it is never retried.
 */
export type AgentErrorKind = (typeof AGENT_ERROR_KINDS)[number];

export const AGENT_FAILURE_REASONS = [
  /** A usage limit of the subscription, or a rate limit that outlasted the agent's own retries. */
  'quota',
  /** The agent's own spending limit (`claude-code.max_budget_usd`). */
  'budget',
  /** The agent's own turn limit (`claude-code.max_turns`, `gemini-cli.max_session_turns`). */
  'turn_limit',
  'authentication',
  'context_overflow',
  /** The last tool call of the turn was refused, and nobody is there to allow it. */
  'permission_refused',
  'input_required',
  /** The session to resume is unknown to the agent: nothing was done. */
  'session_unknown',
  /** The model's service failed (HTTP 5xx, overload). */
  'service_error',
  /** The process ended without a terminal event. */
  'crash',
  /** The same, and its output ended in the middle, or with exit code 0. */
  'truncated_output',
] as const;

/** What more is known about a failure than its kind; closed list. The core decides what follows. */
export type AgentFailureReason = (typeof AGENT_FAILURE_REASONS)[number];

export interface AgentErrorFacts {
  readonly exitCode?: number | null;
  readonly stderrTail?: string;
  readonly cause?: unknown;
  /** null = nothing more than the kind is known. */
  readonly reason?: AgentFailureReason | null;
  /** With `quota`: when the agent says that it may go on, milliseconds since the epoch; null = it does not say. */
  readonly resetAtMs?: number | null;
}

/** The only error an agent adapter throws. `stderrTail` is bounded and shown at WARN. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly kind: AgentErrorKind;
  readonly reason: AgentFailureReason | null;
  readonly resetAtMs: number | null;
  readonly exitCode: number | null;
  readonly stderrTail: string;

  constructor(kind: AgentErrorKind, detail: string, facts: AgentErrorFacts = {}) {
    super(`agent: ${kind}: ${detail}`, { cause: facts.cause });
    this.kind = kind;
    this.reason = facts.reason ?? null;
    this.resetAtMs = facts.resetAtMs ?? null;
    this.exitCode = facts.exitCode ?? null;
    this.stderrTail = facts.stderrTail ?? '';
  }
}

/** What a session has used so far: the sum of the `token_usage` increments that its adapter has sent. */
export interface SessionUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** USD that the agent itself reported; 0 when it reports none. */
  readonly costUsd: number;
}

/** Increments since the last `token_usage` of the same session, never totals; never negative. */
export interface TokenUsage {
  /** Not read from a cache; tokens that were written to one are among them. */
  readonly inputTokens: number;
  /** With reasoning. */
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** Those of `inputTokens` that were written to a cache, which has a price of its own; absent = 0. */
  readonly cacheWriteTokens?: number | undefined;
  /** "" when the agent does not say. */
  readonly model: string;
  /**
   * USD that the agent reported, for everything in this turn since it last reported any; null when it says nothing
   * here. What was estimated meanwhile is replaced by it; what a turn never reported stays estimated.
   */
  readonly costUsd: number | null;
}

/** One window of a usage limit, as the agent last reported it. */
export interface RateLimitWindow {
  /** The agent's own name for it, e.g. `five_hour`, `primary`. */
  readonly name: string;
  /** 0 to 100, more when it was overdrawn; null when unknown. */
  readonly usedPercent: number | null;
  readonly resetsAtMs: number | null;
}

export type AgentEvent =
  | { readonly kind: 'session_started'; readonly sessionId: string }
  | { readonly kind: 'startup_failed'; readonly message: string }
  | { readonly kind: 'turn_completed' }
  | { readonly kind: 'turn_failed'; readonly message: string }
  | { readonly kind: 'turn_cancelled'; readonly message: string }
  | { readonly kind: 'turn_ended_with_error'; readonly message: string }
  | { readonly kind: 'turn_input_required'; readonly message: string }
  | { readonly kind: 'approval_auto_approved'; readonly message: string }
  | { readonly kind: 'unsupported_tool_call'; readonly name: string }
  | ({ readonly kind: 'token_usage' } & TokenUsage)
  /** The tool is in flight until a `tool_result` with the same `callId`, or until the turn ends. */
  | { readonly kind: 'tool_started'; readonly callId: string; readonly name: string }
  | {
      readonly kind: 'tool_result';
      /** "" or absent when its start was not reported. */
      readonly callId?: string | undefined;
      readonly name: string;
      readonly durationMs: number;
      readonly ok: boolean;
      /** The tool changes files or other things in the world (not: a shell, of which nobody knows). Absent = false. */
      readonly writes?: boolean | undefined;
    }
  | { readonly kind: 'rate_limits'; readonly windows: readonly RateLimitWindow[] }
  | { readonly kind: 'notification'; readonly message: string }
  | { readonly kind: 'other_message'; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

export type AgentEventKind = AgentEvent['kind'];

/** Enough to find a process again after the daemon died, and to know that it is the same one. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly processGroup: number;
  /** Opaque; compared for equality (on Linux: boot id and start time of /proc/PID/stat). */
  readonly startTime: string;
}

export interface SessionRequest {
  /** Absolute real path; the agent's cwd. */
  readonly workspacePath: string;
  /** An absolute folder outside of the workspace for prompt files and the like; removed after the run. */
  readonly privateDirectory: string;
  /** The whole environment of the agent's processes (already allow-listed; holds no daemon secret). */
  readonly env: Readonly<Record<string, string>>;
  /** `SORTIE_RUN_ID`: put into every process's environment so that strays are found. */
  readonly runId: string;
  /** `agent.command`, or the adapter's default. */
  readonly command: string;
  /** The adapter's own checked block. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The session to go on with; null starts a new one. */
  readonly resumeSessionId: string | null;
  /** What the session to resume has used before; null with a new session. Agents that report totals go on from it. */
  readonly sessionUsage: SessionUsage | null;
  /** A fresh UUID, for agents that let the caller name the session. */
  readonly newSessionId: string;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly attempt: number;
  readonly readTimeoutMs: number;
  /** Between the gentle and the hard end of a process. */
  readonly stopGraceMs: number;
  /** To be given to the agent beside the operator's own MCP servers; null = none. */
  readonly tools: ToolServer | null;
  /** Called once for each process that is started, as soon as it has a pid. */
  readonly onProcess: (identity: ProcessIdentity) => void;
  /** Given each raw line that goes to or comes from the agent, for the run's transcript. Never throws, never waits. */
  readonly onLine: (stream: AgentStream, line: string) => void;
}

/** `input` = what we write to the agent. */
export type AgentStream = 'stdout' | 'stderr' | 'input';

export interface AgentSession {
  /** "" until the agent has named it; it may change when the agent reports its own (`session_started`). */
  readonly sessionId: string;
}

export interface TurnRequest {
  readonly prompt: string;
  /** Starts at 1 in each run. */
  readonly turn: number;
}

export interface AgentAdapter {
  /**
   * Throws `agent_not_found`, `agent_config_error`, `invalid_workspace_cwd`, `response_timeout`, `port_exit`. Where the
   * agent has a cheap check of its credentials, it is made here (`agent_config_error`, reason `authentication`). An
   * unknown `resumeSessionId` is an error with reason `session_unknown`, here or in the first turn.
   */
  startSession(request: SessionRequest, signal: AbortSignal): Promise<AgentSession>;
  /**
   * Resolves when the turn has completed; throws AgentError otherwise (`turn_cancelled` when the signal
   * fired). When it settles, no process of the turn is left but one that serves the whole session. A promise returned
   * by `onEvent` is back-pressure. The turn's time limit is the caller's signal.
   */
  runTurn(
    session: AgentSession,
    turn: TurnRequest,
    onEvent: (event: AgentEvent) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Never throws; ends whatever still runs. */
  stopSession(session: AgentSession): Promise<void>;
}

/** How the process of a turn ended, for those who judge by its output. */
export interface OutputEnd {
  /** null when a signal ended it, or when it still runs (an agent that serves many turns). */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The output ended without a line end. */
  readonly unterminatedLastLine: boolean;
  /** Head and tail. */
  readonly stderrText: string;
}

/** What a turn's terminal event (or, where there is none, its exit) says. */
export type TurnVerdict =
  | { readonly kind: 'completed' }
  | {
      readonly kind: 'failed';
      readonly error: AgentErrorKind;
      readonly reason: AgentFailureReason | null;
      /** One line. */
      readonly detail: string;
      readonly resetAtMs?: number | null | undefined;
    };

/**
 * Turns one agent's raw output of one session into events: the only place that knows its lines. Pure: no I/O and no
 * clock. It holds what must last between turns (usage totals, tools in flight).
 */
export interface OutputReader {
  /** @param line without its line end; anything, JSON or not. @param atMs monotonic, for durations. Never throws. */
  take(line: string, atMs: number): readonly AgentEvent[];
  /** The terminal event of the turn was read: what follows belongs to the next one. */
  isTurnOver(): boolean;
  /**
   * The turn is over, by its terminal event or by the end of the output. Gives what was held back, and the verdict;
   * null = the output does not say (then it is a crash, or cut). The reader is ready for the next turn.
   */
  endTurn(end: OutputEnd, atMs: number): { events: readonly AgentEvent[]; verdict: TurnVerdict | null };
}

export interface ReaderContext {
  /** See SessionRequest. */
  readonly sessionUsage: SessionUsage | null;
  /** "" when a new session will be named by the agent. */
  readonly sessionId: string;
}

/** What an agent adapter's module exports as `agent`. */
export interface AgentRegistration {
  readonly kind: string;
  /** Used when `agent.command` is not set; "" means that the user must set it. */
  readonly defaultCommand: string;
  /** Environment names (a trailing `*` is a prefix) that this agent needs from the daemon's own. */
  readonly passEnv: readonly string[];
  /** Checks the pass-through block named after the kind. Keys are snake_case as users write them. */
  readonly settingsSchema: ZodType<Record<string, unknown>>;
  /** Keys of the block that are paths (resolved against WORKFLOW.md) unless their text begins with `{`. */
  readonly pathSettings?: readonly string[];
  /**
   * How it takes the tools of a run. `stdio`: the way to them stands in its environment, and whether it goes there is its
   * own affair. `none`: it gets none, and its prompt names none.
   */
  readonly tools: 'http' | 'stdio' | 'none';
  /** When token usage is reported: a budget can stop a turn only then. */
  readonly usage: 'live' | 'turn_end' | 'none';
  /** Whether it reports its own cost; otherwise `token_rates` must give an estimate. */
  readonly cost: 'reported' | 'none';
  /**
   * null = can start here; otherwise one line: what is missing and what to do. No process that stays.
   * @param settings the adapter's own checked block; absent when it is not known.
   */
  checkCommand(
    command: string,
    env: Readonly<Record<string, string>>,
    settings?: Readonly<Record<string, unknown>>,
  ): Promise<string | null>;
  /** One for the daemon's life: it may remember credentials that were found good. */
  create(): AgentAdapter;
  /** Of a session, for whoever plays a recorded transcript. Absent: its output cannot be played. */
  createReader?(context: ReaderContext): OutputReader;
}
