// Adapters that follow each other over reloads are one client to Jira: they wait together, and the newest one speaks.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { connectJira } from '../../../../adapters/trackers/jira/connection.ts';
import { json } from './fault-server.ts';
import { failure, jiraContext, never, serve } from './jira-context.ts';

it('keeps a pause over a reload, for this site only', async () => {
  const server = await serve(json(429, {}, { 'retry-after': '60' }));
  const elsewhere = await serve(json(200, {}));
  const context = jiraContext({ endpoint: server.origin });
  const call = { method: 'GET', path: '/rest/api/3/myself', schema: z.object({}), signal: never } as const;
  await failure(connectJira(context).client.request(call));
  const after = connectJira({ ...context, queryFilter: 'labels = x' });
  expect(after.client.throttles()).toHaveLength(1);
  expect((await failure(after.client.request(call))).message).toContain('not sent');
  expect(server.seen).toHaveLength(1);
  const other = connectJira({ ...context, endpoint: elsewhere.origin });
  expect(await other.client.request(call)).toEqual({});
});
