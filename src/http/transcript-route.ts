// GET /api/v1/runs/{id}/transcript: what a run's agent said, from the disk and then live. The socket's back-pressure
// goes through to the reading of the file, so that a slow client costs no memory; one that does not read at all is
// dropped. The lines were redacted when they were written; secrets that came later are taken out here.

import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { TranscriptLine } from '../contract/transcript.ts';
import { errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import {
  BLOCKED_LIMIT_MS,
  COMMENT,
  COMMENT_INTERVAL_MS,
  EVENT_STREAM,
  openStream,
  RECONNECT,
  tooManyStreams,
} from './open-stream.ts';
import type { Doors } from './doors.ts';
import type { Redact } from './redact-answer.ts';
import { transcriptLineSchema, type TranscriptLineAnswer } from './past-schemas.ts';
import { toTranscriptLine } from './past-wire.ts';
import { transcriptQuerySchema } from './query-schemas.ts';
import type { RouteSource } from './route-source.ts';

const LINES = 'application/x-ndjson';

const answers = {
  200: {
    description:
      'As server-sent events, which end with the run; or one JSON object a line, as far as the run has come.',
    content: {
      [EVENT_STREAM]: { schema: z.string() },
      [LINES]: { schema: transcriptLineSchema },
    },
  },
  ...errorAnswers('token', 'run_not_found', 'too_many_streams'),
};

export function addTranscriptRoute(instance: FastifyInstance, parts: RouteSource, doors: Doors): void {
  instance.withTypeProvider<ZodTypeProvider>().get('/api/v1/runs/:runId/transcript', {
    // A HEAD request would open a stream that nobody reads.
    exposeHeadRoute: false,
    schema: {
      summary: 'What the agent of a run said, raw, from the beginning and live',
      description:
        'Server-sent events: `event: line` with the line’s `seq` as `id`, a comment line every 15 s, and ' +
        '`event: end` when the run is over. `Last-Event-ID` or `after` goes on behind a line that was seen; a gap ' +
        'in `seq` = lines that were not kept. With `Accept: application/x-ndjson` or `follow=false` one JSON object ' +
        'a line and no waiting for more (`follow=true` waits all the same). Known secrets are taken out.',
      params: z.object({ runId: z.string().min(1).describe('a run’s `run_id`') }),
      querystring: transcriptQuerySchema,
      headers: z.looseObject({ 'last-event-id': z.string().optional() }),
      response: answers,
    },
    handler: async ({ params, query, headers, raw: request }, reply) => {
      const wantsLines = query.follow === false || prefersLines(headers['accept']);
      const goesOn = query.follow ?? !wantsLines;
      const after = query.after ?? seqOf(headers['last-event-id']);
      const release = parts.slots.take();
      if (release === null) throw tooManyStreams();
      const left = new AbortController();
      const signal = AbortSignal.any([left.signal, parts.closing]);
      reply.raw.once('close', () => {
        left.abort();
        release();
      });
      doors.endWithSession(request, reply.raw);
      const { transcripts } = parts;
      const lines =
        (goesOn
          ? await transcripts?.follow(params.runId, after, signal)
          : await transcripts?.read(params.runId, after, signal)) ?? null;
      if (lines === null) {
        release();
        throw notFound(params.runId);
      }
      const raw = openStream(reply, wantsLines ? LINES : EVENT_STREAM);
      reply.hijack();
      const send = wantsLines ? sendLines : sendEvents;
      await send(raw, shown(lines, parts.redact, signal), signal).catch((error: unknown) => {
        if (!signal.aborted) parts.warn('transcript not sent', { run_id: params.runId, error });
        raw.destroy();
      });
    },
  });
}

async function* shown(
  lines: AsyncIterable<TranscriptLine>,
  redact: Redact,
  signal: AbortSignal,
): AsyncGenerator<TranscriptLineAnswer> {
  for await (const line of lines) {
    if (signal.aborted) return;
    yield toTranscriptLine({ ...line, line: redact(line.line) });
  }
}

type Send = (
  raw: ServerResponse,
  lines: AsyncIterable<TranscriptLineAnswer>,
  signal: AbortSignal,
) => Promise<void>;

const sendLines: Send = async (raw, lines, signal) => {
  raw.flushHeaders();
  for await (const line of lines) await write(raw, `${JSON.stringify(line)}\n`, signal);
  raw.end();
};

const sendEvents: Send = async (raw, lines, signal) => {
  raw.write(RECONNECT);
  const comments = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(COMMENT);
  }, COMMENT_INTERVAL_MS);
  try {
    for await (const line of lines) {
      await write(raw, `id: ${line.seq}\nevent: line\ndata: ${JSON.stringify(line)}\n\n`, signal);
    }
  } finally {
    clearInterval(comments);
  }
  // Only the run's own end is one: after a restart of ours, the client comes again.
  if (!signal.aborted) raw.write('event: end\ndata: {}\n\n');
  raw.end();
};

/** A full socket is waited for. */
async function write(raw: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (raw.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      clearTimeout(limit);
      raw.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const limit = setTimeout(() => raw.destroy(), BLOCKED_LIMIT_MS);
    raw.once('drain', settle);
    signal.addEventListener('abort', settle, { once: true });
  });
}

function prefersLines(accept: unknown): boolean {
  return typeof accept === 'string' && accept.includes(LINES) && !accept.includes(EVENT_STREAM);
}

function seqOf(lastEventId: string | undefined): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
}

function notFound(runId: string): ApiError {
  return new ApiError(
    'run_not_found',
    `no transcript of a run ${JSON.stringify(runId.slice(0, 200))} is kept: it is unknown, its agent has said nothing, or it was removed because newer ones needed the room`,
  );
}
