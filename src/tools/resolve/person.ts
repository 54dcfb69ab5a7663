// A person by display name, e-mail address or account id: exactly one, or an error that lists who it could be. Nobody is
// guessed, because an issue that lands with the wrong person is found late.

import { ToolFault } from '../../contract/agent-tools.ts';
import { personMeant } from '../../contract/person-match.ts';
import { canAssign, type TrackerUser } from '../../contract/tracker-capabilities.ts';
import type { Ground } from './ground.ts';

const LISTED = 10;

/** Throws ToolFault `ambiguous_name` (nobody, or several) or `unsupported_operation`, or TrackerError. */
export async function findPerson(
  name: string,
  { tracker, signal }: Pick<Ground, 'tracker' | 'signal'>,
): Promise<TrackerUser> {
  if (!canAssign(tracker))
    throw new ToolFault('unsupported_operation', 'this tracker knows no people: leave out who it is for');
  const found = await tracker.findUsers(name, signal);
  const meant = personMeant(name, found);
  if (meant !== null) return meant;
  if (found.length === 0)
    throw new ToolFault('ambiguous_name', `nobody is called "${name}"; give an account id, or leave it out`);
  const listed = found.slice(0, LISTED).map(({ displayName, accountId }) => `${displayName} (${accountId})`);
  const more = found.length > LISTED ? ', …' : '';
  const message = `"${name}" is not the whole name or address of one person, but fits: ${listed.join(', ')}${more}; give the account id`;
  throw new ToolFault('ambiguous_name', message);
}

/** Every word that the policy may know a person by, lower-cased. */
export function wordsFor(given: string, user: TrackerUser): readonly string[] {
  const words = [given, user.displayName, user.email, user.accountId];
  return [...new Set(words.filter((word) => word !== '').map((word) => word.toLowerCase()))];
}
