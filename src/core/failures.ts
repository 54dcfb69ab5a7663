// What each way to fail, and each way to be stopped, is recorded as and leads to. Tables and nothing else: every kind
// and every reason has its row, so that a new one does not compile until somebody decides.

import type {
  AgentFailureReason,
  CancelReason,
  ParkReason,
  RetryTrigger,
  RunErrorKind,
  RunFailure,
  RunStatus,
} from '../contract/index.ts';

export type Next =
  /** Move to `handoff_state`; `onRefusal` says what follows when the tracker will not. */
  | { readonly kind: 'hand_off'; readonly onRefusal: 'retry' | 'park' }
  /** The same session goes on soon. */
  | { readonly kind: 'continue' }
  /** The same, because nothing was found that shows work; `lack` says so. Too often, and it is parked. */
  | { readonly kind: 'continue_empty'; readonly lack: string }
  | {
      readonly kind: 'retry';
      readonly trigger: RetryTrigger;
      readonly countsAsFailure: boolean;
      /** The session is what failed: the next run begins a fresh one. */
      readonly forgetsSession?: true;
    }
  | { readonly kind: 'park'; readonly reason: ParkReason }
  /** Parked until the agent may be used again, and nobody else is started with it before. */
  | { readonly kind: 'wait_for_quota' }
  /** An operator has cancelled it: parked until `unhold`. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'release'; readonly why: string }
  /** Remove the workspace, then release. */
  | { readonly kind: 'clean' }
  /** Dispatched again at once, or at the next start when shutting down. */
  | { readonly kind: 'resume' };

export interface Row {
  readonly status: RunStatus;
  readonly next: Next;
}

const RETRY: Next = { kind: 'retry', trigger: 'error', countsAsFailure: true };
const RETRIED: Row = { status: 'failed', next: RETRY };
const RETRIED_AFRESH: Row = { status: 'failed', next: { ...RETRY, forgetsSession: true } };

function parked(reason: ParkReason): Row {
  return { status: 'failed', next: { kind: 'park', reason } };
}

const ERRORS: Readonly<Record<RunErrorKind, Row>> = {
  agent_not_found: parked('agent_error'),
  agent_config_error: parked('agent_error'),
  invalid_workspace_cwd: parked('workspace_refused'),
  turn_input_required: parked('input_required'),
  turn_timeout: { status: 'timed_out', next: RETRY },
  response_timeout: { status: 'timed_out', next: RETRY },
  port_exit: RETRIED,
  response_error: RETRIED,
  turn_failed: RETRIED,
  turn_cancelled: RETRIED,
  workspace_refused: parked('workspace_refused'),
  workspace_error: RETRIED,
  hook_failed: RETRIED,
  hook_timeout: RETRIED,
  template_render_error: RETRIED,
  worker_crashed: RETRIED,
  // Nothing ran: it is no session of the issue's.
  executor_busy: { status: 'interrupted', next: { kind: 'retry', trigger: 'timer', countsAsFailure: false } },
  tracker_transport_error: RETRIED,
  tracker_auth_error: RETRIED,
  tracker_api_error: RETRIED,
  tracker_not_found: RETRIED,
  tracker_payload_error: RETRIED,
  tracker_missing_end_cursor: RETRIED,
  unsupported_tracker_kind: RETRIED,
  missing_tracker_api_key: RETRIED,
  missing_tracker_project: RETRIED,
};

/** Decides before the kind does; null = the kind decides. */
const REASONS: Readonly<Record<AgentFailureReason, Row | null>> = {
  quota: { status: 'interrupted', next: { kind: 'wait_for_quota' } },
  budget: parked('budget'),
  // The agent's own limit ended the turn, not the work: the same session goes on.
  turn_limit: RETRIED,
  authentication: parked('agent_error'),
  context_overflow: RETRIED_AFRESH,
  permission_refused: parked('input_required'),
  input_required: parked('input_required'),
  session_unknown: RETRIED_AFRESH,
  service_error: null,
  crash: null,
  truncated_output: null,
};

export const CANCELS: Readonly<Record<CancelReason, Row>> = {
  stalled: { status: 'stalled', next: { kind: 'retry', trigger: 'stall', countsAsFailure: true } },
  terminal: { status: 'cancelled', next: { kind: 'clean' } },
  not_active: { status: 'cancelled', next: { kind: 'release', why: 'not active' } },
  shutdown: { status: 'interrupted', next: { kind: 'resume' } },
  lost: { status: 'interrupted', next: { kind: 'resume' } },
  operator: { status: 'cancelled', next: { kind: 'hold' } },
  budget: { status: 'cancelled', next: { kind: 'park', reason: 'budget' } },
};

export function rowOfFailure({ kind, reason = null }: RunFailure): Row {
  return (reason === null ? null : REASONS[reason]) ?? ERRORS[kind];
}

/** Whoever is started next with this agent would fail in the same way. */
export function isAgentRefusal(next: Next): boolean {
  return next.kind === 'park' && next.reason === 'agent_error';
}
