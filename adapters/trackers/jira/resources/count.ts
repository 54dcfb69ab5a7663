// How many issues a query finds, without reading them. Jira counts by its index, so the number lags and is approximate.
import { z } from 'zod';
import type { JiraClient } from '../client.ts';

const countWire = z.object({ count: z.number().int().nonnegative() });

/** Throws `tracker_payload_error` for a query that Jira refuses. */
export async function countIssues(client: JiraClient, jql: string, signal: AbortSignal): Promise<number> {
  const { count } = await client.request({
    ...{
      method: 'POST',
      path: '/rest/api/3/search/approximate-count',
      body: { jql },
      access: 'read',
      signal,
    },
    schema: countWire,
  });
  return count;
}
