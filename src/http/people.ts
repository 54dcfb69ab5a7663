// Who asks, and under which name what they say is kept. A user is known by his own token or session; everybody else who
// may use the API is the operator, and nobody can say to be a user without being one.

import type { IncomingMessage } from 'node:http';
import type { Person, ServerUser } from '../contract/tool-policy.ts';
import type { TokenGuard } from './token-guard.ts';

export const OPERATOR = 'operator';

export interface People {
  /** `operator` is in every group only while no users are configured. */
  personOf(request: IncomingMessage): Person;
  /** Under which name a word is kept: the user's own, else the one that was said, "" = none; with users it is marked. */
  nameFor(request: IncomingMessage, said: string): string;
  /** Whether a session of the page says who asks. */
  isSignedIn(request: IncomingMessage): boolean;
}

export function createPeople(
  users: readonly ServerUser[],
  token: Pick<TokenGuard, 'userOf' | 'isBySession'> | null,
): People {
  return {
    personOf: (request) => {
      const user = token?.userOf(request) ?? null;
      if (user !== null) return { name: user.name, groups: user.groups };
      return { name: OPERATOR, groups: users.length === 0 ? null : [] };
    },
    nameFor: (request, said) => {
      const user = token?.userOf(request) ?? null;
      if (user !== null) return user.name;
      if (said === '') return OPERATOR;
      // No proof: the commands send the login name of the system. Beside names that are proven it never stands bare, or
      // one that only looks like a user's would be taken for him.
      return users.length === 0 ? said : `${OPERATOR} (${said})`;
    },
    isSignedIn: (request) => token?.isBySession(request) ?? false,
  };
}
