// What an agent may say through .sortie/status, and that nothing it puts there hurts the daemon.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readStatus, resetStatusFolder } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

let workspace = '';
beforeEach(() => {
  workspace = scratchFolder();
  mkdirSync(join(workspace, '.sortie'));
});
const write = (text: string | Buffer): void => writeFileSync(join(workspace, '.sortie', 'status'), text);

it.each([
  ['blocked', 'blocked'],
  ['  needs-human-review \r\nbecause of the schema\n', 'needs-human-review'],
  ['', ''],
  ['\nblocked', ''],
])('reads %j as %j', async (text, status) => {
  write(text);
  expect(await readStatus(workspace)).toEqual({ status, warning: null });
});

it('has nothing to say where there is no file or no folder', async () => {
  expect(await readStatus(workspace)).toEqual({ status: '', warning: null });
  expect(await readStatus(scratchFolder())).toEqual({ status: '', warning: null });
});

it.each(['done', 'BLOCKED', 'blocked!', `blocked${'x'.repeat(10_000)}`, 'blocked\0'])(
  'warns of an unknown value: %.20j',
  async (text) => {
    write(text);
    const { status, warning } = await readStatus(workspace);
    expect(status).toBe('');
    expect(warning).toContain('which means nothing');
    expect(warning?.length).toBeLessThan(200);
  },
);

it('reads no more than it needs of a huge file, and survives binary', async () => {
  write(Buffer.concat([Buffer.from('blocked\n'), Buffer.alloc(20 * 1024 * 1024, 120)]));
  expect((await readStatus(workspace)).status).toBe('blocked');
  write(Buffer.alloc(100_000, 0xff));
  expect((await readStatus(workspace)).status).toBe('');
});

it('neither waits at a pipe nor reads a folder, and puts both away before the next run', async () => {
  execFileSync('mkfifo', [join(workspace, '.sortie', 'status')]);
  expect((await readStatus(workspace)).warning).toContain('not a plain file');
  await resetStatusFolder(workspace);
  mkdirSync(join(workspace, '.sortie', 'status', 'deep'), { recursive: true });
  expect((await readStatus(workspace)).warning).toContain('not a plain file');
  await resetStatusFolder(workspace);
  expect(await readStatus(workspace)).toEqual({ status: '', warning: null });
});

it('keeps the folder out of git, and what else is in it as it was', async () => {
  write('blocked');
  writeFileSync(join(workspace, '.sortie', '.gitignore'), 'tampered');
  writeFileSync(join(workspace, '.sortie', 'notes'), 'mine');
  await resetStatusFolder(workspace);
  expect(readFileSync(join(workspace, '.sortie', '.gitignore'), 'utf8')).toBe('*\n');
  expect(readFileSync(join(workspace, '.sortie', 'notes'), 'utf8')).toBe('mine');
  expect(await readStatus(workspace)).toEqual({ status: '', warning: null });
});
