// The shapes of queries: what may be asked of search, of the count and of the parser, and a parsed query.
import { z } from 'zod';

/** SearchAndReconcileRequestBean: `fields` an array, `expand` a string. */
export const searchRequest = z.strictObject({
  jql: z.string().optional(),
  fields: z.array(z.string()).optional(),
  expand: z.string().optional(),
  fieldsByKeys: z.boolean().optional(),
  maxResults: z.int().optional(),
  nextPageToken: z.string().optional(),
  properties: z.array(z.string()).optional(),
  reconcileIssues: z.array(z.int()).max(50).optional(),
});

/** BulkFetchIssueRequestBean: here `expand` is an array. */
export const bulkFetchRequest = z.strictObject({
  issueIdsOrKeys: z.array(z.string()).min(1).max(100),
  fields: z.array(z.string()).optional(),
  expand: z.array(z.string()).optional(),
  fieldsByKeys: z.boolean().optional(),
  properties: z.array(z.string()).optional(),
});

export const countRequest = z.strictObject({ jql: z.string() });
export const countResult = z.strictObject({ count: z.int() });

export const queriesToParse = z.strictObject({ queries: z.array(z.string()).min(1) });

const field = z.strictObject({ name: z.string(), encodedName: z.string().optional() });
const value = z.object({ value: z.string() });
const callOf = z.object({ function: z.string(), arguments: z.array(z.string()) });
const keyword = z.object({ keyword: z.literal('empty') });
const single = z.union([value, callOf, keyword]);
const operand = z.union([z.object({ values: z.array(single) }), single]);

const clause: z.ZodType = z.lazy(() =>
  z.union([
    z.object({ operator: z.enum(['and', 'or', 'not']), clauses: z.array(clause) }),
    z.object({
      field,
      operator: z.enum(['=', '!=', '>', '<', '>=', '<=', 'in', 'not in', '~', '!~', 'is', 'is not']),
      operand,
    }),
  ]),
);

/** ParsedJqlQueries. `!~` is missing in the description's list of operators, yet JQL has it. */
export const parsedQueries = z.strictObject({
  queries: z.array(
    z.strictObject({
      query: z.string(),
      structure: z
        .strictObject({
          where: clause.optional(),
          orderBy: z
            .strictObject({
              fields: z.array(z.strictObject({ field, direction: z.enum(['asc', 'desc']).optional() })),
            })
            .optional(),
        })
        .optional(),
      errors: z.array(z.string()).optional(),
      warnings: z.array(z.string()).optional(),
    }),
  ),
});
