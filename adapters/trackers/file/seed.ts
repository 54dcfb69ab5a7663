// Gives a new workflow something to start from: copies the seed to file.path when nothing is there. Never
// overwrites, and never leaves half a copy: the whole copy gets its name in one step that fails when it is taken.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './file-problem.ts';

/** Throws the system's own error: a missing seed, a folder that cannot be written. */
export async function copySeed(seed: string, path: string): Promise<void> {
  // Also a link that leads nowhere is something that is there, and not ours to replace.
  if (await lstat(path).catch(() => null)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.sortie-${randomUUID()}.tmp`);
  try {
    await copyFile(seed, temporary, constants.COPYFILE_EXCL);
    // A seed from a read-only place (a package, an image) must not make a list that nobody can write to.
    await chmod(temporary, 0o644);
    await link(temporary, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (!noHardLinks.has(errorCode(error))) throw error;
    await copyFile(seed, path, constants.COPYFILE_EXCL);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** File systems without hard links (exFAT, some network mounts) say one of these. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
