// One run: a worker's single attempt at one issue. RunSpec is plain data so that a worker on another
// machine could do it; RunEvent is what it reports; RunExit is how it ended. A run reports facts and
// never decides what follows: that is the core's disposition table.

import type {
  AgentErrorKind,
  AgentEvent,
  AgentFailureReason,
  ProcessIdentity,
  SessionUsage,
} from './agent.ts';
import type { Issue } from './issue.ts';
import type { PromptTemplate, Settings } from './settings.ts';
import type { TrackerErrorKind } from './tracker.ts';

export const RUN_PHASES = [
  'checking',
  'dispatch_transition',
  'dispatch_comment',
  'preparing_workspace',
  'building_prompt',
  'launching_agent',
  'initializing_session',
  'streaming_turn',
  'finishing',
] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export interface RunRef {
  readonly runId: string;
  readonly issueId: string;
}

/** Everything a worker needs; the settings are those at dispatch. */
export interface RunSpec {
  /** UUID, durable before any process is spawned. */
  readonly runId: string;
  /** From the by-id read made just before the start, with comments. */
  readonly issue: Issue;
  /** 0 on the first try. */
  readonly attempt: number;
  /** The kind that the core chose; `settings.agent.kind` is the same. */
  readonly agentKind: string;
  readonly resumeSessionId: string | null;
  /** What the session to resume has used before; null with a new one. */
  readonly sessionUsage: SessionUsage | null;
  /** Runs in a row that ended well without any evidence of work; > 0 = the prompt says so. */
  readonly emptyRuns: number;
  /** Where this issue's workspace was made before; used while that folder exists. */
  readonly recordedWorkspacePath: string | null;
  /** An operator asked for this run: a missing `tracker.required_labels` ends nothing. Absent = false. */
  readonly labelsOverruled?: boolean | undefined;
  readonly settings: Pick<Settings, 'tracker' | 'hooks' | 'agent' | 'workspaceRoot'>;
  readonly prompt: PromptTemplate;
  readonly secretEnvNames: readonly string[];
}

/** Reported while a run goes on; each is a fact in the past tense. */
export type RunEvent =
  | { readonly kind: 'phase_entered'; readonly phase: RunPhase }
  | { readonly kind: 'workspace_ready'; readonly path: string; readonly created: boolean }
  | { readonly kind: 'process_started'; readonly identity: ProcessIdentity }
  | { readonly kind: 'turn_started'; readonly turn: number }
  | { readonly kind: 'turn_finished'; readonly turn: number }
  | { readonly kind: 'agent_event'; readonly event: AgentEvent }
  /** The agent does not know this session (any more): it is forgotten, and a fresh one follows. */
  | { readonly kind: 'session_lost'; readonly sessionId: string }
  /** Our own write to the tracker was confirmed; `state` when it was a transition. */
  | { readonly kind: 'tracker_write_confirmed'; readonly state: string | null }
  /** The look after a turn. */
  | { readonly kind: 'state_observed'; readonly state: string }
  /** We coped; a person may want to know. */
  | { readonly kind: 'warning'; readonly message: string; readonly detail: string };

export type RunErrorKind =
  | AgentErrorKind
  | TrackerErrorKind
  | 'workspace_refused'
  | 'workspace_error'
  | 'hook_failed'
  | 'hook_timeout'
  | 'template_render_error'
  /** The worker itself broke, or its executor lost it. */
  | 'worker_crashed'
  | 'executor_busy';

export interface RunFailure {
  readonly kind: RunErrorKind;
  /** One line, no secrets. */
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** What more an agent's failure says. */
  readonly reason?: AgentFailureReason | null | undefined;
  /** With `quota`: see AgentErrorFacts. */
  readonly resetAtMs?: number | null | undefined;
}

/** What a run left behind that shows that something was done; looked for when it ended well. */
export interface Evidence {
  /** A branch or HEAD of a repository in the workspace moved. */
  readonly commit: boolean;
  /** Files of the workspace changed, appeared or went. */
  readonly changes: boolean;
  /** Successful calls of tools that write. */
  readonly toolWrites: number;
  /** The agent wrote `no-change-needed` to `.sortie/status`. */
  readonly declared: boolean;
  /** The workspace could not be looked at as a whole (too large, unreadable): nobody knows. */
  readonly unknown: boolean;
  /** One line for people, e.g. `commit on main; 3 files changed`; "nothing" when there is none. */
  readonly summary: string;
}

/** Why a run ended without an error. */
export type NormalEnd =
  | 'turns_used_up'
  /** The tracker says the issue is no longer in an active state, or does not exist. */
  | 'not_active'
  /** A required label went away: no further turn was bought. */
  | 'label_missing'
  /** The tracker could not be asked three times in a row; no turn is bought on an unknown state. */
  | 'state_unknown'
  | 'status_blocked'
  | 'status_needs_human_review';

/** `budget`: a limit of `agent.budget` was crossed. */
export type CancelReason =
  'stalled' | 'terminal' | 'not_active' | 'shutdown' | 'lost' | 'operator' | 'budget';

export type RunExit =
  | {
      readonly kind: 'normal';
      readonly end: NormalEnd;
      /** As last looked up; null when unknown. */
      readonly state: string | null;
      /** null = not looked for (`agent.evidence: off`, or an end that needs none). */
      readonly evidence: Evidence | null;
    }
  | { readonly kind: 'failed'; readonly failure: RunFailure }
  /** The first reason wins. */
  | { readonly kind: 'cancelled'; readonly reason: CancelReason };

/** A run's handler on the worker's side. Never rejects; settles when nothing of the run is left running. */
export type RunHandler = (
  spec: RunSpec,
  report: (event: RunEvent) => void | Promise<void>,
  /** Its `reason` is a CancelReason. */
  signal: AbortSignal,
) => Promise<RunExit>;

export type Cursor = number;
export type Stop = () => void;

export interface RunReport extends RunRef {
  readonly attempt: number;
  readonly cursor: Cursor;
  readonly body:
    | { readonly kind: 'progress'; readonly event: RunEvent }
    | { readonly kind: 'ended'; readonly exit: RunExit };
}

export type ActiveRun = RunRef;

/** The orchestrator's side of the seam behind which runs may one day execute on other machines. */
export interface RunExecutor {
  /** Key = issue, id = run id: the same run twice is `duplicate`, no room is `busy`. */
  submit(spec: RunSpec): Promise<'accepted' | 'duplicate' | 'busy'>;
  /** Returns once the wish is recorded; the run ends with an `ended` report. */
  cancel(ref: RunRef, reason: CancelReason): Promise<void>;
  /** At least once, in order within a run. A promise that `take` returns holds the reporting runs back. */
  events(after: Cursor, take: (batch: readonly RunReport[]) => void | Promise<void>): Stop;
  /** What really runs. */
  active(): Promise<readonly ActiveRun[]>;
}

/** The worker's side; in-process today. */
export interface RunHost {
  work(slots: number, run: RunHandler): Stop;
}
