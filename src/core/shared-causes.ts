// What each way to fail says of the cause that all runs share (the disk, the service, the hooks, the tracker), as
// opposed to what one issue asks for. A table and nothing else: a new kind or reason does not compile until somebody
// decides. The breaker counts by it.

import type { AgentFailureReason, RunErrorKind, RunFailure } from '../contract/index.ts';

/**
 * `shared`: no issue's own content explains it. `own`: the agent was at work, so whatever all runs share is sound.
 * `silent`: it says nothing of either, or something else already holds everybody back for it.
 */
export type Blame = 'shared' | 'own' | 'silent';

const KINDS: Readonly<Record<RunErrorKind, Blame>> = {
  // One issue is parked for these, and everybody else waits for it.
  agent_not_found: 'silent',
  agent_config_error: 'silent',
  // Parked, each by its own identifier or folder.
  invalid_workspace_cwd: 'silent',
  workspace_refused: 'silent',
  // The disk is full, the root is not writable, the scripts and the template are the same for all.
  workspace_error: 'shared',
  hook_failed: 'shared',
  hook_timeout: 'shared',
  template_render_error: 'shared',
  // The agent does not answer, or dies before it has said how its turn ended.
  response_timeout: 'shared',
  response_error: 'shared',
  port_exit: 'shared',
  worker_crashed: 'shared',
  // It worked, and this issue was too much for it, or it needs a person.
  turn_failed: 'own',
  turn_timeout: 'own',
  turn_cancelled: 'own',
  turn_input_required: 'own',
  // Nothing ran.
  executor_busy: 'silent',
  tracker_transport_error: 'shared',
  tracker_auth_error: 'shared',
  tracker_api_error: 'shared',
  tracker_missing_end_cursor: 'shared',
  unsupported_tracker_kind: 'shared',
  missing_tracker_api_key: 'shared',
  missing_tracker_project: 'shared',
  // Of this one issue.
  tracker_not_found: 'silent',
  tracker_payload_error: 'silent',
};

/** Decides before the kind does; null = the kind decides. */
const REASONS: Readonly<Record<AgentFailureReason, Blame | null>> = {
  // Pauses of their own.
  quota: 'silent',
  authentication: 'silent',
  budget: 'own',
  turn_limit: 'own',
  context_overflow: 'own',
  permission_refused: 'own',
  input_required: 'own',
  // Nothing was done; the next run begins a fresh session.
  session_unknown: 'silent',
  service_error: 'shared',
  crash: 'shared',
  truncated_output: 'shared',
};

export function blameOf({ kind, reason = null }: RunFailure): Blame {
  // A refusal to work stays one, whatever else is known of it.
  if (KINDS[kind] === 'silent') return 'silent';
  return (reason === null ? null : REASONS[reason]) ?? KINDS[kind];
}

/** `turn_failed (service_error)`: failures of the same class are taken to have the same cause. */
export function classOf({ kind, reason = null }: RunFailure): string {
  return reason === null ? kind : `${kind} (${reason})`;
}
