// The catalogue of Sortie's own metrics: name, kind, help, labels and the values each label may have.
// Everything else is derived from it: the registry, the zeros before the first event, docs/metrics.md and
// its test. Refuses labels by issue, run or session: the values of a label are few and known beforehand.

import { APPROVAL_STATUSES } from '../contract/approval.ts';
import { DAEMON_CONTROLS, DISPATCH_MODES, ISSUE_CONTROLS } from '../contract/controls.ts';
import { TRACKER_OPERATIONS } from '../contract/counters.ts';
import { OUTBOX_ENDS } from '../contract/outbox.ts';
import { PAUSE_REASONS } from '../contract/snapshot.ts';
import { PARK_REASONS } from '../contract/store.ts';
import { TRACKER_WRITE_OPERATIONS } from '../contract/tracker-write.ts';

/** Tool names come from agents: after this many different ones, further tools count as `other`. */
export const TOOL_LIMIT = 50;
export const OTHER_TOOL = 'other';

interface Described {
  readonly name: string;
  readonly help: string;
  /** Label → its values; `open` only where the daemon cannot know them (and then it limits their number). */
  readonly labels: Readonly<Record<string, readonly string[] | 'open'>>;
}

export type MetricDefinition = Described &
  (
    | { readonly kind: 'gauge' | 'counter' }
    | { readonly kind: 'histogram'; readonly buckets: { start: number; factor: number; count: number } }
  );

const outcome = ['success', 'error'] as const;
const withSkipped = ['success', 'error', 'skipped'] as const;
const exitTypes = ['normal', 'error', 'cancelled'] as const;

