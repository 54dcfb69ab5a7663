// The shapes of the past: ended runs, an issue's timeline, what agents were told and said, figures and samples.

import { z } from 'zod';
import { OPERATOR_ACTIONS } from '../contract/controls.ts';
import { TIMELINE_KINDS } from '../contract/observation.ts';
import { RUN_STATUSES } from '../contract/store.ts';
import { count, time, tokensSchema } from './schemas.ts';

const seconds = z.number().min(0);

export const historyRunSchema = z.object({
  run_id: z.string(),
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
  issue_state: z.string().nullable().describe('as of the dispatch; null = not known'),
  issue_url: z.string().nullable().describe("the tracker's page, http or https; null = not known"),
  labels: z.array(z.string()).describe('as of the dispatch'),
  attempt: count,
  status: z.enum(RUN_STATUSES).nullable().describe('null while it runs'),
  error: z.string().nullable(),
  evidence: z
    .string()
    .nullable()
    .describe('what counted as evidence of work; null when it was not looked for'),
  agent_kind: z.string(),
  session_id: z.string().nullable(),
  workspace_path: z.string().nullable(),
  started_at: time,
  completed_at: time.nullable(),
  seconds_running: seconds.describe(
    'without the time that the daemon was down; 0 = interrupted, and not known',
  ),
  turns_completed: count,
  tokens: tokensSchema,
  cost_usd: z.number().nullable(),
  cost_estimated: z.boolean(),
});

export const historySchema = z.object({
  runs: z.array(historyRunSchema),
  next_cursor: z.string().nullable(),
});

export const transcriptLineSchema = z.object({
  seq: z.int().min(1).describe('rises by one from line to line of a run'),
  at: time,
  turn: count.describe('0 = before the first turn'),
  stream: z.enum(['stdout', 'stderr', 'input']).describe('input = what was written to the agent'),
  line: z.string(),
});

export const timelineEntrySchema = z.object({
  seq: z.int().describe('rises from entry to entry'),
  at: time,
  run_id: z.string().nullable(),
  attempt: count.nullable(),
  kind: z.enum(TIMELINE_KINDS),
  name: z.string().describe("what in particular: the verdict's or phase's code, the tool, the state"),
  detail: z.string(),
  duration_seconds: seconds.nullable().describe('null = an instant, or not ended yet'),
  ok: z.boolean().nullable().describe('null = neither good nor bad'),
});

export const timelineSchema = z.object({
  entries: z.array(timelineEntrySchema).describe('oldest first'),
  before: z
    .int()
    .nullable()
    .describe('give it as `before` for the page before this one; null = there is none'),
});

export const promptsSchema = z.object({
  prompts: z.array(
    z.object({
      turn: count,
      at: time,
      text: z.string(),
      cut: z.boolean().describe('it was longer than is kept'),
    }),
  ),
});

export const statsRowSchema = z.object({
  start: time,
  group: z
    .string()
    .describe('the agent kind, label or status; "" without a group, and for runs without labels'),
  runs: count,
  by_status: z.partialRecord(z.enum(RUN_STATUSES), count).describe('those that occurred'),
  tokens: tokensSchema,
  cost_usd: z.number().min(0).describe('of the runs whose cost is known'),
  cost_estimated: z.boolean().describe('some of the cost is an estimate'),
  unpriced_runs: count.describe('runs whose cost is not known'),
  seconds_total: seconds,
  seconds_p50: seconds.describe(
    'like seconds_p95 without interrupted and cancelled runs of 0 seconds, which were not timed or never began',
  ),
  seconds_p95: seconds,
});

export const statsSchema = z.object({
  since: time,
  until: time,
  bucket_seconds: count.nullable().describe('null = one span'),
  rows: z.array(statsRowSchema).describe('oldest first, then by group; empty spans are left out'),
});

export const samplesSchema = z.object({
  bucket_seconds: count,
  rows: z.array(
    z.object({
      at: time,
      running: seconds.describe('mean over the span, like the three after it'),
      retrying: seconds,
      parked: seconds,
      waiting: seconds,
      tracker_requests: count.describe('in the span'),
      tracker_errors: count,
      polls: count,
      poll_seconds_mean: seconds.nullable().describe('null = no poll'),
      poll_seconds_max: seconds,
    }),
  ),
});

export const operatorActionsSchema = z.object({
  actions: z
    .array(
      z.object({
        at: time,
        control: z.enum(OPERATOR_ACTIONS),
        issue_identifier: z.string().nullable().describe('null = the daemon as a whole'),
        by: z.string(),
        reason: z.string(),
      }),
    )
    .describe('newest first'),
});

export type HistoryRow = z.output<typeof historyRunSchema>;
export type History = z.output<typeof historySchema>;
export type TranscriptLineAnswer = z.output<typeof transcriptLineSchema>;
export type TimelineAnswer = z.output<typeof timelineSchema>;
export type PromptsAnswer = z.output<typeof promptsSchema>;
export type StatsAnswer = z.output<typeof statsSchema>;
export type StatsRowAnswer = z.output<typeof statsRowSchema>;
export type SamplesAnswer = z.output<typeof samplesSchema>;
export type OperatorActionsAnswer = z.output<typeof operatorActionsSchema>;
