// Removes a folder and all that is in it. Follows no symlink: links go, what they point at stays. Names are
// bytes, because a repository may hold names that are no UTF-8 (fs.rm of Node 20 fails on those), and folders
// without write permission are opened up first.

import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './workspace-error.ts';

/** A dying process may still write into a folder that is just being emptied. */
const ROUNDS = 5;
const UNLINKS_AT_ONCE = 16;
const SLASH = Buffer.from('/');
/** The system takes 4096 bytes with the last name; what lies deeper is first moved to the top. */
const PATH_LIMIT_BYTES = 3000;

/** Removes whatever is at the path; an absent one is fine. Rejects with the file system's error. */
export async function removeTree(path: string): Promise<void> {
  await removeEntry(Buffer.from(path), path);
}

async function removeEntry(path: Buffer, top: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) return await unlink(path);
    if ((found.mode & 0o700) !== 0o700) await chmod(path, 0o700);
    if (path.length <= PATH_LIMIT_BYTES) return await removeFolder(path, top);
    const moved = Buffer.from(join(top, randomUUID()));
    await rename(path, moved);
    await removeFolder(moved, top);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function removeFolder(path: Buffer, top: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    await emptyFolder(path, top);
    try {
      return await rmdir(path);
    } catch (error) {
      const isRefilled = errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST';
      if (!isRefilled || round === ROUNDS) throw error;
    }
  }
}

async function emptyFolder(path: Buffer, top: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
  const others: Buffer[] = [];
  for (const entry of entries) {
    const child = Buffer.concat([path, SLASH, entry.name]);
    // One folder at a time keeps the number of open handles small, whatever the shape of the tree.
    if (entry.isDirectory()) await removeEntry(child, top);
    else others.push(child);
  }
  for (let start = 0; start < others.length; start += UNLINKS_AT_ONCE) {
    await Promise.all(others.slice(start, start + UNLINKS_AT_ONCE).map((child) => removeEntry(child, top)));
  }
}
