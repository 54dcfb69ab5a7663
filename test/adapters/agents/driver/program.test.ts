// `agent.command` as words, and whether the program is there. No shell is ever asked.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { checkProgram, splitCommand } from '../../../../adapters/agents/driver/index.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true })));
});

async function folderWith(name: string, mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sortie-program-'));
  folders.push(folder);
  await writeFile(join(folder, name), '#!/bin/sh\n');
  await chmod(join(folder, name), mode);
  return folder;
}

it.each([
  ['claude', ['claude']],
  ['  npx --no-install   gemini ', ['npx', '--no-install', 'gemini']],
  [
    `"/opt/my agents/claude" --flag 'a "b" c' x\\ y ""`,
    ['/opt/my agents/claude', '--flag', 'a "b" c', 'x y', ''],
  ],
  ['a;b && $(c) `d` > e', ['a;b', '&&', '$(c)', '`d`', '>', 'e']],
])('takes %s apart without a shell', (command, words) => {
  const [file, ...args] = words;
  expect(splitCommand(command)).toEqual({ file, args });
});

it.each(['', '   ', '"open', "claude 'x", '""'])('finds no command in %j', (command) => {
  expect(splitCommand(command)).toBe(null);
});

it('gives back every word that was quoted', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      fc.pre(words[0] !== '');
      const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      expect(splitCommand(command)).toEqual({ file: words[0], args: words.slice(1) });
    }),
  );
});

it('says how to get a program that is not there', async () => {
  const install = 'npm install -g the-agent';
  expect(await checkProgram('the-agent --acp', { PATH: '/nowhere' }, { install })).toBe(
    'agent.command: "the-agent" was not found on PATH; install it (npm install -g the-agent), give its full path, or set PATH in agent.env',
  );
  expect(await checkProgram('/nowhere/the-agent', {}, { install })).toContain(
    '/nowhere/the-agent does not exist',
  );
  expect(await checkProgram('"', {}, { install })).toContain('every quote closed');
});

it('finds a program on PATH or by its path, if it may be executed', async () => {
  const folder = await folderWith('the-agent', 0o755);
  const locked = await folderWith('the-agent', 0o644);
  const check = (command: string, PATH: string) => checkProgram(command, { PATH }, { install: '' });
  expect(await check('the-agent', `/nowhere:${folder}`)).toBe(null);
  expect(await check(join(folder, 'the-agent'), '')).toBe(null);
  expect(await check(join(locked, 'the-agent'), '')).toContain('not executable');
  expect(await check('the-agent', locked)).toContain('not found on PATH');
});
