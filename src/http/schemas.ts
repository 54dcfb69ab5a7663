// The shapes that go over the wire, once: answers are checked against them, types come from them, and the
// OpenAPI document is written from them. snake_case, ISO-8601 times, null for "absent". Fields are only ever
// added.

import { z } from 'zod';
import { PARK_REASONS, RUN_STATUSES } from '../contract/store.ts';
import { RUN_PHASES } from '../contract/run.ts';
import { PAUSE_REASONS, VERDICTS } from '../contract/snapshot.ts';
import { errorCodes, type ErrorCode } from './error-codes.ts';

const time = z.iso.datetime().describe('ISO-8601, UTC');
const count = z.int().min(0);

export const tokensSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count.describe('input_tokens + output_tokens'),
  cache_read_tokens: count,
});

export const runningSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
  state: z.string().describe("the tracker's own casing"),
  run_id: z.string().nullable().describe('null while the issue is being checked'),
  session_id: z.string().nullable(),
  phase: z.enum(RUN_PHASES),
  attempt: count.describe('0 on the first try'),
  turn_count: count,
  last_event: z.string().nullable(),
  last_message: z.string(),
  started_at: time,
  last_event_at: time.nullable(),
  workspace_path: z.string().nullable(),
  agent_kind: z.string(),
  model_name: z.string(),
  tokens: tokensSchema,
  tools: z.array(z.string()).describe('names of the tools in flight'),
});

export const retryingSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
  attempt: count.describe('the attempt that the retry will be'),
  due_at: time,
  error: z.string().nullable().describe('null when nothing went wrong'),
  trigger: z.enum(['error', 'continuation', 'timer', 'stall']),
});

export const parkedSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
  reason: z.enum(PARK_REASONS),
  detail: z.string(),
  parked_at: time,
  until: time.nullable(),
  ends_on: z.array(z.string()).describe('what ends the park, e.g. issue_change, operator'),
});

export const pauseSchema = z.object({
  reason: z.enum(PAUSE_REASONS),
  agent_kind: z.string().nullable().describe('null = every kind'),
  detail: z.string(),
  until: time.nullable().describe('null = until a person has done something'),
});

export const rateLimitsSchema = z.object({
  agent_kind: z.string(),
  at: time.describe('when the agent said so'),
  windows: z.array(
    z.object({
      name: z.string().describe("the agent's own name, e.g. five_hour"),
      used_percent: z.number().nullable(),
      resets_at: time.nullable(),
    }),
  ),
});

export const stateSchema = z.object({
  generated_at: time,
  mode: z.enum(['recovering', 'running', 'draining']),
  counts: z.object({ running: count, retrying: count, parked: count }),
  slots: z.object({ limit: count, used: count }),
  running: z.array(runningSchema),
  retrying: z.array(retryingSchema),
  parked: z.array(parkedSchema),
  agent_totals: tokensSchema.extend({
    seconds_running: z.number().min(0).describe('ended runs of the past included'),
  }),
  pauses: z.array(pauseSchema).describe('why no run is started, with one agent kind or at all; [] = nothing'),
  rate_limits: z.array(rateLimitsSchema).describe('as each agent kind last reported them'),
  today: z
    .object({ day: z.iso.date(), tokens: tokensSchema, cost_usd: z.number().min(0) })
    .describe('spent on this day (UTC) by all issues'),
  active_estimated_cost_usd: z.number().nullable(),
  last_tick: z
    .object({
      at: time,
      result: z.enum(['success', 'error', 'skipped']),
      error: z.string().nullable(),
    })
    .nullable(),
  preflight_problems: z.array(z.string()).describe('why nothing is dispatched; [] when all is well'),
  reload_error: z.string().nullable().describe('why the last reload of WORKFLOW.md was refused'),
  tracker_throttles: z
    .array(z.object({ scope: z.string(), until: time, reason: z.string() }))
    .describe('what the tracker has asked to wait; [] = nothing'),
});

