// How a route is declared, and what happens around it: parameters and body are checked before it runs, and it
// gets them typed. A route is synchronous: what it changes is changed at one instant.
import { z } from 'zod';
import type { Answer } from './answer.ts';
import { JiraError, violation } from './answer.ts';
import type { Caller } from './accounts.ts';
import { message } from './messages.ts';
import type { Site } from './site.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Exchange<Query, Body> {
  readonly site: Site;
  readonly caller: Caller;
  /** Values of the path, e.g. `issueIdOrKey`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

interface RouteSpec<Query, Body> {
  readonly method: Method;
  /** Below /rest/api/3. */
  readonly path: string;
  readonly query: z.ZodType<Query>;
  /** Absent: the request must have no body. */
  readonly body?: z.ZodType<Body>;
  /** A body may be left out. */
  readonly bodyOptional?: boolean;
  /** Shapes of the successful answers; null for one without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Needs a scope to write, although it is a POST that only reads (default: all but GET write). */
  readonly writes?: boolean;
  readonly handle: (exchange: Exchange<Query, Body>) => Answer;
}

export interface RawRequest {
  readonly site: Site;
  readonly caller: Caller;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** The parsed body; undefined when there was none. */
  readonly body: unknown;
}

export interface Route {
  /** e.g. `GET /issue/{issueIdOrKey}`: the name by which faults and tests speak of it. */
  readonly endpoint: string;
  readonly method: Method;
  readonly path: string;
  readonly writes: boolean;
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  readonly run: (raw: RawRequest) => Answer;
}

export function route<Query, Body = undefined>(spec: RouteSpec<Query, Body>): Route {
  return {
    endpoint: `${spec.method} ${spec.path}`,
    method: spec.method,
    path: spec.path,
    writes: spec.writes ?? spec.method !== 'GET',
    answers: spec.answers,
    run: ({ site, caller, path, query, body }) =>
      spec.handle({
        site,
        caller,
        path,
        query: checkQuery(spec.query, query),
        body: checkBody(spec, body),
      }),
  };
}

export const noParameters = z.strictObject({});

function checkQuery<Query>(shape: z.ZodType<Query>, query: RawRequest['query']): Query {
  const checked = shape.safeParse(query);
  if (checked.success) return checked.data;
  const problem = describe(checked.error);
  throw violation(`query: ${problem}`, message('invalidParameter', problem));
}

function checkBody<Query, Body>(spec: RouteSpec<Query, Body>, body: unknown): Body {
  if (!spec.body) {
    if (body === undefined) return undefined as Body;
    throw violation('body: this operation takes none', message('invalidBody'));
  }
  if (body === undefined && spec.bodyOptional === true) return undefined as Body;
  const checked = spec.body.safeParse(body);
  if (checked.success) return checked.data;
  throw violation(`body: ${describe(checked.error)}`, message('invalidBody'));
}

/** The first thing that is wrong, with its place. */
export function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'unknown';
  const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
  return `${issue.path.join('.') || 'it'}: ${issue.message}${keys}`;
}

/** The first route with that method and path; its path values with it. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; values: Record<string, string> } | 'no-path' | 'no-method' {
  let pathKnown = false;
  for (const candidate of routes) {
    const values = matchPath(candidate.path, path);
    if (!values) continue;
    if (candidate.method === method) return { route: candidate, values };
    pathKnown = true;
  }
  return pathKnown ? 'no-method' : 'no-path';
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith('{')) {
      const value = decode(actual);
      if (value === null || value === '') return null;
      values[part.slice(1, -1)] = value;
    } else if (part !== actual) return null;
  }
  return values;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function issueGone(): JiraError {
  return new JiraError(404, { messages: [message('issueGone')] });
}
