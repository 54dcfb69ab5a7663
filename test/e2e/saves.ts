// The ways in which a file changes under a daemon: what editors, scripts and config maps do. All leave the same
// text; they differ in which inode has it and which events are raised on the way. What leaves no whole file for a
// moment is done without letting anybody else in, as the programs that save so do it.

import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
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
  'in-place write': inOneGo((path, text) => {
    writeFileSync(path, text);
  }),
  'atomic rename': replaceFile,
  'vim-style save': inOneGo((path, text) => {
    renameSync(path, `${path}~`);
    writeFileSync(path, text);
    rmSync(`${path}~`);
  }),
  'symlink swap': swapLink,
  'a second symlink swap': swapLink,
  'deletion and creation': inOneGo((path, text) => {
    if (existsSync(path)) rmSync(path);
    writeFileSync(path, text);
  }),
};

function inOneGo(save: (path: string, text: string) => void): Save {
  return (path, text) => {
    save(path, text);
    return Promise.resolve();
  };
}
