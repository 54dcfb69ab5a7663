// The shapes of comments, answered (Comment, PageOfComments, PageBeanComment) and sent.
// What is sent may hold only what can be written: read-only properties are refused.
import { z } from 'zod';
import { date, document, entityProperty, numericId, page, url, userDetails } from './basics.ts';

export const visibility = z.strictObject({
  type: z.enum(['group', 'role']),
  value: z.string().optional(),
  identifier: z.string().nullable().optional(),
});

export const comment = z.strictObject({
  self: url,
  id: numericId,
  author: userDetails.optional(),
  body: document,
  updateAuthor: userDetails.optional(),
  created: date,
  updated: date,
  jsdPublic: z.boolean(),
  renderedBody: z.string().optional(),
  visibility: visibility.optional(),
  properties: z.array(entityProperty).optional(),
});

export const pageOfComments = z.strictObject({
  startAt: z.int(),
  maxResults: z.int(),
  total: z.int(),
  comments: z.array(comment),
});

export const pageBeanComment = page(comment);

/** The body is judged by the route: a wrong document has its own answer. */
export const commentToWrite = z.strictObject({
  body: z.unknown(),
  visibility: visibility.optional(),
  properties: z.array(entityProperty).optional(),
});

export const commentIds = z.strictObject({ ids: z.array(z.int()).min(1).max(1000) });
