// What agents' tools are, as their models read them, and what the policy would say to a call. Nothing here writes to
// the tracker.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { JsonMap } from '../contract/tool-operations.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { askedOf } from './patience.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { policyAnswerSchema, policyQuestionSchema, schemaReadSchema, toolsSchema } from './tool-schemas.ts';
import { toPolicyAnswer, toTools } from './tool-wire.ts';
import { toolsOf, withToolErrors } from './tools-view.ts';

const WRITE_ERRORS = ['cross_origin_refused', 'payload_too_large', 'unsupported_media_type'] as const;

export function addToolRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { redact } = source;

  app.get('/api/v1/tools', {
    schema: {
      summary: 'What agents may call, and the rules for it',
      response: { 200: answer(toolsSchema, 'Tools and rules.'), ...errorAnswers('token', 'tools_off') },
    },
    handler: async () => redactAnswer(toTools(toolsOf(source).listing()), redact),
  });

  app.post('/api/v1/tools/refresh', {
    schema: {
      summary: 'Read the names of the tracker’s site anew: projects, types, priorities, fields',
      description: 'A body is not needed; `Content-Type: application/json` is.',
      response: {
        202: answer(schemaReadSchema, 'Read, or why it could not be; then the old names stay.'),
        ...errorAnswers('token', 'tools_off', 'tracker_failed', 'draining', ...WRITE_ERRORS),
      },
    },
    handler: async (_request, reply) => {
      const tools = toolsOf(source);
      const read = await withToolErrors(source, () =>
        askedOf(source.closing, (signal) => tools.refreshSchema(signal)),
      );
      return reply.code(202).send(redactAnswer({ ok: read.ok, message: read.message }, redact));
    },
  });

  app.post('/api/v1/tools/policy', {
    schema: {
      summary: 'What the policy would say, and by which rule; changes nothing',
      body: policyQuestionSchema,
      response: {
        200: answer(policyAnswerSchema, 'The decision.'),
        ...errorAnswers('token', 'tools_off', 'invalid_details', ...WRITE_ERRORS),
      },
    },
    handler: async ({ body }) => {
      const question = {
        operation: body.operation,
        details: (body.details ?? {}) as JsonMap,
        issueIdentifier: body.issue_identifier ?? '',
      };
      const verdict = await withToolErrors(source, () => toolsOf(source).explainPolicy(question));
      return redactAnswer(toPolicyAnswer(verdict), redact);
    },
  });
}
