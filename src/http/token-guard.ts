// Off loopback, everything but probes, webhooks and the way in needs `Authorization: Bearer <server.token>` or a
// session of the page. On a loopback address only local users reach us, and no token is asked for; but who names another
// host there came through a proxy, and is asked when there is a token. Refuses to exist for an open address without a
// token: a daemon that runs commands must not be readable by a whole network by default.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, type Socket } from 'node:net';
import type { ServerSettings } from '../contract/settings.ts';
import { ApiError } from './error-codes.ts';
import { hostName } from './host-guard.ts';
import { HttpServerError } from './http-server-error.ts';
import { isFromOwnPage } from './own-origin.ts';
import { hostOf, pathOf } from './request-target.ts';
import type { Sessions } from './sessions.ts';
import type { TokenTries } from './token-tries.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

export type GuardedSettings = Pick<ServerSettings, 'host' | 'token'> &
  Partial<Pick<ServerSettings, 'protectMetrics'>>;

export type GuardedRequest = Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders' | 'socket'>;

export interface TokenGuard {
  /** Throws `unauthorized` or `too_many_logins`. */
  guard(request: GuardedRequest): void;
  /** Whether it comes from where a token is needed. */
  asks(request: Pick<GuardedRequest, 'url' | 'headers' | 'rawHeaders'>): boolean;
  isToken(given: string): boolean;
  /** Whether `guard` let it pass for its session. */
  isBySession(request: GuardedRequest): boolean;
}

/** Where people sign in and out. */
export const LOGIN_PATH = '/login';
export const LOGOUT_PATH = '/logout';

export interface TokenGuardParts {
  readonly sessions: Sessions;
  readonly tries: TokenTries;
  /** Files of the page, which hold no data. */
  readonly openPaths: ReadonlySet<string>;
  /** Another wrong token came from there. */
  readonly onWrongToken: (socket: Socket) => void;
}

/** null = nobody is asked for a token here. */
export function createTokenGuard(
  settings: GuardedSettings,
  { sessions, tries, openPaths, onWrongToken }: TokenGuardParts,
): TokenGuard | null {
  const isLocal = isLoopback(settings.host);
  if (isLocal && settings.token === '') return null;
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
  const asks: TokenGuard['asks'] = (request) => {
    const name = hostName(hostOf(request) ?? '');
    return !isLocal || name === null || !isLoopback(name);
  };
  const bySession = new WeakSet<GuardedRequest>();
  return {
    isToken,
    asks,
    isBySession: (request) => bySession.has(request),
    guard: (request) => {
      const { headers, socket } = request;
      const path = pathOf(request);
      if (!asks(request)) return;
      if (open.has(path) || path.startsWith(WEBHOOK_PREFIX)) return;
      // A cookie comes along with whatever a page makes a browser send: it counts from our own page only.
      if (isFromOwnPage(headers) && sessions.isValid(headers.cookie)) {
        bySession.add(request);
        return;
      }
      const given = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
      if (given !== undefined) {
        if (isToken(given)) return;
        tries.guard(socket);
        if (tries.count(socket, digest(given).toString('hex'))) onWrongToken(socket);
      }
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
