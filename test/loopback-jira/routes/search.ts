// GET and POST /search/jql, and the count. The old /search is gone (410), as on Jira Cloud.
import { z } from 'zod';
import { JiraError, violation, type Answer } from '../answer.ts';
import { message } from '../messages.ts';
import { expand, flag, integer, list, text } from '../parameters.ts';
import { issueBean, issueExpansions, selectFields } from '../render/issue-bean.ts';
import { route, type Exchange } from '../route.ts';
import { found, searchPage, type SearchPage } from '../search.ts';
import { searchResults } from '../shapes/issue.ts';
import { countRequest, countResult, searchRequest } from '../shapes/jql.ts';
import type { Site } from '../site.ts';

interface SearchAsked {
  readonly jql?: string | undefined;
  readonly nextPageToken?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly expand?: readonly string[] | undefined;
  readonly properties?: readonly string[] | undefined;
  readonly reconcileIssues?: readonly string[] | undefined;
}

type Asking = Pick<Exchange<unknown, unknown>, 'site' | 'caller'>;

function search({ site, caller }: Asking, asked: SearchAsked): Answer {
  // A caller whose login failed is anonymous: nothing is found, and nothing is said about the query.
  if (!caller.account) return { status: 200, body: pageBody(site, [], { nextPageToken: null, page: 1 }) };
  const selection = { ...selectFields(site, asked.fields, 'id'), properties: asked.properties };
  const page = searchPage(site, caller, {
    jql: asked.jql ?? '',
    nextPageToken: asked.nextPageToken,
    maxResults: asked.maxResults ?? 50,
    reconcile: asked.reconcileIssues ?? [],
  });
  const issues = page.issues.map((issue) => issueBean(site, caller, issue, selection, asked.expand));
  return { status: 200, body: pageBody(site, issues, page) };
}

function pageBody(
  { settings }: Site,
  issues: readonly unknown[],
  { nextPageToken, page }: Pick<SearchPage, 'nextPageToken' | 'page'>,
): Record<string, unknown> {
  const body: Record<string, unknown> = { issues };
  if (nextPageToken !== null) body['nextPageToken'] = nextPageToken;
  else if (settings.lastToken !== 'absent') body['nextPageToken'] = settings.lastToken === 'null' ? null : '';
  const says = settings.isLast === 'always' || (settings.isLast === 'alternate' && page % 2 === 1);
  return says ? { ...body, isLast: nextPageToken === null } : body;
}

function readExpand(text: string | undefined): string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !(issueExpansions as readonly string[]).includes(name));
  if (unknown === undefined) return names;
  throw violation(
    `body: expand has an unknown "${unknown}"`,
    message('invalidParameter', `expand=${unknown}`),
  );
}

const getSearch = route({
  method: 'GET',
  path: '/search/jql',
  query: z.strictObject({
    jql: text(),
    nextPageToken: text(),
    maxResults: integer(1, 5000),
    fields: list(),
    expand: expand(...issueExpansions),
    properties: list(5),
    fieldsByKeys: flag(),
    failFast: flag(),
    reconcileIssues: list(50),
  }),
  answers: { 200: searchResults },
  handle: (exchange) => search(exchange, exchange.query),
});

const postSearch = route({
  method: 'POST',
  path: '/search/jql',
  query: z.strictObject({}),
  body: searchRequest,
  answers: { 200: searchResults },
  writes: false,
  handle: (exchange) => {
    const { maxResults } = exchange.body;
    if (maxResults !== undefined && (maxResults < 1 || maxResults > 5000)) {
      throw violation('body: maxResults is not in 1–5000', message('invalidParameter', 'maxResults'));
    }
    return search(exchange, {
      ...exchange.body,
      expand: readExpand(exchange.body.expand),
      reconcileIssues: exchange.body.reconcileIssues?.map(String),
    });
  },
});

const count = route({
  method: 'POST',
  path: '/search/approximate-count',
  query: z.strictObject({}),
  body: countRequest,
  answers: { 200: countResult },
  writes: false,
  handle: ({ site, caller, body }) => {
    const total = caller.account ? found(site, caller, body.jql).issues.length : 0;
    return { status: 200, body: { count: total } };
  },
});

function gone(): never {
  throw new JiraError(410, { messages: [message('oldSearch')], violation: 'the old /search is gone' });
}

const anything = z.record(z.string(), z.array(z.string()));
const oldGet = route({ method: 'GET', path: '/search', query: anything, answers: {}, handle: gone });
const oldPost = route({
  method: 'POST',
  path: '/search',
  query: anything,
  body: z.unknown(),
  answers: {},
  writes: false,
  handle: gone,
});

export const searchRoutes = [getSearch, postSearch, count, oldGet, oldPost];
