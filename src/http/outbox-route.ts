// GET /api/v1/outbox: the writes to the tracker, what waits and why.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { outboxQuerySchema } from './query-schemas.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { outboxSchema } from './tool-schemas.ts';
import { toOutbox } from './tool-wire.ts';
import { toolsOf } from './tools-view.ts';

export function addOutboxRoute(instance: FastifyInstance, source: RouteSource): void {
  instance.withTypeProvider<ZodTypeProvider>().get('/api/v1/outbox', {
    schema: {
      summary: 'Writes to the tracker: what waits, and why',
      description: 'All of them, the orchestrator’s own as well as those of agents.',
      querystring: outboxQuerySchema,
      response: {
        200: answer(outboxSchema, 'One page; `next_cursor` is null on the last.'),
        ...errorAnswers('token', 'tools_off'),
      },
    },
    handler: async ({ query }) => redactAnswer(toOutbox(await toolsOf(source).outbox(query)), source.redact),
  });
}
