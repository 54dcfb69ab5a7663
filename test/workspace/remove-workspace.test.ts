// What is removed is one issue's recorded folder, with the script run first; anything else is refused.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspaceRemover, prepareWorkspace, removeWorkspace } from '../../src/workspace/index.ts';
import type { HookResult } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

const owner = { identifier: 'A-1', issueId: '1' };
const refusal = { name: 'WorkspaceError', kind: 'workspace_refused' };

async function prepare(root: string, more = owner): Promise<string> {
  const request = { root, ...more, recordedPath: null, onCreated: async () => undefined };
  return (await prepareWorkspace(request)).path;
}

it('removes the folder and its record, so that the name is free again', async () => {
  const root = scratchFolder();
  const path = await prepare(root);
  writeFileSync(join(path, 'work'), '');
  expect(await removeWorkspace({ path, ...owner })).toBe('removed');
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(join(root, '.sortie-owners'))).toEqual([]);
});

it('counts a folder that is gone as success, and frees the name', async () => {
  const root = scratchFolder();
  const path = await prepare(root);
  await rm(path, { recursive: true });
  expect(await removeWorkspace({ path, ...owner })).toBe('missing');
  expect(readdirSync(join(root, '.sortie-owners'))).toEqual([]);
  expect(await removeWorkspace({ path: '/no/such/folder', ...owner })).toBe('missing');
});

it('refuses what it cannot prove to have made for this issue', async () => {
  const root = scratchFolder();
  const path = await prepare(root);
  mkdirSync(join(root, 'stranger'));
  await expect(removeWorkspace({ ...owner, path: join(root, 'stranger') })).rejects.toMatchObject(refusal);
  await expect(removeWorkspace({ path, identifier: 'B-2', issueId: '2' })).rejects.toMatchObject(refusal);
  for (const wrong of ['/', '/tmp', root, `${path}/`, `${path}/../A-1`, 'A-1', '']) {
    await expect(removeWorkspace({ ...owner, path: wrong })).rejects.toMatchObject(refusal);
  }
  expect(existsSync(path)).toBe(true);
  expect(existsSync(join(root, 'stranger'))).toBe(true);
});

it('makes a folder anew whose removal was cut off', async () => {
  const root = scratchFolder();
  const path = await prepare(root);
  writeFileSync(join(path, 'left over'), '');
  const record = join(root, '.sortie-owners', 'A-1');
  writeFileSync(record, readFileSync(record, 'utf8').replace('true', 'false'));
  await prepare(root);
  expect(readdirSync(path)).toEqual([]);
});

it('runs before_remove in the folder, and removes it even when the script fails', async () => {
  const root = scratchFolder();
  const path = await prepare(root);
  const results: HookResult[] = [];
  const remove = createWorkspaceRemover({
    environment: { PATH: process.env['PATH'] },
    newUuid: () => crypto.randomUUID(),
    hookEnded: (_order, result) => results.push(result),
  });
  const script = `pwd > ${root}/seen; echo "$SORTIE_ISSUE_IDENTIFIER $SORTIE_ATTEMPT" >> ${root}/seen; exit 3`;
  const order = {
    path,
    issueId: '1',
    issueIdentifier: 'A-1',
    hooks: { beforeRemove: script, timeoutMs: 60_000 },
    secretEnvNames: [],
    stopGraceMs: 500,
  };
  expect(await remove(order, new AbortController().signal)).toBe('removed');
  expect(readFileSync(join(root, 'seen'), 'utf8')).toBe(`${path}\nA-1 0\n`);
  expect(results).toMatchObject([{ name: 'before_remove', outcome: 'failed' }]);
  expect(existsSync(path)).toBe(false);
  expect(await remove(order, new AbortController().signal)).toBe('missing');
  expect(results).toHaveLength(1);
});
