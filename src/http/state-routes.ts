// What people and scripts read of the daemon: the state, one issue, the history, and the wish for a refresh.
// Handlers ask the daemon's view and the store, convert at the edge, and decide nothing else.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DaemonView } from '../contract/snapshot.ts';
import type { Store } from '../contract/store.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import { redactAnswer, type Redact } from './redact-answer.ts';
import {
  historyQuerySchema,
  historySchema,
  issueSchema,
  refreshSchema,
  stateSchema,
  type IssueAnswer,
  type State,
} from './schemas.ts';
import { toHistory, toIssue, toRefreshAccepted, toReleasedIssue, toState } from './wire.ts';

export interface StateSource {
  readonly view: DaemonView;
  readonly store: Pick<Store, 'history' | 'findIssue'>;
  readonly redact: Redact;
}

/** Ended runs that stand in for the events of an issue that the core has let go. */
const RELEASED_EVENTS = 20;

export function addStateRoutes(instance: FastifyInstance, source: StateSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get('/api/v1/state', {
    schema: {
      summary: 'Everything that runs, waits or is parked now',
      response: { 200: answer(stateSchema, 'The state.'), ...errorAnswers('token', 'snapshot_unavailable') },
    },
    handler: async () => currentState(source),
  });

  for (const url of ['/api/v1/issues/:identifier', '/api/v1/:identifier']) {
    app.get(url, {
      schema: {
        summary: 'One issue, by its identifier',
        description:
          'Also served at `/api/v1/{identifier}`; the path under `issues/` never collides with a route.',
        params: z.object({ identifier: z.string().min(1).describe('percent-encoded, any characters') }),
        response: {
          200: answer(issueSchema, 'What is known of the issue; `released` when only the history knows it.'),
          ...errorAnswers('token', 'issue_not_found', 'uri_too_long', 'snapshot_unavailable'),
        },
      },
      handler: async ({ params }) => findIssue(source, params.identifier),
    });
  }

  app.get('/api/v1/history', {
    schema: {
      summary: 'Ended runs, newest first',
      querystring: historyQuerySchema,
      response: {
        200: answer(historySchema, 'One page; `next_cursor` is null on the last.'),
        ...errorAnswers('token'),
      },
    },
    handler: async ({ query }) => redactAnswer(toHistory(await source.store.history(query)), source.redact),
  });

  app.post('/api/v1/refresh', {
    schema: {
      summary: 'Look at the tracker now instead of at the next tick',
      description: 'A body is not needed; `Content-Type: application/json` is.',
      response: {
        202: answer(refreshSchema, 'Accepted; a wish that waits already is not queued twice.'),
        ...errorAnswers(
          'token',
          'cross_origin_refused',
          'draining',
          'payload_too_large',
          'unsupported_media_type',
          'snapshot_unavailable',
        ),
      },
    },
    handler: async (_request, reply) => {
      const accepted = source.view.refresh();
      if (accepted === null && source.view.snapshot() === null) throw notYet();
      if (accepted === null) throw new ApiError('draining', 'the daemon is shutting down');
      return reply.code(202).send(toRefreshAccepted(accepted));
    },
  });
}

/** Throws `snapshot_unavailable` before recovery has finished. */
export function currentState({ view, redact }: StateSource): State {
  const snapshot = view.snapshot();
  if (snapshot === null) throw notYet();
  return redactAnswer(toState(snapshot, view.readiness()), redact);
}

async function findIssue({ view, store, redact }: StateSource, identifier: string): Promise<IssueAnswer> {
  if (view.snapshot() === null) throw notYet();
  const live = view.issue(identifier);
  const stored = await store.findIssue(identifier);
  if (live !== null) return redactAnswer(toIssue(live, stored), redact);
  const { runs } = await store.history({ identifier, limit: RELEASED_EVENTS });
  const latest = runs[0];
  const known = stored ?? (latest && { issueId: latest.issueId, identifier: latest.issueIdentifier });
  if (known === undefined) {
    throw new ApiError(
      'issue_not_found',
      `no issue ${JSON.stringify(identifier.slice(0, 200))} is known here: it has had no run and is not among the candidates, so see whether its state is one of tracker.active_states`,
    );
  }
  return redactAnswer(toReleasedIssue(known, stored, runs), redact);
}

function notYet(): ApiError {
  return new ApiError('snapshot_unavailable', 'the daemon is still recovering', { 'retry-after': '1' });
}
