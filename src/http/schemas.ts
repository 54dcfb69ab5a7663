// The shapes of the present that go over the wire, once: answers are checked against them, types come from them,
// and the OpenAPI document is written from them. snake_case, ISO-8601 times, null for "absent". Fields are only
// ever added.

import { z } from 'zod';
import { DISPATCH_MODES, ISSUE_CONTROLS, VERDICT_ENDS } from '../contract/controls.ts';
import { PARK_REASONS } from '../contract/store.ts';
import { RUN_PHASES } from '../contract/run.ts';
import { PAUSE_REASONS, VERDICTS } from '../contract/snapshot.ts';
import { errorCodes, type ErrorCode } from './error-codes.ts';

export const time = z.iso.datetime().describe('ISO-8601, UTC');
export const count = z.int().min(0);

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
  cost_usd: z.number().min(0).nullable().describe('null = not known'),
  cost_estimated: z.boolean(),
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

export const waitingSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  title: z.string(),
  verdict: z.enum(VERDICTS).describe('what stands in its way'),
  detail: z.string(),
  since: time,
  as_of: time.describe('when it was last looked at'),
});

export const dispatchSchema = z.object({
  mode: z.enum(DISPATCH_MODES).describe("an operator's word; paused and draining start nothing"),
  by: z.string(),
  reason: z.string(),
  since: time.nullable().describe('null = never changed'),
  drained: z.boolean().describe('draining, and nothing runs any more'),
});

const throttleSchema = z.object({ scope: z.string(), until: time, reason: z.string() });

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
  workflow_loaded_at: time.nullable().describe('when WORKFLOW.md was last read well; null = never'),
  runs_ended: count.describe("since the daemon's start: when it changes, the history has"),
  waiting: z.array(waitingSchema).describe('read and not started; at most 200 of waiting_total'),
  waiting_total: count,
  dispatch: dispatchSchema,
  handoff: z
    .object({ limit: count, count, as_of: time })
    .nullable()
    .describe(
      'issues that wait for people against tracker.max_in_handoff; null = no limit, or not counted yet',
    ),
  tracker: z.object({
    error: z.object({ at: time, message: z.string() }).nullable().describe('the last call that failed'),
    throttles: z.array(throttleSchema).describe('what the tracker has asked to wait; [] = nothing'),
  }),
  budget: z
    .object({ max_tokens_per_day: count.nullable(), max_usd_per_day: z.number().min(0).nullable() })
    .describe('limits of the day; null = none'),
  tracker_throttles: z.array(throttleSchema).describe('the same as tracker.throttles'),
  approvals_pending: count.describe('proposals of agents that a person must decide'),
  outbox_open: count.describe('writes to the tracker that have not ended'),
});

export const issueSchema = z.object({
  issue_id: z.string(),
  issue_identifier: z.string(),
  status: z.enum(['running', 'retrying', 'parked', 'released']),
  title: z.string().nullable(),
  state: z.string().nullable().describe("the tracker's own casing; null = not known"),
  url: z.string().nullable().describe("the tracker's page, http or https; null = not known"),
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
  controls: z.array(z.enum(ISSUE_CONTROLS)).describe('what an operator may do with it now'),
});

export const explanationSchema = z.object({
  issue_id: z.string().nullable().describe('null = nobody knows it'),
  issue_identifier: z.string(),
  verdict: z.enum(VERDICTS),
  detail: z.string().describe('one line for people'),
  since: time
    .nullable()
    .describe('when the verdict began, whatever its details were since; null = asked only now'),
  as_of: time,
  ends_on: z
    .array(z.enum(VERDICT_ENDS))
    .describe('what would change it; `operator` only where one of `controls` would'),
  controls: z
    .array(z.enum(ISSUE_CONTROLS))
    .describe('what an operator may say of the issue now, and is not refused'),
});

export const settingsSchema = z.object({
  workflow_path: z.string(),
  loaded_at: time.nullable(),
  reload_error: z.string().nullable().describe('why the last reload was refused'),
  reload_failed_at: time.nullable(),
  settings: z.array(
    z.object({
      key: z.string().describe('as in WORKFLOW.md'),
      value: z.string().describe('as YAML would write it; secrets are `***`'),
      source: z.enum(['environment', 'env_file', 'front_matter', 'default', 'flag']),
      place: z.string().describe('the variable, or file and line; "" with a default'),
    }),
  ),
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
export type Waiting = z.output<typeof waitingSchema>;
export type Pause = z.output<typeof pauseSchema>;
export type RateLimitsAnswer = z.output<typeof rateLimitsSchema>;
export type State = z.output<typeof stateSchema>;
export type IssueAnswer = z.output<typeof issueSchema>;
export type ExplanationAnswer = z.output<typeof explanationSchema>;
export type SettingsAnswer = z.output<typeof settingsSchema>;
export type ReadinessAnswer = z.output<typeof readinessSchema>;
