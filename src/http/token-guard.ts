// Off loopback, everything but probes, webhooks and the way in needs `Authorization: Bearer <server.token>` or a
// session of the page. On a loopback address only local users reach us, and no token is asked for. Refuses to exist for
// an open address without a token: a daemon that runs commands must not be readable by a whole network by default.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv4 } from 'node:net';
import type { ServerSettings } from '../contract/settings.ts';
import { ApiError } from './error-codes.ts';
import { HttpServerError } from './http-server-error.ts';
import { isFromOwnPage } from './own-origin.ts';
import type { Sessions } from './sessions.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

export type GuardedSettings = Pick<ServerSettings, 'host' | 'token'> &
  Partial<Pick<ServerSettings, 'protectMetrics'>>;

export interface TokenGuard {
  /** Throws `unauthorized`. */
  guard(path: string, headers: IncomingHttpHeaders): void;
  isToken(given: string): boolean;
}

/** Where people sign in and out. */
export const LOGIN_PATH = '/login';
export const LOGOUT_PATH = '/logout';

/** null = nobody is asked for a token here. `openPaths`: files of the page, which hold no data. */
export function createTokenGuard(
  settings: GuardedSettings,
  sessions: Sessions,
  openPaths: ReadonlySet<string>,
): TokenGuard | null {
  if (isLoopback(settings.host)) return null;
  if (settings.token === '') {
    throw new HttpServerError(
      'token_missing',
      `server.host ${settings.host} is reachable from other machines: set server.token, or use 127.0.0.1`,
    );
  }
  const expected = digest(settings.token);
  // Equal lengths of digests: the comparison tells nothing about the token, not even its length.
  const isToken = (given: string): boolean => timingSafeEqual(digest(given), expected);
  const open = new Set(['/livez', '/readyz', LOGIN_PATH, LOGOUT_PATH, ...openPaths]);
  if (settings.protectMetrics !== true) open.add('/metrics');
  return {
    isToken,
    guard: (path, headers) => {
      if (open.has(path) || path.startsWith(WEBHOOK_PREFIX)) return;
      const given = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1];
      if (given !== undefined && isToken(given.trim())) return;
      // A cookie comes along with whatever a page makes a browser send: it counts from our own page only.
      if (isFromOwnPage(headers) && sessions.isValid(headers.cookie)) return;
      throw new ApiError('unauthorized', 'send Authorization: Bearer <server.token>, or sign in at /login', {
        'www-authenticate': 'Bearer realm="sortie"',
      });
    },
  };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  const mapped = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return host === 'localhost' || loopback.check(mapped, isIPv4(mapped) ? 'ipv4' : 'ipv6');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
