// One search, page by page: `GET /rest/api/3/search/jql` with a token for the next page. A page may be short or empty,
// the last one may have no token, a null or an empty one, `isLast` may be missing, and an issue that moved between two
// pages comes twice. Always true: each issue is handed out once, and a search ends, by its last page or by an error.
import { z, type ZodType } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';

export const searchPath = '/rest/api/3/search/jql';

/** Seed 003: fixed. */
const searchPageSize = 50;

/** 100,000 issues in full pages: no project has as many active ones, a server that counts on for ever has. */
const pageLimit = 2_000;
/** Pages in a row that bring nothing new. Short pages happen, so many empty ones are a loop with ever new tokens. */
const dryPageLimit = 50;

export interface SearchPageWire<T> {
  readonly issues: T[];
  readonly nextPageToken?: string | null | undefined;
  readonly isLast?: boolean | null | undefined;
}

/** Without `issues` it is no answer to a search, whatever its status. */
export function searchPageOf<T>(issue: ZodType<T>): ZodType<SearchPageWire<T>> {
  return z.object({
    issues: z.array(issue),
    nextPageToken: z.string().nullish(),
    isLast: z.boolean().nullish(),
  });
}

export interface Search<T> {
  readonly jql: string;
  readonly fields: readonly string[];
  /** Entity properties, at most 5. */
  readonly properties?: readonly string[];
  readonly schema: ZodType<SearchPageWire<T>>;
  /** Ids that the index must not lag behind for; at most 50. */
  readonly reconcile?: readonly string[];
  /** Shared by searches that together may make only so many requests. */
  readonly budget?: PageBudget;
}

/** A search stops when none is left; `cut` then says that there was more to read. */
export interface PageBudget {
  left: number;
  cut: boolean;
}

/** Throws `tracker_missing_end_cursor` when the pages do not end. Who stops reading makes no further request. */
export async function* searchPages<T extends { readonly id: string }>(
  client: JiraClient,
  search: Search<T>,
  signal: AbortSignal,
): AsyncGenerator<T[], void, void> {
  const tokens = new Set<string>();
  const ids = new Set<string>();
  let token: string | undefined;
  let dry = 0;
  for (let pages = 1; ; pages += 1) {
    if (isSpent(search.budget)) return;
    const page = await searchPage(client, search, token, searchPageSize, signal);
    const fresh = page.issues.filter(({ id }) => !ids.has(id) && ids.add(id));
    dry = fresh.length === 0 ? dry + 1 : 0;
    if (fresh.length > 0) yield fresh;
    token = nextToken(page);
    if (token === undefined) return;
    if (tokens.has(token)) throw endless('the token of the next page came a second time');
    if (pages >= pageLimit) throw endless(`there is no end after ${pageLimit} pages`);
    if (dry >= dryPageLimit) throw endless(`${dryPageLimit} pages in a row had nothing new`);
    tokens.add(token);
  }
}

function isSpent(budget: PageBudget | undefined): boolean {
  if (budget === undefined) return false;
  if (budget.left <= 0) budget.cut = true;
  else budget.left -= 1;
  return budget.cut;
}

/** The whole search. */
export async function searchAll<T extends { readonly id: string }>(
  client: JiraClient,
  search: Search<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const issues: T[] = [];
  for await (const page of searchPages(client, search, signal)) issues.push(...page);
  return issues;
}

export function searchPage<T>(
  client: JiraClient,
  { jql, fields, properties, schema, reconcile = [] }: Search<T>,
  token: string | undefined,
  maxResults: number,
  signal: AbortSignal,
): Promise<SearchPageWire<T>> {
  const query = {
    jql,
    fields: fields.join(','),
    properties: properties?.join(','),
    maxResults,
    nextPageToken: token,
    reconcileIssues: reconcile.length === 0 ? undefined : reconcile,
  };
  return client.request({ method: 'GET', path: searchPath, query, schema, signal });
}

export function nextToken(page: SearchPageWire<unknown>): string | undefined {
  if (page.isLast === true) return undefined;
  return page.nextPageToken ? page.nextPageToken : undefined;
}

function endless(what: string): TrackerError {
  return new TrackerError({
    kind: 'tracker_missing_end_cursor',
    method: 'GET',
    path: searchPath,
    detail: `${what}, so the result cannot be read whole; it is read again at the next poll`,
  });
}
