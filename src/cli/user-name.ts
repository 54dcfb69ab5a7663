// Who says an operator's word, where no token says it: the user of the system.

import { userInfo } from 'node:os';

/** A user without an entry in the system's list has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
