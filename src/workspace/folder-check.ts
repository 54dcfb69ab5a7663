// What lies at a path, without following anything, and the root in which workspaces lie, with every symlink
// resolved once. The real root is what containment is judged against from then on.

import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, sep } from 'node:path';
import { errorCode, fromFileSystem, refused } from './workspace-error.ts';

export type Found = 'absent' | 'folder' | 'symlink' | 'other';

export async function whatIsAt(path: string): Promise<Found> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return 'symlink';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    throw error;
  }
}

export function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Makes the root when it is missing and returns its real path. */
export async function openRoot(root: string): Promise<string> {
  if (!isAbsolute(root)) throw refused(root, 'workspace.root must be an absolute path');
  let real: string;
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    real = await realpath(root);
  } catch (error) {
    throw fromFileSystem(root, 'making workspace.root', error);
  }
  if (dirname(real) === real) throw refused(root, 'workspace.root may not be the root of the file system');
  await refuseStrangersRoot(root, real);
  return real;
}

/**
 * The default root lies in the shared temporary folder, where anybody on the machine may have made it first
 * and could then exchange our folders at will.
 */
async function refuseStrangersRoot(root: string, real: string): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined) return;
  const parent = await stat(dirname(real));
  const isSharedFolder = (parent.mode & 0o1002) === 0o1002;
  const { uid } = await lstat(real);
  if (isSharedFolder && uid !== own && uid !== 0) {
    throw refused(
      root,
      `belongs to another user (uid ${uid}) in a shared folder; set workspace.root elsewhere`,
    );
  }
}
