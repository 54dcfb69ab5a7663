// GET /api/v1/events: hands the answer's stream to the live events. It ends with the session that opened it.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import type { Doors } from './doors.ts';
import type { LiveEvents } from './live-events.ts';
import { EVENT_STREAM, openStream, tooManyStreams } from './open-stream.ts';

export function addEventRoute(app: FastifyInstance, events: LiveEvents, doors: Doors): void {
  app.get('/api/v1/events', {
    // A HEAD request would open a stream that nobody reads.
    exposeHeadRoute: false,
    schema: {
      summary: 'The state, live',
      description:
        'Server-sent events: `event: state` with the data of `/api/v1/state` and a rising `id`, at most 4 a ' +
        'second; a comment line every 15 s. Each event is the whole state, so nothing has to be replayed: with the ' +
        '`Last-Event-ID` of the newest one nothing is sent until something changes, else one at once that is at most ' +
        'a second old. One comes every 30 s at the latest, although nothing has changed.',
      headers: z.looseObject({ 'last-event-id': z.string().optional() }),
      response: {
        200: answer(z.string(), 'The stream; it ends with the daemon, or the session.', EVENT_STREAM),
        ...errorAnswers('token', 'too_many_streams'),
      },
    },
    handler: async ({ headers, raw: request }, reply) => {
      doors.endWithSession(request, reply.raw);
      const raw = openStream(reply, EVENT_STREAM);
      if (!events.connect(raw, idOf(headers['last-event-id']))) {
        raw.removeHeader('content-type');
        throw tooManyStreams();
      }
      reply.hijack();
    },
  });
}

/** What is no id of ours is none at all. */
function idOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
