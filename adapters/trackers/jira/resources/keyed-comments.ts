// Comments that carry the key of their write. Jira's list of an issue's comments has no properties, so the ids of our
// own ones, newest first, are asked for again with `comment/list`, which has. Nothing is kept between two calls.
import { z } from 'zod';
import type { JiraClient } from '../client.ts';
import { documentOf } from '../document-of.ts';
import { carriesAnyKey, carriesKey, keyProperties, propertiesWire } from '../write-key.ts';
import { commentPages, commentsPath, createdWire } from './comment-pages.ts';

const listPath = '/rest/api/3/comment/list';
const listWire = z.object({
  values: z.array(z.object({ id: z.string().min(1), properties: propertiesWire })),
});
type Listed = z.infer<typeof listWire>['values'][number];

/** Sent once; the new comment's id. Throws what the client throws, with `applied` as far as it is known. */
export async function addKeyedComment(
  client: JiraClient,
  { id, body: markdown, key }: { readonly id: string; readonly body: string; readonly key: string },
  signal: AbortSignal,
): Promise<string> {
  const body = { body: documentOf(markdown), properties: keyProperties(key) };
  const call = { method: 'POST', path: commentsPath(id), body, issueId: id, signal } as const;
  return (await client.request({ ...call, schema: createdWire })).id;
}

/** Null: none of our comments on the issue carries it at this moment. Throws `tracker_not_found` without the issue. */
export async function findKeyedComment(
  client: JiraClient,
  { id, key, ourselves }: { readonly id: string; readonly key: string; readonly ourselves: string },
  signal: AbortSignal,
): Promise<string | null> {
  for await (const page of commentPages(client, { id, orderBy: '-created' }, signal)) {
    const ours = page.filter(({ author }) => author?.accountId === ourselves).map((comment) => comment.id);
    const found = (await withProperties(client, ours, signal)).find(({ properties }) =>
      carriesKey(properties, key),
    );
    if (found) return found.id;
  }
  return null;
}

/** Which of these comments carry a key, whichever. */
export async function keyedAmong(
  client: JiraClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const listed = await withProperties(client, ids, signal);
  return new Set(listed.filter(({ properties }) => carriesAnyKey(properties)).map(({ id }) => id));
}

async function withProperties(
  client: JiraClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Listed[]> {
  if (ids.length === 0) return [];
  const { values } = await client.request({
    ...{ method: 'POST', path: listPath, query: { expand: 'properties' }, access: 'read', signal },
    body: { ids: ids.map(Number) },
    schema: listWire,
  });
  return values;
}
