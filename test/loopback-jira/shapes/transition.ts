// The shapes of transitions, answered and sent (IssueUpdateDetails as a transition and as an edit).
import { z } from 'zod';
import { entityProperty, fieldMetadata, numericId, statusDetails } from './basics.ts';

export const issueTransition = z.strictObject({
  id: numericId,
  name: z.string(),
  to: statusDetails,
  hasScreen: z.boolean(),
  isGlobal: z.boolean(),
  isInitial: z.boolean(),
  isAvailable: z.boolean(),
  isConditional: z.boolean(),
  looped: z.boolean(),
  fields: z.record(z.string(), fieldMetadata).optional(),
  expand: z.string().optional(),
});

export const transitions = z.strictObject({ expand: z.string(), transitions: z.array(issueTransition) });

const fieldValues = z.record(z.string(), z.unknown());

/** FieldUpdateOperation: exactly one verb an operation. */
const operation = z
  .strictObject({
    add: z.unknown().optional(),
    copy: z.unknown().optional(),
    edit: z.unknown().optional(),
    remove: z.unknown().optional(),
    set: z.unknown().optional(),
  })
  .refine((value) => Object.keys(value).length === 1, { error: 'one verb an operation' });

export const fieldUpdates = z.record(z.string(), z.array(operation));

const history = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  activityDescription: z.string().optional(),
});

const change = {
  fields: fieldValues.optional(),
  update: fieldUpdates.optional(),
  historyMetadata: history.optional(),
  properties: z.array(entityProperty).optional(),
};

export const transitionToDo = z.strictObject({
  transition: z.strictObject({ id: z.string(), looped: z.boolean().optional() }).optional(),
  ...change,
});

export const issueEdit = z.strictObject(change);

export const issueToCreate = z.strictObject({
  ...change,
  transition: z.strictObject({ id: z.string() }).optional(),
});
