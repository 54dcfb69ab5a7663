// Which folder an issue gets, when `after_create` runs, and that two issues never share one.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepareWorkspace, suffixedKey } from '../../src/workspace/index.ts';
import type { PreparedWorkspace, PrepareRequest } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

async function prepare(
  root: string,
  identifier: string,
  more: Partial<PrepareRequest> = {},
): Promise<PreparedWorkspace> {
  return await prepareWorkspace({
    root,
    identifier,
    issueId: `id of ${identifier}`,
    recordedPath: null,
    onCreated: async () => undefined,
    ...more,
  });
}

it('makes a missing root for the owner alone, and the folder in it', async () => {
  const root = join(scratchFolder(), 'deep', 'root');
  expect(await prepare(root, 'A-1')).toEqual({ path: join(root, 'A-1'), key: 'A-1', created: true });
  expect(statSync(root).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'A-1')).isDirectory()).toBe(true);
});

it('runs after_create once, in the empty folder, and keeps the folder for the next run', async () => {
  const root = scratchFolder();
  const seen: string[][] = [];
  const onCreated = async (path: string): Promise<void> => {
    seen.push(readdirSync(path));
    writeFileSync(join(path, 'work'), 'done');
  };
  await prepare(root, 'A-1', { onCreated });
  expect(await prepare(root, 'A-1', { onCreated })).toMatchObject({ created: false });
  expect(seen).toEqual([[]]);
  expect(readFileSync(join(root, 'A-1', 'work'), 'utf8')).toBe('done');
});

it('removes the half-made folder when after_create fails, and starts from nothing the next time', async () => {
  const root = scratchFolder();
  const onCreated = async (path: string): Promise<void> => {
    mkdirSync(join(path, 'half'));
    throw new Error('clone failed');
  };
  await expect(prepare(root, 'A-1', { onCreated })).rejects.toThrow('clone failed');
  expect(existsSync(join(root, 'A-1'))).toBe(false);
  expect(readdirSync(join(root, '.sortie-owners'))).toEqual([]);
  expect(await prepare(root, 'A-1')).toMatchObject({ key: 'A-1', created: true });
});

it('empties a folder whose making was cut off by a crash', async () => {
  const root = scratchFolder();
  const never = new Promise<void>(() => undefined);
  // The daemon "dies" within after_create: the promise is never settled.
  const started = new Promise<void>((resolve) => {
    void prepare(root, 'A-1', {
      onCreated: async (path) => {
        writeFileSync(join(path, 'half'), '');
        resolve();
        await never;
      },
    });
  });
  await started;
  expect(await prepare(root, 'A-1')).toMatchObject({ key: 'A-1', created: true });
  expect(readdirSync(join(root, 'A-1'))).toEqual([]);
});

it('gives the second of two colliding identifiers a name with its digest, for good', async () => {
  const root = scratchFolder();
  const first = await prepare(root, 'feature/1');
  const second = await prepare(root, 'feature 1');
  expect(first.key).toBe('feature_1');
  expect(second.key).toBe(suffixedKey('feature 1'));
  expect((await prepare(root, 'feature 1')).path).toBe(second.path);
  expect((await prepare(root, 'feature/1')).path).toBe(first.path);
});

it('never uses a folder that it did not make', async () => {
  const root = scratchFolder();
  mkdirSync(join(root, 'A-1'));
  writeFileSync(join(root, 'A-1', 'precious'), '');
  const { key } = await prepare(root, 'A-1');
  expect(key).toBe(suffixedKey('A-1'));
  expect(readdirSync(join(root, 'A-1'))).toEqual(['precious']);
});

it('refuses when both names are taken', async () => {
  const root = scratchFolder();
  mkdirSync(join(root, 'A-1'));
  mkdirSync(join(root, suffixedKey('A-1')));
  await expect(prepare(root, 'A-1')).rejects.toMatchObject({ kind: 'workspace_refused' });
});

it('makes a folder anew that somebody removed by hand', async () => {
  const root = scratchFolder();
  const { path } = await prepare(root, 'A-1');
  await rm(path, { recursive: true });
  expect(await prepare(root, 'A-1', { recordedPath: path })).toEqual({ path, key: 'A-1', created: true });
});

it('keeps to the recorded folder after the root has changed', async () => {
  const [before, after] = [scratchFolder(), scratchFolder()];
  const { path } = await prepare(before, 'A-1');
  expect(await prepare(after, 'A-1', { recordedPath: path })).toEqual({ path, key: 'A-1', created: false });
  await rm(path, { recursive: true });
  expect((await prepare(after, 'A-1', { recordedPath: path })).path).toBe(join(after, 'A-1'));
});

it('keeps to the recorded folder after the identifier has changed, and gives the old name to nobody else', async () => {
  const root = scratchFolder();
  const { path } = await prepare(root, 'A-1', { issueId: '7' });
  expect(await prepare(root, 'B-9', { issueId: '7', recordedPath: path })).toMatchObject({
    path,
    created: false,
  });
  const other = await prepare(root, 'A-1', { issueId: '8' });
  expect(other.path).not.toBe(path);
});

it('does not go into a recorded folder that has become another issue’s', async () => {
  const root = scratchFolder();
  const { path } = await prepare(root, 'A-1');
  const other = await prepare(root, 'B-2', { recordedPath: path });
  expect(other.path).toBe(join(root, 'B-2'));
});

it('uses a recorded folder whose owner record is damaged or lost, and mends the record', async () => {
  const root = scratchFolder();
  const { path } = await prepare(root, 'A-1');
  for (const damage of [
    async () => writeFileSync(join(root, '.sortie-owners', 'A-1'), ''),
    () => rm(join(root, '.sortie-owners'), { recursive: true }),
  ]) {
    await damage();
    expect(await prepare(root, 'A-1', { recordedPath: path })).toMatchObject({ path, created: false });
    expect(readFileSync(join(root, '.sortie-owners', 'A-1'), 'utf8')).toContain('"A-1"');
  }
});

it('says what failed when the root cannot be made', async () => {
  const file = join(scratchFolder(), 'file');
  writeFileSync(file, '');
  await expect(prepare(join(file, 'root'), 'A-1')).rejects.toMatchObject({ kind: 'workspace_error' });
  await expect(prepare('relative', 'A-1')).rejects.toMatchObject({ kind: 'workspace_refused' });
  await expect(prepare('/', 'A-1')).rejects.toMatchObject({ kind: 'workspace_refused' });
});

it('gives different identifiers different folders inside of the root, the same ones every time', async () => {
  const identifier = fc.oneof(
    fc.stringMatching(/^[aA/. _-]{1,3}$/),
    fc.string({ minLength: 1, maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(identifier, { maxLength: 8 }), async (identifiers) => {
      const root = scratchFolder();
      const allowed = identifiers.filter((one) => one !== '.' && one !== '..');
      // At once, as the daemon's workers do.
      const made = await Promise.allSettled(allowed.map((one) => prepare(root, one)));
      const owners = new Map<string, string>();
      for (const [index, result] of made.entries()) {
        if (result.status === 'rejected') {
          expect(result.reason).toMatchObject({ kind: 'workspace_refused' });
          continue;
        }
        const { path, key } = result.value;
        expect(path).toBe(join(root, key));
        expect(owners.has(path)).toBe(false);
        owners.set(path, allowed[index] ?? '');
        expect((await prepare(root, allowed[index] ?? '')).path).toBe(path);
      }
    }),
    { numRuns: 60 },
  );
});
