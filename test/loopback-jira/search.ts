// One page of a search: the query is run over what the index shows, and the page starts right after the last
// issue of the page before, so an issue is given once whatever the page sizes. Tokens are opaque and bound to
// their query. Results of a query are kept while the index stands still.
import { sees, type Caller } from './accounts.ts';
import { JiraError } from './answer.ts';
import { select, prepareJql } from './jql/run.ts';
import { message } from './messages.ts';
import type { IssueRecord } from './model.ts';
import type { CachedSearch, PageToken, Site } from './site.ts';

const tokenLimit = 20_000;
const cacheLimit = 16;
const relativeDate = /[+-]\d+[wdhm]|\(\s*\)/;

export interface SearchPage {
  readonly issues: readonly IssueRecord[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
  readonly page: number;
}

interface Asked {
  readonly jql: string;
  readonly nextPageToken: string | undefined;
  readonly maxResults: number;
  /** Ids whose current state counts, whatever the index says. */
  readonly reconcile: readonly string[];
}

export function searchPage(site: Site, caller: Caller, asked: Asked): SearchPage {
  const token = asked.nextPageToken ? findToken(site, asked.jql, asked.nextPageToken) : null;
  const { issues, compare } = found(site, caller, asked.jql, asked.reconcile);
  const start = token ? firstAfter(issues, token, compare) : 0;
  const size = pageSize(site, asked.maxResults);
  const page = issues.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && start + page.length < issues.length;
  const number = (token?.page ?? 0) + 1;
  return {
    issues: page,
    nextPageToken: more ? keepToken(site, { jql: asked.jql, after: last, page: number }) : null,
    page: number,
  };
}

/** All issues of a query, for a count. */
export function found(
  site: Site,
  caller: Caller,
  jql: string,
  reconcile: readonly string[] = [],
): Omit<CachedSearch, 'version'> {
  const visible = (issue: IssueRecord): boolean => sees(caller, issue, site.state.projects);
  const callerId = caller.account?.accountId ?? null;
  const indexed = site.index.view(site.settings);
  const key = `${callerId} ${String(caller.account?.projects)} ${jql}`;
  const cached = site.searches.get(key);
  if (cached?.version === site.index.version && reconcile.length === 0) return cached;
  const prepared = prepareJql(jql, { state: site.state, callerId, visible });
  if (prepared.kind === 'refused') throw new JiraError(400, { messages: prepared.problems });
  const pool = reconcile.length === 0 ? indexed : reconciled(site, indexed, reconcile);
  const issues = select(prepared.prepared, pool.values()).filter(visible);
  const result = { version: site.index.version, issues, compare: prepared.prepared.compare };
  if (reconcile.length === 0 && !relativeDate.test(jql)) remember(site.searches, key, result, cacheLimit);
  return result;
}

function reconciled(
  site: Site,
  indexed: ReadonlyMap<string, IssueRecord>,
  ids: readonly string[],
): ReadonlyMap<string, IssueRecord> {
  const pool = new Map(indexed);
  for (const id of ids) {
    const current = site.state.issues.get(id);
    if (current) pool.set(id, current);
    else pool.delete(id);
  }
  return pool;
}

function firstAfter(
  issues: readonly IssueRecord[],
  { after }: PageToken,
  compare: CachedSearch['compare'],
): number {
  const start = issues.findIndex((issue) => compare(issue, after) > 0);
  return start < 0 ? issues.length : start;
}

function pageSize(site: Site, asked: number): number {
  const { shortPages } = site.settings;
  if (shortPages === 'never') return asked;
  const size = shortPages === 'random' ? Math.ceil(site.random() * asked) : shortPages(asked);
  return Math.max(1, Math.min(asked, size));
}

function findToken(site: Site, jql: string, text: string): PageToken {
  const token = site.tokens.get(text);
  if (token?.jql === jql) return token;
  throw new JiraError(400, { messages: [message('badToken')] });
}

function keepToken(site: Site, token: PageToken): string {
  const salt = Math.floor(site.random() * 2 ** 32).toString(36);
  const text = Buffer.from(`${salt}/${site.tokens.size}/${token.after.id}/${token.page}`).toString(
    'base64url',
  );
  remember(site.tokens, text, token, tokenLimit);
  return text;
}

/** The oldest entry leaves when there are too many. */
function remember<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}
