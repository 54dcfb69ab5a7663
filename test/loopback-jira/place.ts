// Where a request goes: the API on the site, the API behind the gateway, the tenant's identity, or nowhere.
import type { Answer } from './answer.ts';
import { routes } from './routes/all.ts';
import { findRoute, type Route } from './route.ts';
import type { Site } from './site.ts';

export const tenantInfo = 'GET /_edge/tenant_info';

export interface Place {
  readonly base: 'site' | 'gateway' | 'other';
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly route: Route | null;
  /** By which faults and records speak of it. */
  readonly endpoint: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly missing: 'no-path' | 'no-method' | null;
  /** Answered at once, without a login. */
  readonly answer: Answer | null;
}

const prefix = '/rest/api/3';

export function placeOf(site: Site, method: string, target: string): Place {
  const url = new URL(`${site.url}${target}`);
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  const nowhere = {
    query,
    route: null,
    endpoint: null,
    values: {},
    missing: 'no-path',
    answer: null,
  } as const;
  const { pathname } = url;
  if (pathname === '/_edge/tenant_info' && method === 'GET') {
    return {
      ...nowhere,
      base: 'other',
      path: pathname,
      endpoint: tenantInfo,
      answer: { status: 200, body: { cloudId: site.cloudId } },
    };
  }
  const gateway = /^\/ex\/jira\/([^/]+)(\/.*)$/.exec(pathname);
  if (gateway && gateway[1] !== site.cloudId) {
    const body = { code: 404, message: 'No cloud site with this id' };
    return { ...nowhere, base: 'other', path: pathname, answer: { status: 404, body } };
  }
  const base = gateway ? 'gateway' : 'site';
  const below = gateway?.[2] ?? pathname;
  if (!below.startsWith(`${prefix}/`)) return { ...nowhere, base: 'other', path: pathname };
  const path = below.slice(prefix.length);
  const found = findRoute(routes, method, path);
  if (typeof found === 'string') return { ...nowhere, base, path, missing: found };
  return {
    base,
    path,
    query,
    route: found.route,
    endpoint: found.route.endpoint,
    values: found.values,
    missing: null,
    answer: null,
  };
}
