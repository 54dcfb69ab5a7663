// Off loopback, everything but probes and metrics needs `Authorization: Bearer <server.token>`. On a
// loopback address only local users reach us, and no token is asked for. Refuses to exist for an open
// address without a token: a daemon that runs commands must not be readable by a whole network by default.

import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import { ApiError } from './error-codes.ts';
import { HttpServerError } from './http-server-error.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

/** Throws `unauthorized`. */
export type TokenGuard = (path: string, authorization: string | undefined) => void;

const OPEN_PATHS = new Set(['/livez', '/readyz', '/metrics']);

export function createTokenGuard(settings: { readonly host: string; readonly token: string }): TokenGuard {
  if (isLoopback(settings.host)) return () => undefined;
  if (settings.token === '') {
    throw new HttpServerError(
      'token_missing',
      `server.host ${settings.host} is reachable from other machines: set server.token, or use 127.0.0.1`,
    );
  }
  const expected = digest(settings.token);
  return (path, authorization) => {
    if (OPEN_PATHS.has(path) || path.startsWith(WEBHOOK_PREFIX)) return;
    const given = /^Bearer +(\S.*)$/i.exec(authorization ?? '')?.[1];
    // Equal lengths of digests: the comparison tells nothing about the token, not even its length.
    if (given !== undefined && timingSafeEqual(digest(given.trim()), expected)) return;
    throw new ApiError('unauthorized', 'send Authorization: Bearer <server.token>', {
      'www-authenticate': 'Bearer realm="sortie"',
    });
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
