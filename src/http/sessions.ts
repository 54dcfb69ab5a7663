// Sessions of the page: a cookie that holds when it ends and whose it is, signed with a key made from the token that it
// was begun with, so that nothing has to be stored, and a changed token or a removed user ends all of its sessions. One
// that signed out is remembered until it would have ended; after a restart only its end counts. A cookie is no proof by
// itself: the door also asks for the origin.

import { randomBytes, scryptSync } from 'node:crypto';
import { sign, unsign } from '@fastify/cookie';
import type { Principal, Principals } from './principals.ts';

export const SESSION_COOKIE = 'sortie-session';
export const SESSION_MS = 12 * 3_600_000;
/** The first one of that name. */
const COOKIE = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([\\w.+/-]{1,256}) *(?:;|$)`);
/** More than this many people never sign out within 12 hours. */
const MOST_SIGNED_OUT = 1_000;

export interface Sessions {
  /** A new one of the token's owner, as the value of a `Set-Cookie` header. */
  begin(owner: Principal): { readonly setCookie: string; readonly expiresAtMs: number };
  /** Ends the session of this `Cookie` header, if it is one; gives the `Set-Cookie` that makes a browser forget it. */
  end(cookieHeader: string | undefined): string;
  /** Whose session it is; null = it is none, or not any more. */
  find(cookieHeader: string | undefined): Principal | null;
  /** Calls `ended` once, later, when the session of this header is signed out or over, or is none any more. */
  watch(cookieHeader: string | undefined, ended: () => void): Unwatch;
}

export type Unwatch = () => void;

interface Session {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly owner: Principal;
}

export function createSessions({ all }: Principals, nowMs: () => number): Sessions {
  const owners = new Map(all.map((owner) => [owner.key, owner]));
  const madeKeys = new Map<Principal, Buffer>();
  // Slow (some 50 ms, once for each owner): a forged cookie is a guess of the token that nobody counts.
  const keyOf = (owner: Principal): Buffer => {
    const key = madeKeys.get(owner) ?? scryptSync(owner.token, `sortie session cookie 2${owner.key}`, 32);
    madeKeys.set(owner, key);
    return key;
  };
  const signedOut = new Map<string, number>();
  const watchers = new Map<string, Set<() => void>>();

  const read = (cookieHeader: string | undefined): Session | null => {
    const cookie = COOKIE.exec(cookieHeader ?? '')?.[1];
    if (cookie === undefined) return null;
    // `expires.id.signature` of server.token, `expires.id.owner.signature` of a user.
    const [expires = '', id = '', ...rest] = cookie.split('.');
    const owner = owners.get(rest.length === 2 ? (rest[0] ?? '') : '');
    // Compares in constant time.
    if (owner === undefined || !unsign(cookie, keyOf(owner)).valid) return null;
    const expiresAtMs = Number(expires);
    return id === '' || !(expiresAtMs > nowMs()) ? null : { id, expiresAtMs, owner };
  };

  return {
    begin: (owner) => {
      const expiresAtMs = nowMs() + SESSION_MS;
      const id = randomBytes(16).toString('base64url');
      const value = sign([expiresAtMs, id, owner.key].filter((part) => part !== '').join('.'), keyOf(owner));
      return { setCookie: toSetCookie(value, SESSION_MS / 1_000), expiresAtMs };
    },
    end: (cookieHeader) => {
      const session = read(cookieHeader);
      if (session !== null) {
        for (const [id, expiresAtMs] of signedOut) if (expiresAtMs <= nowMs()) signedOut.delete(id);
        const oldest = signedOut.keys().next().value;
        if (signedOut.size >= MOST_SIGNED_OUT && oldest !== undefined) signedOut.delete(oldest);
        signedOut.set(session.id, session.expiresAtMs);
        for (const ended of watchers.get(session.id) ?? []) ended();
      }
      return toSetCookie('', 0);
    },
    find: (cookieHeader) => {
      const session = read(cookieHeader);
      return session === null || signedOut.has(session.id) ? null : session.owner;
    },
    watch: (cookieHeader, ended) => {
      const session = read(cookieHeader);
      const id = session?.id ?? '';
      const isOver = session === null || signedOut.has(id);
      const those = watchers.get(id) ?? new Set();
      watchers.set(id, those);
      const end = (): void => {
        unwatch();
        ended();
      };
      const unwatch = (): void => {
        clearTimeout(limit);
        those.delete(end);
        if (those.size === 0 && watchers.get(id) === those) watchers.delete(id);
      };
      const limit = setTimeout(end, isOver ? 0 : session.expiresAtMs - nowMs()).unref();
      those.add(end);
      return unwatch;
    },
  };
}

/** Numbers, dots and base64: nothing that a cookie would have to encode. Not `Secure`: nothing here speaks TLS. */
function toSetCookie(value: string, maxAge: number): string {
  return `${SESSION_COOKIE}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Strict`;
}
