// Who owns a workspace folder: one small JSON file a folder, `<root>/.sortie-owners/<key>`, beside the
// workspaces and not inside, where an agent works. A key is claimed by creating its record exclusively, before
// the folder exists; a folder without a record is somebody else's and is neither used nor removed. `ready`
// is false while the folder is being made or removed: a crash in between leaves a folder that is made anew.

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dropLook } from './kept-look.ts';
import { errorCode, refused } from './workspace-error.ts';
import { OWNERS_FOLDER } from './workspace-key.ts';

const RECORD_LIMIT_BYTES = 64 * 1024;

export interface Owner {
  readonly identifier: string;
  readonly issueId: string;
}

export interface OwnerRecord extends Owner {
  readonly ready: boolean;
}

/** `unreadable`: there is a record, but nothing certain can be said (a crash while it was written). */
export type FoundRecord = OwnerRecord | 'absent' | 'unreadable';

/** True when both mean the same issue: its identifier may change (a move between projects), its id may not. */
export function isOwner(record: FoundRecord, owner: Owner): boolean {
  if (typeof record === 'string') return false;
  return record.identifier === owner.identifier || record.issueId === owner.issueId;
}

/** Creates the record; false when there is one already. */
export async function claimKey(root: string, key: string, owner: Owner): Promise<boolean> {
  await ensureOwnersFolder(root);
  try {
    await writeFile(recordPath(root, key), serialise({ ...owner, ready: false }), {
      flag: 'wx',
      mode: 0o600,
    });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces the record, whole or not at all. */
export async function writeOwner(root: string, key: string, record: OwnerRecord): Promise<void> {
  await ensureOwnersFolder(root);
  // `~` never occurs in a key, so no temporary file is ever taken for a record.
  const temporary = recordPath(root, `~${randomUUID()}`);
  try {
    await writeFile(temporary, serialise(record), { flag: 'wx', mode: 0o600 });
    await rename(temporary, recordPath(root, key));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function readOwner(root: string, key: string): Promise<FoundRecord> {
  if (!(await isRealFolder(join(root, OWNERS_FOLDER)))) return 'absent';
  let text: string;
  try {
    // O_NONBLOCK: a pipe in this place must not hang the daemon.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(recordPath(root, key), flags);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(RECORD_LIMIT_BYTES),
        0,
        RECORD_LIMIT_BYTES,
        0,
      );
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'absent' : 'unreadable';
  }
  return parse(text) ?? 'unreadable';
}

export async function releaseKey(root: string, key: string): Promise<void> {
  if (!(await isRealFolder(join(root, OWNERS_FOLDER)))) return;
  await dropLook(join(root, key));
  await rm(recordPath(root, key), { force: true });
}

async function ensureOwnersFolder(root: string): Promise<void> {
  const folder = join(root, OWNERS_FOLDER);
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  if (!(await isRealFolder(folder))) throw refused(folder, 'is not a real folder; remove it by hand');
}

async function isRealFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true;
}

function recordPath(root: string, key: string): string {
  return join(root, OWNERS_FOLDER, key);
}

function serialise({ identifier, issueId, ready }: OwnerRecord): string {
  return `${JSON.stringify({ identifier, issue_id: issueId, ready })}\n`;
}

function parse(text: string): OwnerRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { identifier, issue_id: issueId, ready } = value as Record<string, unknown>;
    if (typeof identifier !== 'string' || typeof issueId !== 'string' || typeof ready !== 'boolean')
      return null;
    return { identifier, issueId, ready };
  } catch {
    return null;
  }
}
