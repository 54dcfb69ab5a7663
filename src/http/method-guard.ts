// 405 with `Allow` for a path that exists under other methods. Needed before routing: GET /api/v1/refresh
// would otherwise be taken for an issue called "refresh". Learns the paths from the routes themselves.

import type { FastifyInstance } from 'fastify';
import { ApiError } from './error-codes.ts';

interface KnownPath {
  readonly methods: Set<string>;
  /** Matches the raw path of a parametric route; null for a fixed one. */
  readonly pattern: RegExp | null;
}

/** Call before any route is added. Throws `method_not_allowed`; unknown paths are left to the router. */
export function createMethodGuard(app: FastifyInstance): (method: string, path: string) => void {
  const known = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ method, url }) => {
    const entry = known.get(url) ?? { methods: new Set(), pattern: patternOf(url) };
    for (const one of [method].flat()) entry.methods.add(one);
    known.set(url, entry);
  });
  return (method, path) => {
    const entry = known.get(decoded(path)) ?? [...known.values()].find(({ pattern }) => pattern?.test(path));
    if (entry === undefined || entry.methods.has(method)) return;
    const allow = [...entry.methods].sort().join(', ');
    throw new ApiError('method_not_allowed', `this path takes ${allow}`, { allow });
  };
}

function patternOf(url: string): RegExp | null {
  if (!url.includes(':')) return null;
  return new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`);
}

/** The router compares decoded paths: `/api/v1/%72efresh` is `/api/v1/refresh`. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
