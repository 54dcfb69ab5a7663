// Names under which the OpenAPI document lists the shapes, for clients that generate code from it.

import { z } from 'zod';
import { acceptedSchema, refreshSchema, sessionSchema } from './control-schemas.ts';
import {
  historyRunSchema,
  historySchema,
  operatorActionsSchema,
  promptsSchema,
  samplesSchema,
  statsRowSchema,
  statsSchema,
  timelineEntrySchema,
  timelineSchema,
  transcriptLineSchema,
} from './past-schemas.ts';
import {
  dispatchSchema,
  errorSchema,
  explanationSchema,
  issueSchema,
  livenessSchema,
  parkedSchema,
  pauseSchema,
  rateLimitsSchema,
  readinessSchema,
  retryingSchema,
  runningSchema,
  settingsSchema,
  stateSchema,
  tokensSchema,
  waitingSchema,
} from './schemas.ts';

const names: Readonly<Record<string, z.ZodType>> = {
  Tokens: tokensSchema,
  Running: runningSchema,
  Retrying: retryingSchema,
  Parked: parkedSchema,
  Waiting: waitingSchema,
  Pause: pauseSchema,
  Dispatch: dispatchSchema,
  RateLimits: rateLimitsSchema,
  State: stateSchema,
  Issue: issueSchema,
  Explanation: explanationSchema,
  Settings: settingsSchema,
  HistoryRun: historyRunSchema,
  History: historySchema,
  TranscriptLine: transcriptLineSchema,
  TimelineEntry: timelineEntrySchema,
  Timeline: timelineSchema,
  Prompts: promptsSchema,
  StatsRow: statsRowSchema,
  Stats: statsSchema,
  Samples: samplesSchema,
  OperatorActions: operatorActionsSchema,
  Accepted: acceptedSchema,
  Refresh: refreshSchema,
  Session: sessionSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  Error: errorSchema,
};

export const namedSchemas = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(names)) namedSchemas.add(schema, { id });
