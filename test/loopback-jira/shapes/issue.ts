// The shapes of an issue as it is answered: IssueBean, its known fields, and lists of issues.
import { z } from 'zod';
import {
  date,
  document,
  fieldMetadata,
  issueType,
  linkType,
  numericId,
  priority,
  schemaOfField,
  statusDetails,
  url,
  userDetails,
} from './basics.ts';
import { comment } from './comment.ts';
import { worklog } from './worklog.ts';
import { issueTransition } from './transition.ts';

/** Fields of LinkedIssue. */
const linkedFields = z.strictObject({
  summary: z.string(),
  status: statusDetails,
  priority: priority.optional(),
  issuetype: issueType,
});

export const linkedIssue = z.strictObject({
  id: numericId,
  key: z.string(),
  self: url,
  fields: linkedFields.optional(),
});

const linkOfIssue = z.strictObject({
  id: numericId,
  self: url,
  type: linkType,
  inwardIssue: linkedIssue.optional(),
  outwardIssue: linkedIssue.optional(),
});

const projectOfIssue = z.strictObject({
  self: url,
  id: numericId,
  key: z.string(),
  name: z.string(),
  projectTypeKey: z.enum(['software', 'service_desk', 'business']),
  simplified: z.boolean(),
});

/** All optional: an answer has those that were asked for. Custom fields may hold anything. */
export const issueFieldValues = z
  .object({
    summary: z.string(),
    description: document.nullable(),
    status: statusDetails,
    priority: priority.nullable(),
    labels: z.array(z.string()),
    assignee: userDetails.nullable(),
    reporter: userDetails.nullable(),
    creator: userDetails.nullable(),
    issuetype: issueType,
    project: projectOfIssue,
    parent: linkedIssue,
    subtasks: z.array(linkedIssue),
    issuelinks: z.array(linkOfIssue),
    components: z.array(z.strictObject({ id: numericId, name: z.string(), self: url })),
    resolution: z
      .strictObject({ id: numericId, name: z.string(), self: url, description: z.string() })
      .nullable(),
    created: date,
    updated: date,
    duedate: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .nullable(),
    comment: z.strictObject({
      comments: z.array(comment),
      self: url,
      maxResults: z.int(),
      total: z.int(),
      startAt: z.int(),
    }),
    worklog: z.strictObject({
      worklogs: z.array(worklog),
      maxResults: z.int(),
      total: z.int(),
      startAt: z.int(),
    }),
    watches: z.strictObject({ self: url, watchCount: z.int(), isWatching: z.boolean() }),
  })
  .partial()
  .catchall(z.unknown())
  .refine((fields) => Object.keys(fields).every((id) => id in known || id.startsWith('customfield_')), {
    error: 'a field that Jira does not have',
  });

const known: Readonly<Record<string, true>> = Object.fromEntries(
  (
    'summary description status priority labels assignee reporter creator issuetype project parent subtasks ' +
    'issuelinks components resolution created updated duedate comment worklog watches'
  )
    .split(' ')
    .map((id) => [id, true]),
);

export const issueBean = z.strictObject({
  id: numericId,
  key: z.string().optional(),
  self: url.optional(),
  expand: z.string().optional(),
  fields: issueFieldValues.optional(),
  names: z.record(z.string(), z.string()).optional(),
  schema: z.record(z.string(), schemaOfField).optional(),
  renderedFields: z.record(z.string(), z.unknown()).optional(),
  transitions: z.array(issueTransition).optional(),
  editmeta: z.strictObject({ fields: z.record(z.string(), fieldMetadata) }).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  operations: z.looseObject({ linkGroups: z.array(z.unknown()) }).optional(),
  changelog: z
    .strictObject({ startAt: z.int(), maxResults: z.int(), total: z.int(), histories: z.array(z.unknown()) })
    .optional(),
});

/** SearchAndReconcileResults; the token may also be null, which the description does not say. */
export const searchResults = z.strictObject({
  issues: z.array(issueBean),
  nextPageToken: z.string().nullable().optional(),
  isLast: z.boolean().optional(),
  names: z.record(z.string(), z.string()).optional(),
  schema: z.record(z.string(), schemaOfField).optional(),
});

/** BulkIssueResults. */
export const bulkIssueResults = z.strictObject({
  issues: z.array(issueBean),
  issueErrors: z.array(z.strictObject({ id: z.string(), errorMessage: z.string() })),
});

export const createdIssue = z.strictObject({ id: numericId, key: z.string(), self: url });
