// What is kept of the past for people to look at: timelines, samples of the daemon's load, and figures over runs.
// Observations are batched and may lose their last second at a crash; nothing is decided on them.

import type { OperatorAction } from './controls.ts';
import type { RunStatus, TokenTotals } from './store.ts';

/** Stable codes of what a timeline holds. `phase`, `turn` and `tool` carry a duration once they have ended. */
export const TIMELINE_KINDS = [
  'verdict',
  'dispatched',
  'dispatch_refused',
  'phase',
  'turn',
  'tool',
  'warning',
  'run_stopping',
  'run_finished',
  'retry_queued',
  'handed_off',
  'handoff_failed',
  'parked',
  'park_ended',
  'released',
  'workspace_removed',
  'operator',
  /** A proposal of an agent's: asked for, decided, expired; `name` is its operation. */
  'approval',
  /** A write for an agent has ended; `name` is its operation. */
  'tracker_write',
  /** `notify_operator`. */
  'agent_message',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEntry {
  readonly atMs: number;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly runId: string | null;
  readonly attempt: number | null;
  readonly kind: TimelineKind;
  /** What in particular: the verdict's or phase's code, the tool's name, the state…; "" when the kind says it all. */
  readonly name: string;
  /** One line for people; "" when there is nothing to add. */
  readonly detail: string;
  /** null = an instant, or not ended yet. */
  readonly durationMs: number | null;
  /** null = neither good nor bad. */
  readonly ok: boolean | null;
}

export interface TimelineQuery {
  readonly issueId: string;
  /** 1 to 1000; the newest so many before `beforeSeq`. */
  readonly limit: number;
  readonly beforeSeq?: number | undefined;
}

export interface TimelinePage {
  /** Oldest first. */
  readonly entries: readonly (TimelineEntry & { readonly seq: number })[];
  /** For the page before this one; null = there is none. */
  readonly beforeSeq: number | null;
}

/** How things stood, and what happened since the sample before. One a minute; older ones are merged by the hour. */
export interface Sample {
  readonly atMs: number;
  /** Gauges: mean over the span that the row stands for. */
  readonly running: number;
  readonly retrying: number;
  readonly parked: number;
  readonly waiting: number;
  /** Sums over the span. */
  readonly trackerRequests: number;
  readonly trackerErrors: number;
  readonly polls: number;
  readonly pollSeconds: number;
  /** The longest of the span. */
  readonly pollSecondsMax: number;
}

export interface SampleQuery {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Rows are merged to spans of this length (≥ 60000), aligned to the epoch. */
  readonly bucketMs: number;
}

export const STATS_GROUPS = ['none', 'agent', 'label', 'status'] as const;
export type StatsGroup = (typeof STATS_GROUPS)[number];

/** Ended runs by their end. */
export interface StatsQuery {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** null = one span from `sinceMs` to `untilMs`; else spans of this length (≥ 3600000), aligned to the epoch. */
  readonly bucketMs: number | null;
  readonly group: StatsGroup;
}

/**
 * One span and group; empty ones are left out. A run with three labels stands in three groups. Success, wherever it is
 * shown, is `succeeded` and `needs_human_review` of all runs but `cancelled` and `interrupted`.
 */
export interface StatsRow {
  readonly startMs: number;
  /** "" with `none`, and for runs without any label. */
  readonly group: string;
  readonly runs: number;
  readonly byStatus: Readonly<Partial<Record<RunStatus, number>>>;
  readonly tokens: TokenTotals;
  /** Of the runs whose cost is known. */
  readonly costUsd: number;
  /** Some of the cost is an estimate. */
  readonly costEstimated: boolean;
  /** Runs whose cost nobody knows: with all of them so, `costUsd` 0 says nothing. */
  readonly unpricedRuns: number;
  readonly secondsTotal: number;
  /** Without `interrupted` and `cancelled` runs of 0 seconds, which were not timed or never began; 0 = no others. */
  readonly secondsP50: number;
  readonly secondsP95: number;
}

/** Reads and batched writes of the past; each is keyed by the tracker that the store was opened with. */
export interface Observations {
  record(entries: readonly TimelineEntry[]): Promise<void>;
  timeline(query: TimelineQuery): Promise<TimelinePage>;
  /** Also merges and forgets what is old. */
  sample(sample: Sample): Promise<void>;
  /** Oldest first. */
  samples(query: SampleQuery): Promise<readonly Sample[]>;
  /** Oldest first, then by group. */
  stats(query: StatsQuery): Promise<readonly StatsRow[]>;
  /** Newest first. */
  operatorActions(limit: number): Promise<readonly OperatorAction[]>;
}
