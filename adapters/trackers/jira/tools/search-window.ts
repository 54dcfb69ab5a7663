// `startAt`, which Jira's search no longer has: issues are counted page by page up to the window, by their ids alone, and
// only those of the window are read. Bounded: who wants to look further writes a narrower query. An issue that changes
// its place between two pages may be missed or come twice over two calls, as with any offset.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { nextToken, searchPage, searchPageOf, searchPath } from '../resources/search.ts';

export const startAtLimit = 1_000;
/** Per request; Jira gives fewer when fields are asked for. */
const pageSize = 100;
const pageLimit = 200;
const dryPageLimit = 20;
const bulkPath = '/rest/api/3/issue/bulkfetch';

export const beanWire = z.object({
  id: z.string().min(1),
  key: z.string().min(1),
  fields: z.record(z.string(), z.unknown()).nullish(),
});
export type Bean = z.infer<typeof beanWire>;

const beanPage = searchPageOf(beanWire);
const bulkWire = z.object({ issues: z.array(beanWire) });

export interface Window {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly startAt: number;
  /** 1 to 100. */
  readonly maxResults: number;
}

export interface WindowResult {
  readonly issues: readonly Bean[];
  /** There are issues after the window. */
  readonly more: boolean;
}

export async function searchWindow(
  client: JiraClient,
  window: Window,
  signal: AbortSignal,
): Promise<WindowResult> {
  const { fields, startAt, maxResults } = window;
  if (startAt === 0) return firstIssues(client, window, maxResults, signal);
  const end = startAt + maxResults;
  const counted = await firstIssues(client, { ...window, fields: ['key'] }, end, signal);
  const wanted = counted.issues.slice(startAt, end);
  if (wanted.length === 0) return { issues: [], more: false };
  const { issues } = await client.request({
    method: 'POST',
    path: bulkPath,
    body: { issueIdsOrKeys: wanted.map(({ id }) => id), fields },
    access: 'read',
    schema: bulkWire,
    signal,
  });
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return { issues: wanted.flatMap(({ id }) => byId.get(id) ?? []), more: counted.more };
}

async function firstIssues(
  client: JiraClient,
  { jql, fields }: Window,
  count: number,
  signal: AbortSignal,
): Promise<WindowResult> {
  const search = { jql, fields, schema: beanPage };
  const issues = new Map<string, Bean>();
  const tokens = new Set<string>();
  let token: string | undefined;
  let dry = 0;
  for (let pages = 1; ; pages += 1) {
    const size = Math.min(pageSize, Math.max(1, count - issues.size));
    const page = await searchPage(client, search, token, size, signal);
    const before = issues.size;
    for (const issue of page.issues) if (!issues.has(issue.id)) issues.set(issue.id, issue);
    token = nextToken(page);
    const more = token !== undefined || issues.size > count;
    if (issues.size >= count || !more) return { issues: [...issues.values()].slice(0, count), more };
    dry = issues.size === before ? dry + 1 : 0;
    if (token === undefined || tokens.has(token))
      throw endless('the token of the next page came a second time');
    if (pages >= pageLimit || dry >= dryPageLimit) throw endless(`there is no end after ${pages} pages`);
    tokens.add(token);
  }
}

function endless(what: string): TrackerError {
  const detail = `${what}, so the search cannot be read; try again, or search with a smaller startAt`;
  return new TrackerError({ kind: 'tracker_missing_end_cursor', method: 'GET', path: searchPath, detail });
}
