// What the daemon counts, by name; telemetry makes metrics of it.

import type { ApprovalStatus } from './approval.ts';
import type { OperatorActionName } from './controls.ts';
import type { CommentLifecycle } from './effect.ts';
import type { ExitType } from './notice.ts';
import type { OutboxStatus } from './outbox.ts';
import type { TickResult } from './snapshot.ts';
import type { RetryTrigger, TokenTotals } from './store.ts';
import type { TrackerWriteOperation } from './tracker-write.ts';

/** `fetch_*` and `transition` are the seven methods of a tracker; the rest are capabilities. */
export const TRACKER_OPERATIONS = [
  'fetch_candidates',
  'fetch_issue',
  'fetch_by_states',
  'fetch_states_by_ids',
  'fetch_states_by_identifiers',
  'fetch_comments',
  'transition',
  'comment',
  'label',
  'create',
  'update',
  'assign',
  'search',
  'count',
  'schema',
  'stream_candidates',
  'find_issue',
  'test_candidate',
  'directory',
  'transitions',
  'worklog',
  'link',
  'watch',
  'fields',
] as const;
export type TrackerOperation = (typeof TRACKER_OPERATIONS)[number];

/** What happened, by name. Seconds and token counts that are not positive numbers count as 0. */
export interface Counters {
  /** Increments since the last call, not totals. */
  countTokens(increment: TokenTotals): void;
  countDispatch(outcome: 'success' | 'error'): void;
  /** Once for each ended run: its exit, its duration and its share of the agents' running time. */
  countWorkerExit(exitType: ExitType, secondsRunning: number): void;
  countRetry(trigger: RetryTrigger): void;
  countReconciliation(action: 'stop' | 'cleanup' | 'keep'): void;
  /** Once for each tick: its result and its duration. */
  countPollCycle(result: TickResult, seconds: number): void;
  countTrackerRequest(operation: TrackerOperation, result: 'success' | 'error'): void;
  countHandoffTransition(result: 'success' | 'error' | 'skipped'): void;
  countDispatchTransition(result: 'success' | 'error' | 'skipped'): void;
  countTrackerComment(lifecycle: CommentLifecycle, result: 'success' | 'error'): void;
  countNotification(kind: 'webhook' | 'slack', result: 'success' | 'error' | 'given_up'): void;
  countOperatorAction(control: OperatorActionName): void;
  /** What agents themselves report of their tools, ours among them. */
  countToolCall(tool: string, result: 'success' | 'error'): void;
  /** `pending` when it is asked for, then how it ended. */
  countApproval(status: ApprovalStatus): void;
  /** Once for each write that has ended. */
  countOutboxWrite(
    operation: TrackerWriteOperation,
    result: Extract<OutboxStatus, 'done' | 'refused' | 'failed' | 'cancelled'>,
  ): void;
  countAuditEntries(count: number): void;
}
