// What only all of `server.users` together can get wrong: two people who could be taken for one, and a token that would
// let one in as another. No message shows a token.

import type { CrossCheckContext } from './cross-checks.ts';
import type { FrontMatter } from './front-matter.ts';
import { keptPlaces } from './list-places.ts';
import { isPlainMap, quoted } from './problem-list.ts';

/** `operator` is whoever reaches us without a user's token; `sortie` is what decides when nobody does. */
const RESERVED = ['operator', 'sortie'];

export function checkUsers(context: CrossCheckContext, { data }: FrontMatter): void {
  const { values, invalid, given, problems, path } = context;
  const { users, token: serverToken } = values.server;
  const written = isPlainMap(data['server']) ? data['server']['users'] : undefined;
  const places = keptPlaces('server.users', ['name', 'token'], written, invalid);
  if (places.length !== users.length) return;
  const names = new Map<string, number>();
  const tokens = new Map<string, number>();
  for (const [at, { name, token }] of users.entries()) {
    const place = places[at] ?? at;
    const refuse = (field: string, text: string): void => {
      const key = `server.users[${place}].${field}`;
      problems.error(`config.${key}`, `${given.get(key) ?? path}: ${key} ${text}`);
    };
    const folded = name.toLowerCase();
    const sameName = names.get(folded);
    if (RESERVED.includes(folded)) refuse('name', `${quoted(name)} is reserved; choose another`);
    else if (sameName !== undefined) {
      refuse('name', `${quoted(name)} is that of server.users[${sameName}] as well; choose another`);
    } else names.set(folded, place);
    const sameToken = tokens.get(token);
    if (token === serverToken) {
      refuse('token', 'is server.token as well; give each person a token of their own');
    } else if (sameToken !== undefined) {
      refuse('token', `is that of server.users[${sameToken}] as well; give each person a token of their own`);
    } else tokens.set(token, place);
  }
}
