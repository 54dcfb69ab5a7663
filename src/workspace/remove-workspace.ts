// Removes one issue's folder, by the path that was recorded and never by one that was worked out again. It
// touches only a folder that has an owner record of this very issue beside it, so that a wrong path in the
// store can never cost anybody's files. A folder that is gone already is success.

import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { whatIsAt } from './folder-check.ts';
import { isOwner, readOwner, releaseKey, writeOwner } from './owner-record.ts';
import type { FoundRecord, Owner } from './owner-record.ts';
import { removeTree } from './remove-tree.ts';
import { fromFileSystem, refused } from './workspace-error.ts';

export interface RemoveRequest {
  /** As recorded when the workspace was made: absolute and real. */
  readonly path: string;
  readonly identifier: string;
  readonly issueId: string;
  /** `before_remove`; what it rejects with is ignored here: the caller logs it. */
  readonly beforeRemove?: (path: string) => Promise<unknown>;
}

/** Nothing of the issue may run any more. Rejects with WorkspaceError. */
export async function removeWorkspace(request: RemoveRequest): Promise<'removed' | 'missing'> {
  try {
    return await removeChecked(request);
  } catch (error) {
    throw fromFileSystem(request.path, 'removing the folder', error);
  }
}

async function removeChecked(request: RemoveRequest): Promise<'removed' | 'missing'> {
  const { path } = request;
  const root = dirname(path);
  const key = basename(path);
  if (!isAbsolute(path) || join(root, key) !== path || dirname(root) === root) {
    throw refused(path, 'is not the recorded path of a workspace; nothing was removed');
  }
  if ((await whatIsAt(path)) === 'absent') {
    if (isOwner(await readOwner(root, key), request)) await releaseKey(root, key);
    return 'missing';
  }
  await refuseUnlessOurs(path, request);
  await request.beforeRemove?.(path).catch(() => undefined);
  // The script worked in that folder and could have put anything in its place.
  if ((await whatIsAt(path)) !== 'absent') {
    const record = await refuseUnlessOurs(path, request);
    if (typeof record !== 'string') await writeOwner(root, key, { ...record, ready: false });
    await removeTree(path);
  }
  await releaseKey(root, key);
  return 'removed';
}

async function refuseUnlessOurs(path: string, owner: Owner): Promise<FoundRecord> {
  const found = await whatIsAt(path);
  if (found === 'symlink') throw refused(path, 'is a symbolic link; nothing was removed');
  if (found !== 'folder') throw refused(path, 'is not a folder; nothing was removed');
  if ((await realpath(path)) !== path) {
    throw refused(
      path,
      `leads elsewhere through a symbolic link (${await realpath(path)}); nothing was removed`,
    );
  }
  const record = await readOwner(dirname(path), basename(path));
  if (record === 'absent') throw refused(path, 'has no owner record beside it; remove it by hand');
  if (record !== 'unreadable' && !isOwner(record, owner)) {
    throw refused(
      path,
      `belongs to issue ${JSON.stringify(record.identifier.slice(0, 200))}; nothing was removed`,
    );
  }
  return record;
}
