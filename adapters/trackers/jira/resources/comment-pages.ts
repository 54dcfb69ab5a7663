// The comments of an issue as Jira hands them out, page by page. Each comment comes once, and the pages end, by the last
// one or by an error.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { commentWire, type CommentWire } from '../normalise-comment.ts';
import { issuePath } from './issues.ts';

/** Seed 003: fixed. */
const pageSize = 50;
/** 50,000 comments: ten times what Jira lets an issue have. */
const pageLimit = 1_000;

const pageWire = z.object({
  comments: z.array(commentWire),
  total: z.number().nullish(),
});
/** Of a comment that was just written. */
export const createdWire = z.object({ id: z.string().min(1) });

/** Pages of comments, each comment once. Throws `tracker_not_found`, and `tracker_missing_end_cursor` without an end. */
export async function* commentPages(
  client: JiraClient,
  { id, orderBy }: { readonly id: string; readonly orderBy: 'created' | '-created' },
  signal: AbortSignal,
): AsyncGenerator<CommentWire[], void, void> {
  const path = commentsPath(id);
  const ids = new Set<string>();
  let startAt = 0;
  for (let pages = 0; pages < pageLimit; pages += 1) {
    const query = { startAt, maxResults: pageSize, orderBy };
    const page = await client.request({ method: 'GET', path, query, schema: pageWire, signal });
    const fresh = page.comments.filter((comment) => !ids.has(comment.id) && ids.add(comment.id));
    if (fresh.length > 0) yield fresh;
    startAt += page.comments.length;
    if (page.comments.length === 0 || startAt >= (page.total ?? Infinity)) return;
  }
  const detail = `there is no end after ${pageLimit} pages, so the comments cannot be read whole`;
  throw new TrackerError({ kind: 'tracker_missing_end_cursor', method: 'GET', path, detail });
}

export function commentsPath(id: string): string {
  return `${issuePath(id)}/comment`;
}
