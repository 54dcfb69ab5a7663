// Everything that agents leave in a folder can be removed, and nothing beside it is.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeTree } from '../../src/workspace/index.ts';
import { scratchFolder, withoutPrivileges } from './scratch.ts';

it('leaves what links point at', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside', 'precious'), 'kept');
  mkdirSync(join(folder, 'tree', 'deep'), { recursive: true });
  symlinkSync(join(folder, 'outside'), join(folder, 'tree', 'deep', 'link'));
  symlinkSync(join(folder, 'outside', 'precious'), join(folder, 'tree', 'file'));
  symlinkSync('/no/such/place', join(folder, 'tree', 'dangling'));
  await removeTree(join(folder, 'tree'));
  expect(readdirSync(folder)).toEqual(['outside']);
  expect(readFileSync(join(folder, 'outside', 'precious'), 'utf8')).toBe('kept');
  symlinkSync(join(folder, 'outside'), join(folder, 'link'));
  await removeTree(join(folder, 'link'));
  expect(readdirSync(join(folder, 'outside'))).toEqual(['precious']);
});

it('removes names that are no UTF-8, pipes, and a hundred files', async () => {
  const tree = join(scratchFolder(), 'tree');
  mkdirSync(tree);
  writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xe9, 0xff])]), '');
  execFileSync('mkfifo', [join(tree, 'pipe')]);
  for (let index = 0; index < 100; index += 1) writeFileSync(join(tree, String(index)), '');
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
});

it('removes folders that lie deeper than a path may be long', async () => {
  const tree = join(scratchFolder(), 'tree');
  mkdirSync(tree);
  const name = 'd'.repeat(100);
  // Step by step from within: no path may be that long, and a shell's `cd` gives up as well.
  const script = `const fs = require('node:fs');
    for (let i = 0; i < 120; i += 1) { fs.mkdirSync('${name}'); process.chdir('${name}'); }
    fs.writeFileSync('file', '');`;
  execFileSync(process.execPath, ['-e', script], { cwd: tree });
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
});

it('removes folders without write or read permission, as a user who is not root', async () => {
  const scratch = scratchFolder();
  await withoutPrivileges(scratch, async () => {
    const tree = join(scratch, 'tree');
    mkdirSync(join(tree, 'a', 'b'), { recursive: true });
    writeFileSync(join(tree, 'a', 'b', 'file'), '', { mode: 0o400 });
    await chmod(join(tree, 'a', 'b'), 0o500);
    await chmod(join(tree, 'a'), 0);
    await expect(async () => readdirSync(join(tree, 'a'))).rejects.toMatchObject({ code: 'EACCES' });
    await removeTree(tree);
    expect(existsSync(tree)).toBe(false);
  });
});

it('says why it could not, and counts an absent path as removed', async () => {
  const scratch = scratchFolder();
  await removeTree(join(scratch, 'absent'));
  await withoutPrivileges(scratch, async () => {
    mkdirSync(join(scratch, 'parent', 'tree'), { recursive: true });
    await chmod(join(scratch, 'parent'), 0o500);
    await expect(removeTree(join(scratch, 'parent', 'tree'))).rejects.toMatchObject({ code: 'EACCES' });
    await chmod(join(scratch, 'parent'), 0o700);
  });
});
