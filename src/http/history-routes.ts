// Ended runs: page by page as JSON, or all that fit the filters as CSV.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HistoryQuery } from '../contract/store.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { csvOf } from './history-csv.ts';
import { BLOCKED_LIMIT_MS, tooManyStreams } from './open-stream.ts';
import { historySchema } from './past-schemas.ts';
import { historyFilterSchema, historyQuerySchema } from './query-schemas.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { timeOf } from './span.ts';
import { toHistory } from './wire.ts';

export function addHistoryRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get('/api/v1/history', {
    schema: {
      summary: 'Ended runs, newest first',
      querystring: historyQuerySchema,
      response: {
        200: answer(historySchema, 'One page; `next_cursor` is null on the last.'),
        ...errorAnswers('token'),
      },
    },
    handler: async ({ query }) => {
      const { limit, cursor } = query;
      const page = await source.store.history({ limit, cursor, ...toFilters(query, source.nowMs()) });
      return redactAnswer(toHistory(page), source.redact);
    },
  });

  app.get('/api/v1/history.csv', {
    // A HEAD request would read pages that nobody wants.
    exposeHeadRoute: false,
    schema: {
      summary: 'Ended runs, newest first, as CSV',
      description: 'All of them that fit the filters; columns are only ever added, at the end.',
      querystring: historyFilterSchema,
      response: {
        200: answer(
          z.string(),
          "RFC 4180, UTF-8, with a header. What a spreadsheet would run begins with `'`.",
          'text/csv',
        ),
        ...errorAnswers('token', 'too_many_streams'),
      },
    },
    handler: async ({ query }, reply) => {
      const release = source.slots.take();
      if (release === null) throw tooManyStreams();
      reply.raw.once('close', release);
      // Reads no faster than the client does; one that does not read at all is let go.
      reply.raw.setTimeout(BLOCKED_LIMIT_MS, () => reply.raw.destroy());
      try {
        const body = await csvOf(source.store, toFilters(query, source.nowMs()), source.redact);
        const day = new Date(source.nowMs()).toISOString().slice(0, 10);
        return await reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="sortie-history-${day}.csv"`)
          .send(body);
      } catch (error) {
        release();
        throw error;
      }
    },
  });
}

type Filters = z.output<typeof historyFilterSchema>;

function toFilters(query: Filters, nowMs: number): Omit<HistoryQuery, 'limit' | 'cursor'> {
  const { identifier, status, agent, state, text, since, until } = query;
  return {
    identifier,
    status,
    agentKind: agent,
    state,
    text,
    sinceMs: since === undefined ? undefined : timeOf('since', since, nowMs),
    untilMs: until === undefined ? undefined : timeOf('until', until, nowMs),
  };
}
