// The port to a coding agent. *Session*: one conversation that may be resumed by its id. *Turn*: one
// prompt and everything the agent does until its terminal event. An adapter starts real processes
// through src/process and reports what happens as AgentEvents; whether to retry is the core's decision.

import type { ZodType } from 'zod';

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

/** The only error an agent adapter throws. `stderrTail` is bounded and shown at WARN. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly kind: AgentErrorKind;
  readonly exitCode: number | null;
  readonly stderrTail: string;

  constructor(
    kind: AgentErrorKind,
    detail: string,
    facts: { exitCode?: number | null; stderrTail?: string; cause?: unknown } = {},
  ) {
    super(`agent: ${kind}: ${detail}`, { cause: facts.cause });
    this.kind = kind;
    this.exitCode = facts.exitCode ?? null;
    this.stderrTail = facts.stderrTail ?? '';
  }
}

/** Increments since the last `token_usage` of the same session, never totals. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** "" when the agent does not say. */
  readonly model: string;
  /** USD; null when the agent does not report cost. */
  readonly costUsd: number | null;
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
  | { readonly kind: 'tool_result'; readonly name: string; readonly durationMs: number; readonly ok: boolean }
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
  /** A fresh UUID, for agents that let the caller name the session. */
  readonly newSessionId: string;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly attempt: number;
  readonly readTimeoutMs: number;
  /** Between the gentle and the hard end of a process. */
  readonly stopGraceMs: number;
  /** Called once for each process that is started, as soon as it has a pid. */
  readonly onProcess: (identity: ProcessIdentity) => void;
}

export interface AgentSession {
  /** May change when the agent reports its own (`session_started`). */
  readonly sessionId: string;
}

export interface TurnRequest {
  readonly prompt: string;
  /** Starts at 1 in each run. */
  readonly turn: number;
}

export interface AgentAdapter {
  /** Throws `agent_not_found`, `agent_config_error`, `invalid_workspace_cwd`, `response_timeout`, `port_exit`. */
  startSession(request: SessionRequest, signal: AbortSignal): Promise<AgentSession>;
  /**
   * Resolves when the turn has completed; throws AgentError otherwise (`turn_cancelled` when the signal
   * fired). When it settles, no process of the turn is left. A promise returned by `onEvent` is
   * back-pressure. The turn's time limit is the caller's signal.
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

/** What an agent adapter's module exports as `agent`. */
export interface AgentRegistration {
  readonly kind: string;
  /** Used when `agent.command` is not set; "" means that the user must set it. */
  readonly defaultCommand: string;
  /** Environment names (a trailing `*` is a prefix) that this agent needs from the daemon's own. */
  readonly passEnv: readonly string[];
  /** Checks the pass-through block named after the kind. Keys are snake_case as users write them. */
  readonly settingsSchema: ZodType<Record<string, unknown>>;
  /** null = can start here; otherwise one line: what is missing and what to do. No process that stays. */
  checkCommand(command: string, env: Readonly<Record<string, string>>): Promise<string | null>;
  create(): AgentAdapter;
}
