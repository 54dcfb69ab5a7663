// Who of those that a tracker found for a name is meant. Trackers answer with whoever fits a little, also when that is
// one only; nobody is guessed, because what lands with the wrong person is found late. Pure.

import type { TrackerUser } from './tracker-capabilities.ts';

/** By account id, whole display name or e-mail address, without case. null = nobody for certain, or several. */
export function personMeant(given: string, found: readonly TrackerUser[]): TrackerUser | null {
  const wanted = fold(given);
  const isAddress = wanted.includes('@');
  const [meant, ...others] = found.filter(({ accountId, displayName, email }) =>
    // Anybody may call himself by another's address.
    [accountId, isAddress ? email : displayName].some((word) => word !== '' && fold(word) === wanted),
  );
  if (meant !== undefined) return others.length === 0 ? meant : null;
  const [only] = found;
  // An address that is kept private finds its owner and is not shown, so the name must not have been what fitted.
  const isFoundByAddress = isAddress && found.length === 1 && only?.email === '';
  return isFoundByAddress && !fold(only.displayName).includes(wanted) ? only : null;
}

function fold(word: string): string {
  return word.normalize('NFC').trim().toLowerCase();
}
