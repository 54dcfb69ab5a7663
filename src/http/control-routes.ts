// What an operator tells the daemon: each word is handed to the daemon's view as it is, cleaned to one line, with the
// name of the user who said it, where one is known. It is answered once it is durable or refused; a caller that leaves meanwhile does not take it back.

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import {
  DAEMON_CONTROLS,
  ISSUE_CONTROLS,
  type ControlName,
  type OperatorWord,
} from '../contract/controls.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { acceptedSchema, refreshSchema, refreshWordSchema, wordSchema } from './control-schemas.ts';
import { ApiError } from './error-codes.ts';
import { oneLine } from './one-line.ts';
import { askedOf } from './patience.ts';
import type { People } from './people.ts';
import type { RouteSource } from './route-source.ts';
import { issueParams } from './state-routes.ts';
import { notYet } from './state-text.ts';
import { toIso } from './wire-values.ts';

const LONGEST_REASON = 500;
const LONGEST_BY = 100;

const WRITE_ERRORS = [
  'cross_origin_refused',
  'draining',
  'payload_too_large',
  'unsupported_media_type',
  'snapshot_unavailable',
] as const;

const summaries: Readonly<Record<ControlName, string>> = {
  pause: 'Start no run until `resume`; what runs goes on',
  resume: 'Start runs again',
  drain: 'Start no run, and say when the last one has ended',
  dispatch: 'Run this issue now, before anything else that waits',
  cancel: 'End what runs; the issue is held until `unhold`',
  retry: 'What is queued or parked is due now, with a fresh allowance',
  release: 'Forget what is queued or parked; the next tick judges the issue anew',
  hold: 'Start no run of this issue until `unhold`',
  unhold: 'End the hold',
};

export function addControlRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  for (const control of DAEMON_CONTROLS) {
    app.post(`/api/v1/${control}`, {
      schema: {
        summary: summaries[control],
        description: 'Survives a restart. A body is not needed; `Content-Type: application/json` is.',
        body: wordSchema,
        response: {
          202: answer(acceptedSchema, 'Accepted, and durable.'),
          ...errorAnswers('token', 'invalid_state', 'store_failed', ...WRITE_ERRORS),
        },
      },
      handler: async ({ body, raw }, reply) =>
        reply.code(202).send(await tell(source, control, null, toWord(body, raw, source.people))),
    });
  }
  for (const control of ISSUE_CONTROLS) {
    app.post(`/api/v1/issues/:identifier/${control}`, {
      schema: {
        summary: summaries[control],
        description: 'Survives a restart. A body is not needed; `Content-Type: application/json` is.',
        params: issueParams,
        body: wordSchema,
        response: {
          202: answer(acceptedSchema, 'Accepted, and durable.'),
          ...errorAnswers(
            'token',
            'issue_not_found',
            'invalid_state',
            'uri_too_long',
            'tracker_failed',
            'store_failed',
            ...WRITE_ERRORS,
          ),
        },
      },
      handler: async ({ params, body, raw }, reply) =>
        reply
          .code(202)
          .send(await tell(source, control, params.identifier, toWord(body, raw, source.people))),
    });
  }
  addRefreshRoute(instance, source);
}

async function tell(
  { view, closing, redact }: RouteSource,
  control: ControlName,
  identifier: string | null,
  word: OperatorWord,
): Promise<z.output<typeof acceptedSchema>> {
  const told = await askedOf(closing, (signal) => view.control({ control, identifier, word }, signal));
  if (told.kind === 'refused') throw new ApiError(told.code, redact(told.message));
  const known = identifier === null ? null : (view.issue(identifier)?.issueIdentifier ?? identifier);
  return { accepted: true, control, issue_identifier: known, message: redact(told.message) };
}

function toWord(body: z.output<typeof wordSchema>, request: IncomingMessage, people: People): OperatorWord {
  const by = people.nameFor(request, oneLine(body?.by ?? '', LONGEST_BY));
  return { by, reason: oneLine(body?.reason ?? '', LONGEST_REASON) };
}

function addRefreshRoute(instance: FastifyInstance, { view, people }: RouteSource): void {
  instance.withTypeProvider<ZodTypeProvider>().post('/api/v1/refresh', {
    schema: {
      summary: 'Look at the tracker now instead of at the next tick',
      description: 'Noted in the operators’ log. A body is not needed; `Content-Type: application/json` is.',
      body: refreshWordSchema,
      response: {
        202: answer(refreshSchema, 'Accepted; a wish that waits already is not queued twice.'),
        ...errorAnswers('token', ...WRITE_ERRORS),
      },
    },
    handler: async ({ body, raw }, reply) => {
      const accepted = view.refresh(toWord(body, raw, people));
      if (accepted === null && view.snapshot() === null) throw notYet();
      if (accepted === null) throw new ApiError('draining', 'the daemon is shutting down');
      const { queued, coalesced, requestedAtMs, operations } = accepted;
      return reply.code(202).send({
        accepted: true,
        control: 'refresh',
        issue_identifier: null,
        message: coalesced ? 'a look at the tracker is queued already' : 'the tracker is looked at now',
        queued,
        coalesced,
        requested_at: toIso(requestedAtMs),
        operations: [...operations],
      });
    },
  });
}