export const issueSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  status: z.enum(['running', 'retrying', 'parked', 'released']),
  verdict: z
    .object({ verdict: z.enum(VERDICTS), detail: z.string(), since: time, as_of: time })
    .nullable()
    .describe('why it runs or does not; null when no candidate page held it'),
  workspace: z.object({ path: z.string() }).nullable(),
  attempts: z.object({
    current: count.nullable().describe('the attempt that runs or is due'),
    sessions_used: count.describe('runs that count against agent.max_sessions'),
  }),
  running: runningSchema.nullable(),
  retry: retryingSchema.nullable(),
  park: parkedSchema.nullable(),
  recent_events: z.array(z.object({ at: time, event: z.string(), message: z.string() })),
  last_error: z.string().nullable(),
});

export const historyRunSchema = z.object({
  run_id: z.string(),
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
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
  turns_completed: count,
  tokens: tokensSchema,
  cost_usd: z.number().nullable(),
  cost_estimated: z.boolean(),
});

export const historySchema = z.object({
  runs: z.array(historyRunSchema),
  next_cursor: z.string().nullable(),
});

/** Unknown parameters are refused, because a misspelt filter would answer with everything. */
export const historyQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(1024).optional(),
  identifier: z.string().min(1).max(1024).optional(),
  status: z.enum(RUN_STATUSES).optional(),
});

export const transcriptQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).optional().describe('the `seq` that was seen last'),
  follow: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('whether to wait for more'),
});

export const transcriptLineSchema = z.object({
  seq: z.int().min(1).describe('rises by one from line to line of a run'),
  at: time,
  turn: count.describe('0 = before the first turn'),
  stream: z.enum(['stdout', 'stderr', 'input']).describe('input = what was written to the agent'),
  line: z.string(),
});

export const refreshSchema = z.object({
  queued: z.boolean(),
  coalesced: z.boolean().describe('true when a refresh was already waiting'),
  requested_at: time,
  operations: z.array(z.string()),
});

export const livenessSchema = z.object({ status: z.enum(['pass', 'fail']) });

const checkStatus = z.enum(['pass', 'warn', 'fail']);
export const readinessSchema = z.object({
  status: checkStatus,
  version: z.string(),
  uptime_seconds: z.number().min(0),
  checks: z.object({ database: checkStatus, preflight: checkStatus, workflow: checkStatus }),
  reload_error: z.string().optional().describe('only after a reload that was refused'),
});

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
  }),
});

export type Tokens = z.output<typeof tokensSchema>;
export type Running = z.output<typeof runningSchema>;
export type Retrying = z.output<typeof retryingSchema>;
export type Parked = z.output<typeof parkedSchema>;
export type Pause = z.output<typeof pauseSchema>;
export type RateLimitsAnswer = z.output<typeof rateLimitsSchema>;
export type State = z.output<typeof stateSchema>;
export type IssueAnswer = z.output<typeof issueSchema>;
export type HistoryRow = z.output<typeof historyRunSchema>;
export type History = z.output<typeof historySchema>;
export type TranscriptLineAnswer = z.output<typeof transcriptLineSchema>;
export type RefreshAccepted = z.output<typeof refreshSchema>;
export type ReadinessAnswer = z.output<typeof readinessSchema>;

/** Names under which the OpenAPI document lists the shapes, for clients that generate code from it. */
export const namedSchemas = z.registry<{ id: string }>();
namedSchemas.add(tokensSchema, { id: 'Tokens' });
namedSchemas.add(runningSchema, { id: 'Running' });
namedSchemas.add(retryingSchema, { id: 'Retrying' });
namedSchemas.add(parkedSchema, { id: 'Parked' });
namedSchemas.add(pauseSchema, { id: 'Pause' });
namedSchemas.add(rateLimitsSchema, { id: 'RateLimits' });
namedSchemas.add(stateSchema, { id: 'State' });
namedSchemas.add(issueSchema, { id: 'Issue' });
namedSchemas.add(historyRunSchema, { id: 'HistoryRun' });
namedSchemas.add(historySchema, { id: 'History' });
namedSchemas.add(transcriptLineSchema, { id: 'TranscriptLine' });
namedSchemas.add(refreshSchema, { id: 'Refresh' });
namedSchemas.add(livenessSchema, { id: 'Liveness' });
namedSchemas.add(readinessSchema, { id: 'Readiness' });
namedSchemas.add(errorSchema, { id: 'Error' });
