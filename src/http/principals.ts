// Whose a token is. `server.token` opens the door without saying who comes; a token of `server.users` says it. Every
// token is compared with every try, in constant time, so that neither the answer nor its time tells which one was near.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerUser } from '../contract/tool-policy.ts';

export interface Principal {
  /** null = whoever holds `server.token`. */
  readonly user: ServerUser | null;
  readonly token: string;
  /** Short and stable for a name; "" for `server.token`. */
  readonly key: string;
}

export interface Principals {
  /** Each with a token; [] = nobody can be known. */
  readonly all: readonly Principal[];
  /** null = it is nobody's. */
  of(token: string): Principal | null;
}

/** A user without a token is nobody: an empty one must open nothing. Users come first, because they say more. */
export function createPrincipals(token: string, users: readonly ServerUser[]): Principals {
  const all: Principal[] = [
    ...users.map((user) => ({ user, token: user.token, key: keyOf(user.name) })),
    { user: null, token, key: '' },
  ].filter((principal) => principal.token !== '');
  const digests = all.map((principal) => digest(principal.token));
  return {
    all,
    of: (given) => {
      const asked = digest(given);
      let found: Principal | null = null;
      for (const [index, principal] of all.entries()) {
        // Equal lengths of digests: the comparison tells nothing about the token, not even its length.
        const isSame = timingSafeEqual(asked, digests[index] ?? Buffer.alloc(asked.length));
        if (isSame) found ??= principal;
      }
      return found;
    },
  };
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** For a cookie, which takes no name as it is. */
function keyOf(name: string): string {
  return digest(`user ${name}`).toString('base64url').slice(0, 22);
}
