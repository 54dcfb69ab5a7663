// What the queries of the routes take. Unknown parameters are refused, because a misspelt filter would answer with
// everything; a bad value is answered with its field's name.

import { z } from 'zod';
import { APPROVAL_STATUSES } from '../contract/approval.ts';
import { STATS_GROUPS } from '../contract/observation.ts';
import { OUTBOX_STATUSES } from '../contract/outbox.ts';
import { RUN_STATUSES } from '../contract/store.ts';
import { timeParameter } from './time-parameter.ts';

const text = z.string().min(1).max(1024);
const upTo = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);

const filters = {
  identifier: text.optional().describe('upper and lower case are the same'),
  status: z.enum(RUN_STATUSES).optional(),
  agent: text.optional().describe('the agent kind'),
  state: text.optional().describe("the issue's state at dispatch; upper and lower case are the same"),
  text: text.optional().describe('found in identifier, title or error; no wildcards'),
  since: timeParameter.optional().describe('runs that started then or later: ISO-8601 or relative (`-7d`)'),
  until: timeParameter.optional().describe('runs that started before: ISO-8601 or relative'),
};

export const historyFilterSchema = z.strictObject(filters);
export const historyQuerySchema = z.strictObject({
  limit: upTo(500, 50),
  cursor: text.optional(),
  ...filters,
});

export const transcriptQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).optional().describe('the `seq` that was seen last'),
  follow: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional()
    .describe('whether to wait for more'),
});

export const timelineQuerySchema = z.strictObject({
  limit: upTo(1_000, 200),
  before: z.coerce.number().int().min(0).optional().describe('entries with a lower `seq` only'),
});

export const statsQuerySchema = z.strictObject({
  since: timeParameter.default('-30d').describe('ISO-8601 or relative (`-7d`, `-24h`)'),
  until: timeParameter.default('now').describe('ISO-8601 or relative; at most 5 years after `since`'),
  bucket: z.enum(['hour', 'day', 'week', 'none']).default('day').describe('at most 2,000 of them'),
  group: z.enum(STATS_GROUPS).default('none'),
});

export const samplesQuerySchema = z.strictObject({
  since: timeParameter.default('-24h').describe('ISO-8601 or relative (`-7d`, `-24h`)'),
  until: timeParameter.default('now').describe('ISO-8601 or relative; at most 5 years after `since`'),
  bucket: z.enum(['minute', 'hour', 'day']).default('hour').describe('at most 2,000 of them'),
});

export const actionsQuerySchema = z.strictObject({ limit: upTo(500, 50) });

export const approvalsQuerySchema = z.strictObject({
  status: z.enum(APPROVAL_STATUSES).optional(),
  identifier: text.optional().describe('of the run’s issue; upper and lower case are the same'),
  run_id: text.optional(),
  limit: upTo(500, 50),
  cursor: text.optional(),
});

export const outboxQuerySchema = z.strictObject({
  status: z
    .enum(['open', 'all', ...OUTBOX_STATUSES])
    .default('open')
    .describe('open = those that have not ended'),
  identifier: text
    .optional()
    .describe('what is about this issue or was asked for by its runs; upper and lower case are the same'),
  limit: upTo(500, 50),
  cursor: text.optional(),
});

export const auditQuerySchema = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('the `seq` that was seen last; 0 = from the oldest'),
  limit: upTo(1_000, 200),
});
