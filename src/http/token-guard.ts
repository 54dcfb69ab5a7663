// Off loopback, everything but probes, webhooks and the way in needs `Authorization: Bearer` with `server.token` or that
// of a user, or a session of the page. On a loopback address only local users reach us, and no token is asked for; but
// who names another host there came through a proxy, and is asked when there is a token, and with users configured a
// token or a session says who somebody is there, too: a token that is nobody's is then refused, not passed over. Refuses
// to exist for an open address without a token: a daemon that runs commands must not be readable by a whole network.

import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, type Socket } from 'node:net';
import type { ServerSettings } from '../contract/settings.ts';
import type { ServerUser } from '../contract/tool-policy.ts';
import { ApiError } from './error-codes.ts';
import { hostName } from './host-guard.ts';
import { HttpServerError } from './http-server-error.ts';
import { isFromOwnPage } from './own-origin.ts';
import { digest, type Principal, type Principals } from './principals.ts';
import { hostOf, pathOf } from './request-target.ts';
import type { Sessions } from './sessions.ts';
import type { TokenTries } from './token-tries.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

export type GuardedSettings = Pick<ServerSettings, 'host' | 'token'> &
  Partial<Pick<ServerSettings, 'protectMetrics'>>;

export type GuardedRequest = Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders' | 'socket'>;

export interface TokenGuard {
  /**
   * Throws `unauthorized` or `too_many_logins`. @param mayBeNobody it came through a door that needs no token, so that
   * a token or a session only says who it is.
   */
  guard(request: GuardedRequest, mayBeNobody: boolean): void;
  /** Whether it comes from where a token is needed. */
  asks(request: Pick<GuardedRequest, 'url' | 'headers' | 'rawHeaders'>): boolean;
  /** Whether there is somebody to sign in as, from there. */
  takesSignIn(request: Pick<GuardedRequest, 'url' | 'headers' | 'rawHeaders'>): boolean;
  /** Whether `guard` knew it by its session. */
  isBySession(request: GuardedRequest): boolean;
  /** Whom `guard` knew; null = nobody in particular. */
  userOf(request: GuardedRequest): ServerUser | null;
}

/** Where people sign in and out. */
export const LOGIN_PATH = '/login';
export const LOGOUT_PATH = '/logout';

export interface TokenGuardParts {
  readonly principals: Principals;
  readonly sessions: Sessions;
  readonly tries: TokenTries;
  /** Files of the page, which hold no data. */
  readonly openPaths: ReadonlySet<string>;
  /** Another wrong token came from there. */
  readonly onWrongToken: (socket: Socket) => void;
}

/** null = nobody is asked for a token here, and nobody can be known. */
export function createTokenGuard(settings: GuardedSettings, parts: TokenGuardParts): TokenGuard | null {
  const { principals, sessions, tries, openPaths, onWrongToken } = parts;
  const isLocal = isLoopback(settings.host);
  if (principals.all.length === 0) {
    if (isLocal) return null;
    throw new HttpServerError(
      'token_missing',
      `server.host ${settings.host} is reachable from other machines: set server.token, or use 127.0.0.1`,
    );
  }
  const hasUsers = principals.all.some(({ user }) => user !== null);
  const open = new Set(['/livez', '/readyz', LOGIN_PATH, LOGOUT_PATH, ...openPaths]);
  if (settings.protectMetrics !== true) open.add('/metrics');
  const asks: TokenGuard['asks'] = (request) => {
    const name = hostName(hostOf(request) ?? '');
    return !isLocal || name === null || !isLoopback(name);
  };
  const bySession = new WeakSet<GuardedRequest>();
  const users = new WeakMap<GuardedRequest, ServerUser>();
  const know = (request: GuardedRequest, { user }: Principal): void => {
    if (user !== null) users.set(request, user);
  };

  const guard: TokenGuard['guard'] = (request, mayBeNobody) => {
    const { headers, socket } = request;
    const path = pathOf(request);
    const isNeeded = !mayBeNobody && asks(request);
    if (!isNeeded && !hasUsers) return;
    if (open.has(path) || path.startsWith(WEBHOOK_PREFIX)) return;
    // A cookie comes along with whatever a page makes a browser send: it counts from our own page only.
    const signedIn = isFromOwnPage(headers) ? sessions.find(headers.cookie) : null;
    if (signedIn !== null) {
      bySession.add(request);
      know(request, signedIn);
      return;
    }
    const given = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
    if (given !== undefined) {
      const owner = principals.of(given);
      if (owner !== null) {
        know(request, owner);
        return;
      }
      tries.guard(socket);
      if (tries.count(socket, digest(given).toString('hex'))) onWrongToken(socket);
    } else if (!isNeeded) return;
    const which = hasUsers ? 'your token' : '<server.token>';
    throw new ApiError('unauthorized', `send Authorization: Bearer ${which}, or sign in at /login`, {
      'www-authenticate': 'Bearer realm="sortie"',
    });
  };

  return {
    guard,
    asks,
    takesSignIn: (request) => hasUsers || asks(request),
    isBySession: (request) => bySession.has(request),
    userOf: (request) => users.get(request) ?? null,
  };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  const mapped = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return host === 'localhost' || loopback.check(mapped, isIPv4(mapped) ? 'ipv4' : 'ipv6');
}
