// What people and scripts read of the daemon's present: the state, one issue, why it runs or does not, the settings.
// Handlers ask the daemon's view and the store, convert at the edge, and decide nothing else.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import { toExplanation, toIssue, toReleasedIssue } from './issue-wire.ts';
import { askedOf } from './patience.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import {
  explanationSchema,
  issueSchema,
  settingsSchema,
  stateSchema,
  type ExplanationAnswer,
  type IssueAnswer,
  type SettingsAnswer,
} from './schemas.ts';
import { notYet, type StateText } from './state-text.ts';
import { orNull, toIsoOrNull } from './wire-values.ts';

/** Ended runs that stand in for the events of an issue that the core has let go. */
const RELEASED_EVENTS = 20;

export const issueParams = z.object({
  identifier: z.string().min(1).describe('percent-encoded, any characters'),
});

export function addStateRoutes(instance: FastifyInstance, source: RouteSource, stateText: StateText): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get('/api/v1/state', {
    schema: {
      summary: 'Everything that runs, waits or is parked now',
      response: { 200: answer(stateSchema, 'The state.'), ...errorAnswers('token', 'snapshot_unavailable') },
    },
    // Checked and serialised already: a Buffer passes the answer's schema by.
    handler: async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(Buffer.from(stateText())),
  });

  for (const url of ['/api/v1/issues/:identifier', '/api/v1/:identifier']) {
    app.get(url, {
      schema: {
        summary: 'One issue, by its identifier',
        description:
          'Also served at `/api/v1/{identifier}`; the path under `issues/` never collides with a route.',
        params: issueParams,
        response: {
          200: answer(issueSchema, 'What is known of the issue; `released` when only the history knows it.'),
          ...errorAnswers('token', 'issue_not_found', 'uri_too_long', 'snapshot_unavailable'),
        },
      },
      handler: async ({ params }) => findIssue(source, params.identifier),
    });
  }

  app.get('/api/v1/issues/:identifier/explain', {
    schema: {
      summary: 'Why an issue runs or does not, and what would change that',
      description: 'An issue that the daemon does not know is asked of the tracker.',
      params: issueParams,
      response: {
        200: answer(explanationSchema, 'The verdict; `not_found` when nobody knows the issue.'),
        ...errorAnswers('token', 'uri_too_long', 'tracker_failed', 'snapshot_unavailable'),
      },
    },
    handler: async ({ params }) => explain(source, params.identifier),
  });

  app.get('/api/v1/settings', {
    schema: {
      summary: 'The settings in force, and where each came from',
      response: { 200: answer(settingsSchema, 'Secrets are masked.'), ...errorAnswers('token', 'not_found') },
    },
    handler: async () => showSettings(source),
  });
}

async function findIssue({ view, store, redact }: RouteSource, identifier: string): Promise<IssueAnswer> {
  if (view.snapshot() === null) throw notYet();
  const live = view.issue(identifier);
  const stored = await store.findIssue(identifier);
  if (live !== null) return redactAnswer(toIssue(live, stored), redact);
  const { runs } = await store.history({ identifier, limit: RELEASED_EVENTS });
  const latest = runs[0];
  const known = stored ?? (latest && { issueId: latest.issueId, identifier: latest.issueIdentifier });
  if (known === undefined) throw issueNotFound(identifier);
  return redactAnswer(toReleasedIssue(known, stored, runs), redact);
}

export function issueNotFound(identifier: string): ApiError {
  return new ApiError(
    'issue_not_found',
    `no issue ${JSON.stringify(identifier.slice(0, 200))} is known here: it has had no run and is not among the candidates, so see whether its state is one of tracker.active_states`,
  );
}

async function explain(source: RouteSource, identifier: string): Promise<ExplanationAnswer> {
  const told = await askedOf(source.closing, (signal) => source.view.explain(identifier, signal));
  if (told.kind === 'failed') throw new ApiError(told.code, source.redact(told.message));
  return redactAnswer(toExplanation(told.explanation), source.redact);
}

function showSettings({ view, settingsView, redact }: RouteSource): SettingsAnswer {
  if (settingsView === undefined) throw new ApiError('not_found', 'there is nothing at this path');
  const { path, effective } = settingsView();
  const { workflowLoadedAtMs, reloadError, reloadFailedAtMs } = view.readiness();
  return redactAnswer(
    {
      workflow_path: path,
      loaded_at: toIsoOrNull(workflowLoadedAtMs),
      reload_error: orNull(reloadError),
      reload_failed_at: toIsoOrNull(reloadFailedAtMs),
      settings: effective.map(({ key, value, source, place }) => ({ key, value, source, place })),
    },
    redact,
  );
}
