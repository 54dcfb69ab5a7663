// What agents want to write and people must decide. A decision is handed on with who makes it; whether he may, and
// whether it comes too late, is not judged here.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LONGEST_DECISION_NOTE } from '../contract/approval.ts';
import type { JsonMap } from '../contract/tool-operations.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import { oneLine } from './one-line.ts';
import { askedOf } from './patience.ts';
import { approvalsQuerySchema } from './query-schemas.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { approvalSchema, approvalsSchema, decisionSchema } from './tool-schemas.ts';
import { toApproval, toApprovals } from './tool-wire.ts';
import { toolsOf, withToolErrors } from './tools-view.ts';

/** A person may send back, edited, all that an agent may ask for, which is as much. */
const BODY_LIMIT_BYTES = 1024 * 1024;

const params = z.object({ id: z.string().min(1).describe('a proposal’s `id`') });

export function addApprovalRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { people, redact, nowMs } = source;

  app.get('/api/v1/approvals', {
    schema: {
      summary: 'What agents want to write and people must decide, or have decided',
      querystring: approvalsQuerySchema,
      response: {
        200: answer(approvalsSchema, 'One page; `next_cursor` is null on the last.'),
        ...errorAnswers('token', 'tools_off'),
      },
    },
    handler: async ({ query, raw }) => {
      const { run_id: runId, ...filters } = query;
      const page = await toolsOf(source).approvals({ ...filters, runId });
      const asking = { person: people.personOf(raw), nowMs: nowMs() };
      return redactAnswer(toApprovals(page, asking), redact);
    },
  });

  app.get('/api/v1/approvals/:id', {
    schema: {
      summary: 'One proposal',
      params,
      response: {
        200: answer(approvalSchema, 'The proposal.'),
        ...errorAnswers('token', 'approval_not_found', 'tools_off', 'uri_too_long'),
      },
    },
    handler: async ({ params: { id }, raw }) => {
      const approval = await toolsOf(source).approval(id);
      if (approval === null) throw notFound(id);
      return redactAnswer(toApproval(approval, { person: people.personOf(raw), nowMs: nowMs() }), redact);
    },
  });

  app.post('/api/v1/approvals/:id', {
    bodyLimit: BODY_LIMIT_BYTES,
    schema: {
      summary: 'Decide a proposal',
      description:
        'Decided once, by whom the request comes from; durable when it is answered. What the body changes is checked, ' +
        'and judged by the policy, as if the agent had asked for it. `result` says later what became of the writes.',
      params,
      body: decisionSchema,
      response: {
        200: answer(approvalSchema, 'Decided.'),
        ...errorAnswers(
          'token',
          'approval_not_found',
          'tools_off',
          'already_decided',
          'not_in_group',
          'policy_denied',
          'invalid_details',
          'store_failed',
          'tracker_failed',
          'draining',
          'cross_origin_refused',
          'payload_too_large',
          'uri_too_long',
          'unsupported_media_type',
        ),
      },
    },
    handler: async ({ params: { id }, body, raw }) => {
      const tools = toolsOf(source);
      const person = people.personOf(raw);
      const decision = {
        status: body.status,
        modifiedDetails: (body.modifiedDetails ?? {}) as JsonMap,
        decisionNote: oneLine(body.decisionNote ?? '', LONGEST_DECISION_NOTE),
      };
      const todo = 'see what became of it before deciding again';
      const told = await withToolErrors(source, () =>
        askedOf(source.closing, () => tools.decide(id, decision, person), { todo }),
      );
      if (told.kind === 'refused') throw new ApiError(told.code, redact(oneLine(told.message, 1_000)));
      return redactAnswer(toApproval(told.approval, { person, nowMs: nowMs() }), redact);
    },
  });
}

function notFound(id: string): ApiError {
  return new ApiError('approval_not_found', `no proposal ${JSON.stringify(id.slice(0, 100))} is known`);
}
