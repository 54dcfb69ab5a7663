// What follows the end of a run: the contract's disposition table, and nothing else. Pure: the same exit under
// the same settings always gives the same answer, and every exit has one, so that no path can forget a claim.

import type {
  CancelReason,
  CoreSettings,
  ExitType,
  NormalEnd,
  ParkReason,
  RetryTrigger,
  RunErrorKind,
  RunExit,
  RunStatus,
} from '../contract/index.ts';
import { isActive, isTerminal } from './eligibility.ts';

export type Next =
  /** Move to `handoff_state`; `onRefusal` says what follows when the tracker will not. */
  | { readonly kind: 'hand_off'; readonly onRefusal: 'retry' | 'park' }
  /** The same session goes on soon. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'retry'; readonly trigger: RetryTrigger; readonly countsAsFailure: boolean }
  | { readonly kind: 'park'; readonly reason: ParkReason }
  | { readonly kind: 'release'; readonly why: string }
  /** Remove the workspace, then release. */
  | { readonly kind: 'clean' }
  /** Dispatched again at once, or at the next start when shutting down. */
  | { readonly kind: 'resume' };

export interface Disposition {
  readonly status: RunStatus;
  readonly exitType: ExitType;
  readonly error: string;
  readonly next: Next;
}

type ErrorRow = { readonly status: RunStatus; readonly next: Next };

const RETRY: Next = { kind: 'retry', trigger: 'error', countsAsFailure: true };
const RETRIED: ErrorRow = { status: 'failed', next: RETRY };

function parked(reason: ParkReason): ErrorRow {
  return { status: 'failed', next: { kind: 'park', reason } };
}

/** Every kind has its row: a new kind does not compile until somebody decides. */
const ERRORS: Readonly<Record<RunErrorKind, ErrorRow>> = {
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

const CANCELS: Readonly<Record<CancelReason, ErrorRow>> = {
  stalled: { status: 'stalled', next: { kind: 'retry', trigger: 'stall', countsAsFailure: true } },
  terminal: { status: 'cancelled', next: { kind: 'clean' } },
  not_active: { status: 'cancelled', next: { kind: 'release', why: 'not active' } },
  shutdown: { status: 'interrupted', next: { kind: 'resume' } },
  lost: { status: 'interrupted', next: { kind: 'resume' } },
  operator: { status: 'cancelled', next: { kind: 'release', why: 'cancelled by an operator' } },
};

/**
 * @param stopping why the run was told to stop, if it was. A run that ended by itself in the same moment has
 *   still ended well, but an issue that has left the active states stays left.
 */
export function disposeOf(exit: RunExit, stopping: CancelReason | null, settings: CoreSettings): Disposition {
  if (exit.kind === 'cancelled') return cancelled(stopping ?? exit.reason);
  if (stopping === 'terminal' || stopping === 'not_active' || stopping === 'operator')
    return cancelled(stopping);
  if (exit.kind === 'failed') {
    if (stopping !== null) return cancelled(stopping);
    const row = ERRORS[exit.failure.kind];
    return { ...row, exitType: 'error', error: exit.failure.message };
  }
  return { exitType: 'normal', error: '', ...normal(exit.end, exit.state, settings) };
}

function cancelled(reason: CancelReason): Disposition {
  const row = CANCELS[reason];
  const exitType = reason === 'stalled' ? 'error' : 'cancelled';
  return { ...row, exitType, error: reason === 'stalled' ? 'stalled: no agent event in time' : '' };
}

function normal(end: NormalEnd, issueState: string | null, settings: CoreSettings): ErrorRow {
  const left = issueState !== null && !isActive(issueState, settings);
  if (left || end === 'not_active') {
    const terminal = issueState !== null && isTerminal(issueState, settings);
    return {
      status: statusOf(end),
      next: terminal ? { kind: 'clean' } : { kind: 'release', why: 'not active' },
    };
  }
  const handsOff = settings.tracker.handoffState !== '';
  switch (end) {
    case 'turns_used_up':
      return {
        status: 'succeeded',
        next: handsOff ? { kind: 'hand_off', onRefusal: 'retry' } : { kind: 'continue' },
      };
    case 'state_unknown':
      return { status: 'succeeded', next: { kind: 'continue' } };
    case 'label_missing':
      // A person took the label off to stop the work: nothing is handed off on their behalf.
      return { status: 'cancelled', next: { kind: 'release', why: 'required label missing' } };
    case 'status_blocked':
      return { status: 'blocked', next: { kind: 'park', reason: 'blocked' } };
    case 'status_needs_human_review':
      return {
        status: 'needs_human_review',
        next: handsOff
          ? { kind: 'hand_off', onRefusal: 'park' }
          : { kind: 'park', reason: 'needs_human_review' },
      };
  }
}

function statusOf(end: NormalEnd): RunStatus {
  if (end === 'status_blocked') return 'blocked';
  if (end === 'status_needs_human_review') return 'needs_human_review';
  return 'succeeded';
}
