// Jira's paged lists of things of the site: `startAt`, `values`, and `isLast` or `total`. Read to their end, up to a limit
// that no site reaches in earnest.
import { z, type ZodType } from 'zod';
import type { JiraClient } from '../client.ts';

const pageSize = 50;
const pageLimit = 40;

/** `limit`: so many are enough. */
export async function readList<T>(
  client: JiraClient,
  { path, value, limit = Infinity }: { path: string; value: ZodType<T>; limit?: number },
  signal: AbortSignal,
): Promise<T[]> {
  const schema = z.object({
    values: z.array(value),
    isLast: z.boolean().nullish(),
    total: z.number().nullish(),
  });
  const values: T[] = [];
  for (let pages = 0; pages < pageLimit && values.length < limit; pages += 1) {
    const query = { startAt: values.length, maxResults: pageSize };
    const page = await client.request({ method: 'GET', path, query, schema, signal });
    values.push(...page.values);
    if (page.values.length === 0 || page.isLast === true || values.length >= (page.total ?? Infinity)) break;
  }
  return limit < values.length ? values.slice(0, limit) : values;
}
