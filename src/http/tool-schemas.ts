// The shapes of what agents may do: proposals, outbox, audit, tools and policy, and who asks. `details` and
// `modifiedDetails` hold whatever the operation takes, under the names of the tools' parameters.

import { z } from 'zod';
import { APPROVAL_STATUSES } from '../contract/approval.ts';
import { OUTBOX_STATUSES } from '../contract/outbox.ts';
import { TOOL_OPERATIONS, WRITE_OPERATIONS } from '../contract/tool-operations.ts';
import { TOOL_DECISIONS } from '../contract/tool-policy.ts';
import { isDeeperThan } from './json-depth.ts';
import { count, time } from './schemas.ts';

const details = z.record(z.string(), z.unknown());

export const approvalSchema = z.object({
  id: z.string(),
  action: z.enum(WRITE_OPERATIONS),
  summary: z.string().describe('one sentence for people'),
  details: details.describe('as the agent asked for it'),
  before: z
    .object({
      at: time,
      state: z.string(),
      updated_at: z.string().describe('as the tracker gave it'),
      fields: z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()])),
    })
    .nullable()
    .describe('the issue as it was then; null = a new one is made'),
  status: z.enum(APPROVAL_STATUSES),
  group: z.string().describe('who may decide; "" = anybody who may use the API'),
  rule: z.string(),
  run_id: z.string(),
  issue_identifier: z.string().describe('the run’s issue'),
  target_identifier: z.string().nullable().describe('what would be changed; null = a new issue is made'),
  requested_at: time,
  expires_at: time,
  decided_by: z.string().nullable(),
  decided_at: time.nullable(),
  modifiedDetails: details.nullable().describe('what the person changed; null = nothing'),
  decisionNote: z.string(),
  result: z
    .object({
      status: z.enum(['applying', 'done', 'partly', 'refused', 'failed']),
      message: z.string(),
      issues: z.array(z.string()).describe('what was made or changed'),
    })
    .nullable(),
  may_decide: z.boolean().describe('whether it waits, and who asks may decide it'),
});

export const approvalsSchema = z.object({
  approvals: z.array(approvalSchema).describe('pending ones first, oldest first; then decided, newest first'),
  next_cursor: z.string().nullable(),
});

/** Deeper than any operation's details; what walks through them needs no stack to speak of. */
const DEEPEST = 16;
const shallow = details.refine((given) => !isDeeperThan(given, DEEPEST), {
  error: `nested deeper than ${DEEPEST} levels`,
});

export const decisionSchema = z
  .strictObject({
    status: z.enum(['approved', 'rejected']),
    modifiedDetails: shallow.nullish().describe('replaces these fields of `details`; null takes one out'),
    decisionNote: z.string().nullish().describe('for the agent; made one line and cut to 2,000 characters'),
  })
  .refine(({ status, modifiedDetails }) => status === 'approved' || !hasFields(modifiedDetails), {
    path: ['modifiedDetails'],
    error: 'what is rejected is not changed: leave this out, or approve',
  });

function hasFields(value: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return Object.keys(value ?? {}).length > 0;
}

export const outboxWriteSchema = z.object({
  id: z.string(),
  seq: count,
  operation: z.string(),
  origin: z.enum(['orchestrator', 'agent']),
  run_id: z.string().nullable(),
  issue_identifier: z.string().describe('what it is about'),
  run_issue_identifier: z
    .string()
    .nullable()
    .describe('the issue of the run, which may be another one; null = no run’s'),
  approval_id: z.string().nullable(),
  status: z.enum(OUTBOX_STATUSES),
  tries: count.describe('times it was sent'),
  requested_at: time,
  sent_at: time.nullable().describe('the last try'),
  due_at: time.nullable().describe('not before; null = nothing is due'),
  ended_at: time.nullable(),
  detail: z.string().describe('why it waits, or how it ended; "" when all is well'),
  summary: z.string().describe('what it says, never whole texts'),
  result: z.object({ issue_identifier: z.string().nullable(), url: z.string().nullable() }).nullable(),
});

export const outboxSchema = z.object({
  writes: z.array(outboxWriteSchema).describe('open ones as recorded, others newest first'),
  next_cursor: z.string().nullable(),
});

export const auditSchema = z.object({
  lines: z.array(z.string()).describe('the stored JSON texts, each with its `hash` as the last field'),
  next_after: count.nullable().describe('give it as `after` for the next page; null = that was all'),
});

export const auditHeadSchema = z.object({ seq: count, hash: z.string() });

export const auditVerdictSchema = z.object({
  intact: z.boolean(),
  entries: count.nullable(),
  first_seq: count.nullable(),
  head: auditHeadSchema.nullable(),
  broken_at: count
    .nullable()
    .describe('the first entry that is wrong or missing; null = none, or it is about no entry'),
  problem: z.string().nullable(),
});

const operations = z.array(z.enum(TOOL_OPERATIONS));
const limit = z.string().nullable().describe('e.g. `5/run`; null = none');

export const toolsSchema = z.object({
  enabled: z.boolean(),
  url: z.string().nullable().describe('of the MCP server; null = off'),
  schema_at: time.nullable().describe('when the site’s names were read; null = not yet'),
  schema_error: z.string().nullable(),
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      input: z.record(z.string(), z.unknown()).describe('JSON Schema'),
      operations,
    }),
  ),
  read_default: z.enum(TOOL_DECISIONS),
  write_default: z.enum(TOOL_DECISIONS),
  rules: z
    .array(
      z.object({
        number: count,
        name: z.string(),
        operations,
        decision: z.enum(TOOL_DECISIONS),
        group: z.string(),
        to: z.array(z.string()).nullable(),
        when: z.record(z.string(), z.array(z.string())),
        limit,
      }),
    )
    .describe('tried in order; the first that matches decides'),
  projects: z.array(z.string()).describe('[] = the configured one, `*` = all'),
});

export const schemaReadSchema = z.object({ ok: z.boolean(), message: z.string() });

export const policyQuestionSchema = z.strictObject({
  operation: z.enum(TOOL_OPERATIONS),
  details: shallow.optional().describe('as an agent would give them'),
  issue_identifier: z.string().max(1_024).optional().describe('whose run asks; absent = any other'),
});

export const policyAnswerSchema = z.object({
  decision: z.enum(TOOL_DECISIONS),
  rule: z.string(),
  group: z.string(),
  limit_exceeded: limit.describe('the limit of the rule that is used up; null = none is'),
});

export const meSchema = z.object({
  name: z.string().describe('`operator`, or a user’s name'),
  groups: z.array(z.string()).nullable().describe('null = every group, because no users are configured'),
  signed_in: z.boolean().describe('by a session of the page, which `POST /logout` ends'),
});
