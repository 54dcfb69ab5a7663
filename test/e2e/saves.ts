// The ways in which a file changes under a daemon: what editors, scripts and config maps do. All leave the same
// text; they differ in which inode has it and which events are raised on the way.

import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type Save = (path: string, text: string) => Promise<void>;

let count = 0;

/** A folder of versions behind a link that is swapped, as Kubernetes mounts a config map. */
async function swapLink(path: string, text: string): Promise<void> {
  count += 1;
  const folder = dirname(path);
  const name = basename(path);
  const data = `..data-${name}`;
  const version = `..version-${count}`;
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, name), text);
  await replaceByLink(version, join(folder, data));
  // Only the first time: afterwards the file's own entry is never touched again.
  if (!(await lstat(path)).isSymbolicLink()) await replaceByLink(join(data, name), path);
}

async function replaceByLink(target: string, path: string): Promise<void> {
  await symlink(target, `${path}.link`);
  await rename(`${path}.link`, path);
}

/** All at once: nobody sees a half of it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

export const SAVES: Readonly<Record<string, Save>> = {
  'in-place write': (path, text) => writeFile(path, text),
  'atomic rename': replaceFile,
  'vim-style save': async (path, text) => {
    await rename(path, `${path}~`);
    await writeFile(path, text);
    await rm(`${path}~`);
  },
  'symlink swap': swapLink,
  'a second symlink swap': swapLink,
  'deletion and creation': async (path, text) => {
    if (existsSync(path)) await rm(path);
    await writeFile(path, text);
  },
};
