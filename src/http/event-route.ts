// GET /api/v1/events: hands the answer's stream to the live events. Takes HTTP's side of it: headers, the
// limit of open streams, and a connection that ends with the stream instead of staying for a next request.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import type { LiveEvents } from './live-events.ts';

export function addEventRoute(app: FastifyInstance, events: LiveEvents): void {
  app.get('/api/v1/events', {
    // A HEAD request would open a stream that nobody reads.
    exposeHeadRoute: false,
    schema: {
      summary: 'The state, live',
      description:
        'Server-sent events: `event: state` with the data of `/api/v1/state` and a rising `id`, at most 4 a ' +
        'second; a comment line every 15 s. Each event is the whole state, so nothing has to be replayed.',
      response: {
        200: answer(z.string(), 'The stream; it ends when the daemon does.', 'text/event-stream'),
        ...errorAnswers('token', 'too_many_streams'),
      },
    },
    handler: async (_request, reply) => {
      const { raw } = reply;
      raw.shouldKeepAlive = false;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      raw.setHeader('content-type', 'text/event-stream; charset=utf-8');
      // nginx would otherwise hold frames back until its buffer is full.
      raw.setHeader('x-accel-buffering', 'no');
      raw.statusCode = 200;
      if (!events.connect(raw)) {
        raw.removeHeader('content-type');
        throw new ApiError('too_many_streams', 'too many open event streams', { 'retry-after': '5' });
      }
      reply.hijack();
    },
  });
}
