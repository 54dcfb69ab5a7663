// The shapes of worklogs, answered and sent. `started` must be written in Jira's own form of a date.
import { z } from 'zod';
import { visibility } from './comment.ts';
import { date, document, entityProperty, numericId, url, userDetails } from './basics.ts';

export const worklog = z.strictObject({
  self: url,
  id: numericId,
  issueId: numericId,
  author: userDetails.optional(),
  updateAuthor: userDetails.optional(),
  comment: document.optional(),
  created: date,
  updated: date,
  started: date,
  timeSpent: z.string(),
  timeSpentSeconds: z.int(),
  visibility: visibility.optional(),
  properties: z.array(entityProperty).optional(),
});

export const pageOfWorklogs = z.strictObject({
  startAt: z.int(),
  maxResults: z.int(),
  total: z.int(),
  worklogs: z.array(worklog),
});

export const worklogToWrite = z.strictObject({
  comment: z.unknown().optional(),
  started: date.optional(),
  timeSpent: z.string().optional(),
  timeSpentSeconds: z.int().min(1).optional(),
  visibility: visibility.optional(),
  properties: z.array(entityProperty).optional(),
});
