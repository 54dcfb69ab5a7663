// The shapes of things of the site: projects, statuses, fields, creation metadata, links, server.
import { z } from 'zod';
import {
  avatarUrls,
  date,
  fieldMetadata,
  issueType,
  linkType,
  numericId,
  page,
  priority,
  schemaOfField,
  scope,
  statusDetails,
  url,
  user,
  userDetails,
} from './basics.ts';

export const project = z.strictObject({
  self: url,
  id: numericId,
  key: z.string(),
  name: z.string(),
  description: z.string().optional(),
  expand: z.string(),
  lead: z
    .strictObject({
      ...user.shape,
      timeZone: z.string().optional(),
    })
    .optional(),
  issueTypes: z.array(issueType).optional(),
  components: z.array(z.strictObject({ id: numericId, name: z.string(), self: url })).optional(),
  versions: z.array(z.unknown()).optional(),
  roles: z.record(z.string(), url).optional(),
  assigneeType: z.enum(['PROJECT_LEAD', 'UNASSIGNED']).optional(),
  avatarUrls,
  projectTypeKey: z.enum(['software', 'service_desk', 'business']),
  simplified: z.boolean(),
  style: z.enum(['classic', 'next-gen']),
  isPrivate: z.boolean(),
  properties: z.record(z.string(), z.unknown()).optional(),
  url: z.string().optional(),
});

export const pageBeanProject = page(project);

export const projectStatuses = z.array(
  z.strictObject({
    self: url,
    id: numericId,
    name: z.string(),
    subtask: z.boolean(),
    statuses: z.array(statusDetails),
  }),
);

export const statusList = z.array(statusDetails);

/** PageOfStatuses. */
export const pageOfStatuses = page(
  z.strictObject({
    id: numericId,
    name: z.string(),
    description: z.string(),
    statusCategory: z.enum(['TODO', 'IN_PROGRESS', 'DONE']),
    scope: z.strictObject({
      type: z.enum(['PROJECT', 'GLOBAL']),
      project: z.strictObject({ id: numericId }).optional(),
    }),
  }),
);

export const priorityList = z.array(priority);
export const pageBeanPriority = page(priority);

export const fieldList = z.array(
  z.strictObject({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    custom: z.boolean(),
    orderable: z.boolean(),
    navigable: z.boolean(),
    searchable: z.boolean(),
    clauseNames: z.array(z.string()),
    schema: schemaOfField.optional(),
    scope: scope.optional(),
  }),
);

const creatableType = z.strictObject({
  ...issueType.shape,
  expand: z.string().optional(),
  fields: z.record(z.string(), fieldMetadata).optional(),
});

export const createMeta = z.strictObject({
  expand: z.string(),
  projects: z.array(
    z.strictObject({
      self: url,
      id: numericId,
      key: z.string(),
      name: z.string(),
      avatarUrls,
      expand: z.string().optional(),
      issuetypes: z.array(creatableType),
    }),
  ),
});

/** PageOfCreateMetaIssueTypes. */
export const createMetaTypes = z.strictObject({
  maxResults: z.int(),
  startAt: z.int(),
  total: z.int(),
  issueTypes: z.array(creatableType),
});

/** PageOfCreateMetaIssueTypeWithField. */
export const createMetaFields = z.strictObject({
  maxResults: z.int(),
  startAt: z.int(),
  total: z.int(),
  fields: z.array(z.strictObject({ ...fieldMetadata.shape, fieldId: z.string() })),
});

export const linkTypes = z.strictObject({ issueLinkTypes: z.array(linkType) });

const oneOf = z.strictObject({ id: z.string().optional(), key: z.string().optional() });

/** LinkIssueRequestJsonBean. */
export const linkToCreate = z.strictObject({
  type: z.strictObject({ id: z.string().optional(), name: z.string().optional() }),
  inwardIssue: oneOf,
  outwardIssue: oneOf,
  comment: z.strictObject({ body: z.unknown(), visibility: z.unknown().optional() }).optional(),
});

export const watchers = z.strictObject({
  self: url,
  isWatching: z.boolean(),
  watchCount: z.int(),
  watchers: z.array(userDetails),
});

export const serverInfo = z.strictObject({
  baseUrl: url,
  displayUrl: url,
  version: z.string(),
  versionNumbers: z.array(z.int()),
  deploymentType: z.literal('Cloud'),
  buildNumber: z.int(),
  buildDate: date,
  serverTime: date,
  serverTimeZone: z.string(),
  scmInfo: z.string(),
  serverTitle: z.string(),
});