export const metricCatalogue = {
  sessionsRunning: {
    name: 'sortie_sessions_running',
    kind: 'gauge',
    help: 'Issues that hold a slot now, from the check before the start to the end of the run.',
    labels: {},
  },
  sessionsRetrying: {
    name: 'sortie_sessions_retrying',
    kind: 'gauge',
    help: 'Issues that wait for a retry.',
    labels: {},
  },
  trackerThrottled: {
    name: 'sortie_tracker_throttled_seconds',
    kind: 'gauge',
    help: 'How long the tracker still asks requests to wait; 0 when it does not.',
    labels: {},
  },
  issuesParked: {
    name: 'sortie_issues_parked',
    kind: 'gauge',
    help: 'Issues set aside until something changes, by reason.',
    labels: { reason: PARK_REASONS },
  },
  dispatchPaused: {
    name: 'sortie_dispatch_paused',
    kind: 'gauge',
    help: 'Whether something holds dispatch back at present, for an agent kind or all of them (0 or 1), by reason.',
    labels: { reason: PAUSE_REASONS },
  },
  dispatchMode: {
    name: 'sortie_dispatch_mode',
    kind: 'gauge',
    help: "The operator's word on dispatch: 1 for the mode in force, 0 for the others.",
    labels: { mode: DISPATCH_MODES },
  },
  issuesWaiting: {
    name: 'sortie_issues_waiting',
    kind: 'gauge',
    help: 'Issues that were read and not started, as last looked at.',
    labels: {},
  },
  handoffIssues: {
    name: 'sortie_handoff_issues',
    kind: 'gauge',
    help: 'Issues in the handoff state, as last counted; absent without a limit, and before the first count.',
    labels: {},
  },
  handoffLimit: {
    name: 'sortie_handoff_limit',
    kind: 'gauge',
    help: 'How many issues may wait in the handoff state until nothing new is dispatched; absent as above.',
    labels: {},
  },
  breakerOpen: {
    name: 'sortie_breaker_open',
    kind: 'gauge',
    help: 'Whether dispatch is held back because many issues failed in the same way in a row (0 or 1).',
    labels: {},
  },
  slotsAvailable: {
    name: 'sortie_slots_available',
    kind: 'gauge',
    help: 'Free slots under agent.max_concurrent_agents.',
    labels: {},
  },
  activeSessionsElapsed: {
    name: 'sortie_active_sessions_elapsed_seconds',
    kind: 'gauge',
    help: 'Sum of the ages of the sessions that run now.',
    labels: {},
  },
  buildInfo: {
    name: 'sortie_build_info',
    kind: 'gauge',
    help: 'Always 1; the labels say which program runs on which Node.js.',
    labels: { version: 'open', node_version: 'open' },
  },
  tokens: {
    name: 'sortie_tokens_total',
    kind: 'counter',
    help: 'Tokens that agents reported. Input plus output is the total; cache reads are counted apart.',
    labels: { type: ['input', 'output', 'cache_read'] },
  },
  agentRuntime: {
    name: 'sortie_agent_runtime_seconds_total',
    kind: 'counter',
    help: 'Seconds that ended runs took.',
    labels: {},
  },
  dispatches: {
    name: 'sortie_dispatches_total',
    kind: 'counter',
    help: 'Runs handed to a worker; error = the worker could not be started.',
    labels: { outcome },
  },
  workerExits: {
    name: 'sortie_worker_exits_total',
    kind: 'counter',
    help: 'Ended runs by how they ended.',
    labels: { exit_type: exitTypes },
  },
  retries: {
    name: 'sortie_retries_total',
    kind: 'counter',
    help: 'Retries put into the queue, by what asked for them.',
    labels: { trigger: ['error', 'continuation', 'timer', 'stall'] },
  },
  reconciliationActions: {
    name: 'sortie_reconciliation_actions_total',
    kind: 'counter',
    help: 'What reconciling decided about a running issue or an old workspace.',
    labels: { action: ['stop', 'cleanup', 'keep'] },
  },
  pollCycles: {
    name: 'sortie_poll_cycles_total',
    kind: 'counter',
    help: 'Ticks. success includes a tick with no free slot; skipped = preflight failed; error = fetch failed.',
    labels: { result: withSkipped },
  },
  trackerRequests: {
    name: 'sortie_tracker_requests_total',
    kind: 'counter',
    help: "Calls of the tracker adapter's methods.",
    labels: { operation: TRACKER_OPERATIONS, result: outcome },
  },
  handoffTransitions: {
    name: 'sortie_handoff_transitions_total',
    kind: 'counter',
    help: 'Moves to tracker.handoff_state; skipped = no such state is set.',
    labels: { result: withSkipped },
  },
  dispatchTransitions: {
    name: 'sortie_dispatch_transitions_total',
    kind: 'counter',
    help: 'Moves to tracker.in_progress_state; skipped = not set, or the issue was there already.',
    labels: { result: withSkipped },
  },
  trackerComments: {
    name: 'sortie_tracker_comments_total',
    kind: 'counter',
    help: 'Comments written by tracker.comments.*.',
    labels: { lifecycle: ['dispatch', 'completion', 'failure'], result: outcome },
  },
  notifications: {
    name: 'sortie_notifications_total',
    kind: 'counter',
    help: 'Tries to deliver a notification; given_up = refused for good, or failed for a day.',
    labels: { kind: ['webhook', 'slack'], result: ['success', 'error', 'given_up'] },
  },
  operatorActions: {
    name: 'sortie_operator_actions_total',
    kind: 'counter',
    help: 'What operators told the daemon and it did.',
    labels: { control: [...DAEMON_CONTROLS, ...ISSUE_CONTROLS] },
  },
  toolCalls: {
    name: 'sortie_tool_calls_total',
    kind: 'counter',
    help: `Calls of our own tools, and what agents report of theirs. At most ${TOOL_LIMIT} tool names; further ones count as "${OTHER_TOOL}".`,
    labels: { tool: 'open', result: outcome },
  },
  approvals: {
    name: 'sortie_approvals_total',
    kind: 'counter',
    help: 'Proposals of agents: pending = asked for, the others = how they ended.',
    labels: { status: APPROVAL_STATUSES },
  },
  approvalsPending: {
    name: 'sortie_approvals_pending',
    kind: 'gauge',
    help: 'Proposals that wait for a person.',
    labels: {},
  },
  outboxWrites: {
    name: 'sortie_outbox_writes_total',
    kind: 'counter',
    help: "Writes to the tracker that have ended, the orchestrator's own among them.",
    labels: { operation: TRACKER_WRITE_OPERATIONS, result: OUTBOX_ENDS },
  },
  outboxOpen: {
    name: 'sortie_outbox_open',
    kind: 'gauge',
    help: 'Writes to the tracker that are recorded and have not ended.',
    labels: {},
  },
  auditEntries: {
    name: 'sortie_audit_entries_total',
    kind: 'counter',
    help: 'Entries added to the audit log.',
    labels: {},
  },
  pollDuration: {
    name: 'sortie_poll_duration_seconds',
    kind: 'histogram',
    help: 'How long a tick took.',
    labels: {},
    buckets: { start: 0.1, factor: 2, count: 10 },
  },
  workerDuration: {
    name: 'sortie_worker_duration_seconds',
    kind: 'histogram',
    help: 'How long a run took, by how it ended.',
    labels: { exit_type: exitTypes },
    buckets: { start: 10, factor: 2, count: 12 },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricKey = keyof typeof metricCatalogue;
