// From an issue's identifier to the name of its folder. Pure: whether a name is taken is asked elsewhere
// (owner-record.ts). A key is one path component of harmless ASCII, never `.` or `..`, at most 120 bytes.

import { createHash } from 'node:crypto';
import { refused } from './workspace-error.ts';

const KEY_LIMIT_BYTES = 120;
const DIGEST_HEX_DIGITS = 8;

/** Beside the workspaces; so it is no workspace's name (compared without case: macOS ignores case). */
export const OWNERS_FOLDER = '.sortie-owners';

/** The folder name that an identifier asks for. Throws WorkspaceError `workspace_refused`. */
export function workspaceKey(identifier: string): string {
  const key = sanitise(identifier);
  return key.length > KEY_LIMIT_BYTES || key.toLowerCase() === OWNERS_FOLDER ? suffixedKey(identifier) : key;
}

/** The name when the other one is taken: cut, then `-` and 8 hex digits of the identifier's SHA-256. */
export function suffixedKey(identifier: string): string {
  const digest = createHash('sha256').update(identifier, 'utf8').digest('hex').slice(0, DIGEST_HEX_DIGITS);
  return `${sanitise(identifier).slice(0, KEY_LIMIT_BYTES - 1 - DIGEST_HEX_DIGITS)}-${digest}`;
}

function sanitise(identifier: string): string {
  const key = identifier.replace(/[^A-Za-z0-9._-]/gu, '_');
  if (key === '' || key === '.' || key === '..') {
    throw refused(identifier, 'this issue identifier cannot name a folder; give the issue another one');
  }
  return key;
}
