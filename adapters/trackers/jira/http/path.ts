// How paths and queries are written so that no id or query text can change which resource is meant.
import { TrackerError } from '../../../../src/contract/tracker.ts';

const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogates = /\p{Surrogate}/gu;

/** One segment of a path. Throws `tracker_not_found` for what no id can be, and what servers take as another path. */
export function segment(text: string): string {
  // A lone surrogate makes encodeURIComponent throw; no id has one.
  if (/^\.{0,2}$/.test(text) || loneSurrogate.test(text)) {
    const detail = `no such issue or resource: ${JSON.stringify(text)} is not an id`;
    throw new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: '/rest/api/3', detail });
  }
  return encodeURIComponent(text);
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** "" or `?…`; a space is `%20`. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    return values.map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one.replace(loneSurrogates, '\uFFFD'))}`,
    );
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** `GET /rest/api/3/issue/{id}/comment`: what Jira counts as one endpoint. */
export function routeOf(method: string, path: string): string {
  const parts = path.split('/').map((part) => (isId(part) ? '{id}' : part));
  return `${method} ${parts.join('/')}`;
}

function isId(part: string): boolean {
  return (/^\d+$/.test(part) && part.length > 1) || /^[A-Za-z][A-Za-z0-9_]*-\d+$/.test(part);
}
