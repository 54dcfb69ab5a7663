// Which program is started for the `copilot` on PATH.
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resolveNative } from '../../../../adapters/agents/copilot-cli/native-binary.ts';

const program = { file: 'copilot', args: ['--foo'] };
const platformFolder = `@github/copilot-${process.platform}-${process.arch}`;

async function stage() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'copilot-native-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const put = async (path: string, text = '#!/bin/sh\n'): Promise<string> => {
    const whole = join(root, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, text);
    await chmod(whole, 0o755);
    return whole;
  };
  const modules = 'lib/node_modules';
  const loader = async (name = '@github/copilot'): Promise<void> => {
    const path = await put(`${modules}/@github/copilot/npm-loader.js`, '#!/usr/bin/env node\n');
    await put(`${modules}/@github/copilot/package.json`, JSON.stringify({ name }));
    await mkdir(join(root, 'bin'));
    await symlink(path, join(root, 'bin/copilot'));
  };
  return { root, put, loader, modules, env: { PATH: `/nowhere:${join(root, 'bin')}` } };
}

it.each([
  ['beside the loader', (modules: string) => `${modules}/${platformFolder}/copilot`],
  ['inside of it', (modules: string) => `${modules}/@github/copilot/node_modules/${platformFolder}/copilot`],
])("is the binary of the platform's package, %s", async (_where, place) => {
  const { put, loader, modules, env } = await stage();
  await loader();
  const native = await put(place(modules));
  expect(await resolveNative(program, env)).toEqual({ file: native, args: ['--foo'] });
});

it('is the loader when there is no such package', async () => {
  const { loader, env } = await stage();
  await loader();
  expect(await resolveNative(program, env)).toEqual(program);
});

it("is whatever else is called copilot, also in somebody else's package", async () => {
  const { put, loader, modules, env, root } = await stage();
  await loader('copilot-wrapper');
  await put(`${modules}/${platformFolder}/copilot`);
  expect(await resolveNative(program, env)).toEqual(program);
  const own = { file: join(root, 'bin/copilot'), args: [] };
  expect(await resolveNative(own, {})).toEqual(own);
});

it('is what was asked for when it is not there', async () => {
  expect(await resolveNative(program, { PATH: '/nowhere' })).toEqual(program);
});
