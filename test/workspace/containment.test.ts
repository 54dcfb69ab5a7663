// Symbolic links where an agent or another user could have put them: nothing outside of the root is ever
// written, used or removed.

import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  prepareWorkspace,
  readStatus,
  removeWorkspace,
  resetStatusFolder,
} from '../../src/workspace/index.ts';
import type { PreparedWorkspace } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

const owner = { identifier: 'A-1', issueId: '1' };
const refusal = { name: 'WorkspaceError', kind: 'workspace_refused' };

async function prepare(root: string, recordedPath: string | null = null): Promise<PreparedWorkspace> {
  return await prepareWorkspace({ root, ...owner, recordedPath, onCreated: async () => undefined });
}

function outsideWithFile(): string {
  const outside = join(scratchFolder(), 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious'), 'kept');
  return outside;
}

it('resolves a root that is a link once, and works below the real one', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  expect((await prepare(join(folder, 'link'))).path).toBe(join(folder, 'real', 'A-1'));
});

it('refuses a root that another user made in a shared folder', async (ctx) => {
  ctx.skip(process.getuid?.() !== 0, 'only root can make a folder that belongs to somebody else');
  const { chmodSync, chownSync } = await import('node:fs');
  const shared = scratchFolder();
  mkdirSync(join(shared, 'root'));
  chownSync(join(shared, 'root'), 65534, 65534);
  expect((await prepare(join(shared, 'root'))).created).toBe(true);
  chmodSync(shared, 0o1777);
  await expect(prepare(join(shared, 'root'))).rejects.toMatchObject(refusal);
});

it('refuses a folder that is a link, whoever it belongs to', async () => {
  const [root, outside] = [scratchFolder(), outsideWithFile()];
  symlinkSync(outside, join(root, 'A-1'));
  await expect(prepare(root)).rejects.toMatchObject(refusal);
  expect(readdirSync(outside)).toEqual(['precious']);
});

it('refuses our own folder once it has been exchanged for a link or a file', async () => {
  const [root, outside] = [scratchFolder(), outsideWithFile()];
  const { path } = await prepare(root);
  await rm(path, { recursive: true });
  symlinkSync(outside, path);
  await expect(prepare(root)).rejects.toMatchObject(refusal);
  await expect(prepare(root, path)).rejects.toMatchObject(refusal);
  await expect(removeWorkspace({ path, ...owner })).rejects.toMatchObject(refusal);
  await rm(path);
  writeFileSync(path, '');
  await expect(prepare(root)).rejects.toMatchObject(refusal);
  await expect(removeWorkspace({ path, ...owner })).rejects.toMatchObject(refusal);
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
});

it('refuses a recorded folder that has become a link, even to another place inside of the root', async () => {
  const [before, root] = [scratchFolder(), scratchFolder()];
  const { path } = await prepare(before);
  await rm(path, { recursive: true });
  mkdirSync(join(root, 'stray'));
  symlinkSync(join(root, 'stray'), path);
  await expect(prepare(root, path)).rejects.toMatchObject(refusal);
});

it('refuses a recorded folder when the way to it leads out of the root by now', async () => {
  const folder = scratchFolder();
  const root = join(folder, 'root');
  const { path } = await prepare(root);
  renameSync(root, join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), root);
  const other = scratchFolder();
  await expect(prepare(other, path)).rejects.toMatchObject(refusal);
  await expect(removeWorkspace({ path, ...owner })).rejects.toMatchObject(refusal);
  // With the moved root configured, the folder is the same one in its new place.
  expect(await prepare(root, path)).toMatchObject({ path: join(folder, 'elsewhere', 'A-1'), created: false });
});

it('refuses owner records behind a link', async () => {
  const [root, outside] = [scratchFolder(), outsideWithFile()];
  symlinkSync(outside, join(root, '.sortie-owners'));
  await expect(prepare(root)).rejects.toMatchObject(refusal);
  expect(readdirSync(outside)).toEqual(['precious']);
});

it('refuses to work through a .sortie that is a link or a file', async () => {
  const [workspace, outside] = [scratchFolder(), outsideWithFile()];
  symlinkSync(outside, join(workspace, '.sortie'));
  writeFileSync(join(outside, 'status'), 'blocked');
  await expect(resetStatusFolder(workspace)).rejects.toMatchObject(refusal);
  expect(await readStatus(workspace)).toEqual({ status: '', warning: '.sortie is a symbolic link' });
  expect(readdirSync(outside)).toEqual(['precious', 'status']);
  await rm(join(workspace, '.sortie'));
  writeFileSync(join(workspace, '.sortie'), '');
  await expect(resetStatusFolder(workspace)).rejects.toMatchObject(refusal);
});

it('replaces links inside of .sortie without touching what they point at', async () => {
  const [workspace, outside] = [scratchFolder(), outsideWithFile()];
  mkdirSync(join(workspace, '.sortie'));
  symlinkSync(join(outside, 'precious'), join(workspace, '.sortie', 'status'));
  symlinkSync(join(outside, 'precious'), join(workspace, '.sortie', '.gitignore'));
  expect((await readStatus(workspace)).warning).toContain('symbolic link');
  await resetStatusFolder(workspace);
  expect(readdirSync(join(workspace, '.sortie'))).toEqual(['.gitignore']);
  expect(lstatSync(join(workspace, '.sortie', '.gitignore')).isFile()).toBe(true);
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
});

it('does not follow a link that before_remove put in place of the folder', async () => {
  const [root, outside] = [scratchFolder(), outsideWithFile()];
  const { path } = await prepare(root);
  const beforeRemove = async (): Promise<void> => {
    await rm(path, { recursive: true });
    symlinkSync(outside, path);
  };
  await expect(removeWorkspace({ path, ...owner, beforeRemove })).rejects.toMatchObject(refusal);
  expect(readdirSync(outside)).toEqual(['precious']);
});
