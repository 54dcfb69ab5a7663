// The tables of what operators said and of what people are told and shown, as Kysely sees them; the picture is in
// schema.ts. Nothing is ever decided on a timeline or a sample; dispatch and notifications are facts like the rest.
import type { Generated } from 'kysely';
import type { DispatchMode, OperatorActionName } from '../contract/controls.ts';
import type { NotificationEvent } from '../contract/notification.ts';
import type { TimelineKind } from '../contract/observation.ts';
import type { RunStatus } from '../contract/store.ts';

export interface PastTables {
  run_search: RunSearchRow;
  dispatch: DispatchRow;
  operator_actions: OperatorActionRow;
  notifications: NotificationRow;
  timeline: TimelineRow;
  samples: SampleRow;
}

/** The keys are folded text, see storable.ts. */
export interface RunSearchRow {
  tracker_id: number;
  started_at_ms: number;
  run_id: string;
  status: RunStatus;
  agent_kind: string;
  state_key: string;
  identifier_key: string;
  title_key: string;
  error_key: string;
}

export interface DispatchRow {
  tracker_id: number;
  mode: DispatchMode;
  said_by: string;
  reason: string;
  since_ms: number;
}

export interface OperatorActionRow {
  /** The order in which they were accepted. */
  seq: Generated<number>;
  tracker_id: number;
  at_ms: number;
  control: OperatorActionName;
  issue_id: string | null;
  identifier: string | null;
  said_by: string;
  reason: string;
}

export interface NotificationRow {
  /** The order in which they were queued. */
  seq: Generated<number>;
  tracker_id: number;
  id: string;
  destination: string;
  event: NotificationEvent;
  at_ms: number;
  summary: string;
  detail: string;
  issue_id: string | null;
  identifier: string | null;
  title: string | null;
  issue_url: string;
  run_id: string | null;
  code: string;
  failures: number;
  /** Exactly one of these two is null: it waits, or it is over and only its id is kept. */
  due_at_ms: number | null;
  ended_at_ms: number | null;
  last_error: string;
}

export interface TimelineRow {
  /** The order in which they were recorded. */
  seq: Generated<number>;
  tracker_id: number;
  issue_id: string;
  at_ms: number;
  identifier: string;
  run_id: string | null;
  attempt: number | null;
  kind: TimelineKind;
  name: string;
  detail: string;
  duration_ms: number | null;
  ok: number | null;
}

/** Sums over the minutes that the row stands for, gauges too; only `poll_seconds_max` is a maximum. */
export interface SampleRow {
  tracker_id: number;
  /** A minute or an hour. */
  span_ms: number;
  start_ms: number;
  minutes: number;
  running: number;
  retrying: number;
  parked: number;
  waiting: number;
  tracker_requests: number;
  tracker_errors: number;
  polls: number;
  poll_seconds: number;
  poll_seconds_max: number;
}
