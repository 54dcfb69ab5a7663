// Shapes that many answers hold, from Atlassian's OpenAPI description: errors, people, statuses, priorities.
// Strict where the description says additionalProperties: false, loose where it says true. Properties that it
// does not require are required here when the loopback always sends them, so that a slip is noticed.
import { z } from 'zod';
import { checkAdf } from '../adf/check.ts';
import { jiraDatePattern } from '../jira-date.ts';

export const date = z.string().regex(jiraDatePattern);
export const url = z.url();
export const numericId = z.string().regex(/^\d+$/);

export const document = z.unknown().superRefine((value, context) => {
  const problem = checkAdf(value);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

export const errorCollection = z.strictObject({
  errorMessages: z.array(z.string()),
  errors: z.record(z.string(), z.string()),
  status: z.int().optional(),
});

/** Not in the description, but what Jira sends for some bad requests: RFC 9457. */
export const problemJson = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});

export const avatarUrls = z.strictObject({ '16x16': url, '24x24': url, '32x32': url, '48x48': url });

/** UserDetails: never `name` or `key`, and an address only when its owner shows it. */
export const userDetails = z.strictObject({
  self: url,
  accountId: z.string().max(128),
  accountType: z.enum(['atlassian', 'app', 'customer']),
  active: z.boolean(),
  displayName: z.string(),
  emailAddress: z.string().optional(),
  timeZone: z.string(),
  avatarUrls,
});

/** User. */
export const user = z.strictObject({
  ...userDetails.shape,
  accountType: z.enum(['atlassian', 'app', 'customer', 'unknown']),
  locale: z.string().optional(),
  groups: z.strictObject({ items: z.array(z.unknown()), size: z.int() }).optional(),
  applicationRoles: z.strictObject({ items: z.array(z.unknown()), size: z.int() }).optional(),
  expand: z.string().optional(),
});

export const statusCategory = z.looseObject({
  self: url,
  id: z.int(),
  key: z.enum(['new', 'indeterminate', 'done']),
  colorName: z.string(),
  name: z.string(),
});

export const scope = z.looseObject({
  type: z.enum(['PROJECT', 'TEMPLATE']),
  project: z.strictObject({ id: numericId }).optional(),
});

export const statusDetails = z.looseObject({
  self: url,
  id: numericId,
  name: z.string(),
  description: z.string(),
  iconUrl: z.string(),
  statusCategory,
  scope: scope.optional(),
});

export const priority = z.looseObject({
  self: url,
  id: numericId,
  name: z.string(),
  iconUrl: z.string(),
  description: z.string().optional(),
  isDefault: z.boolean().optional(),
  statusColor: z.string().optional(),
});

export const issueType = z.strictObject({
  self: url,
  id: numericId,
  name: z.string(),
  description: z.string(),
  iconUrl: z.string(),
  avatarId: z.int().optional(),
  entityId: z.uuid().optional(),
  hierarchyLevel: z.int(),
  subtask: z.boolean(),
  scope: scope.optional(),
});

export const linkType = z.strictObject({
  self: url,
  id: numericId,
  name: z.string(),
  inward: z.string(),
  outward: z.string(),
});

export const schemaOfField = z.strictObject({
  type: z.string(),
  items: z.string().optional(),
  system: z.string().optional(),
  custom: z.string().optional(),
  customId: z.int().optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
});

/** Metadata of a field on a create, edit or transition screen. */
export const fieldMetadata = z.strictObject({
  required: z.boolean(),
  schema: schemaOfField,
  name: z.string(),
  key: z.string(),
  hasDefaultValue: z.boolean(),
  operations: z.array(z.string()),
  allowedValues: z.array(z.unknown()).optional(),
  autoCompleteUrl: z.string().optional(),
  defaultValue: z.unknown().optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
});

/** The description bounds neither; the pages on entity properties do: 255 characters, 32,768 as JSON, not empty. */
export const entityProperty = z.strictObject({
  key: z.string().min(1).max(255),
  value: z.unknown().refine((value) => value !== undefined && JSON.stringify(value).length <= 32_768, {
    error: 'no value, or one that is too long',
  }),
});

/** PageBean…: the paged answer of most listings. */
export function page<T extends z.ZodType>(value: T): z.ZodType {
  return z.strictObject({
    self: url.optional(),
    nextPage: url.optional(),
    maxResults: z.int(),
    startAt: z.int(),
    total: z.int(),
    isLast: z.boolean(),
    values: z.array(value),
  });
}
