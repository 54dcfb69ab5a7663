// What people read of the past, besides ended runs: an issue's timeline, a run's prompts, figures, samples of the
// load, and who said what. All from the store and the kept files: nothing here asks the tracker.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import {
  operatorActionsSchema,
  promptsSchema,
  samplesSchema,
  statsSchema,
  timelineSchema,
} from './past-schemas.ts';
import { toOperatorActions, toPrompts, toSamples, toStats, toTimeline } from './past-wire.ts';
import {
  actionsQuerySchema,
  samplesQuerySchema,
  statsQuerySchema,
  timelineQuerySchema,
} from './query-schemas.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { BUCKETS_MS, spanOf } from './span.ts';
import { issueNotFound, issueParams } from './state-routes.ts';

export function addPastRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { store, redact, nowMs } = source;

  app.get('/api/v1/issues/:identifier/timeline', {
    schema: {
      summary: 'What happened to an issue, oldest first',
      params: issueParams,
      querystring: timelineQuerySchema,
      response: {
        200: answer(timelineSchema, 'The newest entries before `before`.'),
        ...errorAnswers('token', 'issue_not_found', 'uri_too_long'),
      },
    },
    handler: async ({ params, query }) => {
      const issueId = await issueIdOf(source, params.identifier);
      const page = await store.timeline({ issueId, limit: query.limit, beforeSeq: query.before });
      return redactAnswer(toTimeline(page), redact);
    },
  });

  app.get('/api/v1/runs/:runId/prompts', {
    schema: {
      summary: 'What the agent of a run was told, turn by turn',
      params: z.object({ runId: z.string().min(1).describe('a run’s `run_id`') }),
      response: {
        200: answer(promptsSchema, 'By turn; known secrets are taken out.'),
        ...errorAnswers('token', 'run_not_found'),
      },
    },
    handler: async ({ params }) => {
      const prompts = (await source.transcripts?.prompts(params.runId)) ?? null;
      if (prompts === null) throw noPrompts(params.runId);
      return redactAnswer(toPrompts(prompts), redact);
    },
  });

  app.get('/api/v1/stats', {
    schema: {
      summary: 'Figures over ended runs: outcomes, durations, tokens, cost',
      description: 'Spans are aligned to the epoch, in UTC. A run with three labels counts in three groups.',
      querystring: statsQuerySchema,
      response: { 200: answer(statsSchema, 'The figures.'), ...errorAnswers('token') },
    },
    handler: async ({ query }) => {
      const bucketMs = query.bucket === 'none' ? null : BUCKETS_MS[query.bucket];
      const span = spanOf(query, nowMs(), bucketMs);
      const rows = await store.stats({ ...span, bucketMs, group: query.group });
      return redactAnswer(toStats(span, bucketMs, rows), redact);
    },
  });

  app.get('/api/v1/samples', {
    schema: {
      summary: 'How busy the daemon was: queue lengths, tracker requests, polls',
      description: 'Spans are aligned to the epoch, in UTC. Old samples are kept by the hour.',
      querystring: samplesQuerySchema,
      response: { 200: answer(samplesSchema, 'Oldest first.'), ...errorAnswers('token') },
    },
    handler: async ({ query }) => {
      const bucketMs = BUCKETS_MS[query.bucket];
      return toSamples(bucketMs, await store.samples({ ...spanOf(query, nowMs(), bucketMs), bucketMs }));
    },
  });

  app.get('/api/v1/operator-actions', {
    schema: {
      summary: 'Who told the daemon what, and why; newest first',
      querystring: actionsQuerySchema,
      response: { 200: answer(operatorActionsSchema, 'The words.'), ...errorAnswers('token') },
    },
    handler: async ({ query }) =>
      redactAnswer(toOperatorActions(await store.operatorActions(query.limit)), redact),
  });
}

async function issueIdOf({ view, store }: RouteSource, identifier: string): Promise<string> {
  const live = view.issue(identifier);
  if (live !== null) return live.issueId;
  const stored = await store.findIssue(identifier);
  if (stored !== null) return stored.issueId;
  const { runs } = await store.history({ identifier, limit: 1 });
  if (runs[0] === undefined) throw issueNotFound(identifier);
  return runs[0].issueId;
}

function noPrompts(runId: string): ApiError {
  return new ApiError(
    'run_not_found',
    `no prompts of a run ${JSON.stringify(runId.slice(0, 200))} are kept: it is unknown, has not begun its first turn, or they were removed because newer ones needed the room`,
  );
}
