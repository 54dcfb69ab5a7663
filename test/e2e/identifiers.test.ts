// Identifiers that would make bad folder names, and folders that lead out of the workspace root: each either works
// inside the root or is set aside with its reason, and the other issues run.

import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';

const GOOD: Readonly<Record<string, string>> = {
  traversal: '../../etc',
  absolute: '/etc/passwd',
  long: 'L'.repeat(300),
  emoji: 'E2E-😀-ü',
  newline: 'E2E\n7',
  nul: 'E2E\u00008',
  slash: 'A/1',
  colon: 'A:1',
  plain: 'E2E-99',
};
const REFUSED: Readonly<Record<string, string>> = { dot: '.', dots: '..', link: 'LINKED' };

let folder: Folder;
let daemon: Daemon;
beforeAll(async () => {
  folder = await makeFolder();
  // The root is itself reached through a link, which is allowed; a folder in it that leads out is not.
  await mkdir(folder.file('real-root'));
  await mkdir(folder.file('outside'));
  await symlink('real-root', folder.file('workspaces'));
  await symlink(folder.file('outside'), folder.file('real-root/LINKED'));
  const all = [...Object.values(GOOD), ...Object.values(REFUSED)];
  await folder.writeIssues(all.map((identifier, n) => makeIssue(n + 1, { identifier })));
  const base = baseSettings(folder, 'pwd > here.txt');
  await folder.writeWorkflow({ ...base, agent: { ...(base['agent'] as object), max_concurrent_agents: 20 } });
  daemon = await startDaemon(folder);
  await until('all to be decided', async () => {
    const { counts } = await daemon.state();
    const runs = await daemon.runs();
    return counts.running === 0 && runs.length >= all.length;
  });
});
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

it.each(Object.entries(GOOD))('%s works inside the root', async (_name, identifier) => {
  // A database's text holds no NUL; history shows U+FFFD in its place.
  const shown = identifier.replaceAll('\u0000', '\uFFFD');
  const [run] = (await daemon.runs()).filter(({ issue_identifier }) => issue_identifier === shown);
  expect(run).toMatchObject({ status: 'succeeded' });
  const path = run?.workspace_path ?? '';
  const root = folder.file('real-root');
  expect(realpathSync(path)).toBe(join(root, path.split('/').at(-1) ?? ''));
  expect(path.split('/').at(-1)).toMatch(/^[A-Za-z0-9._-]{1,120}$/);
});

it('gives two identifiers that look alike two folders', async () => {
  const paths = (await daemon.runs())
    .filter(({ issue_identifier }) => [GOOD['slash'], GOOD['colon']].includes(issue_identifier))
    .map(({ workspace_path }) => workspace_path);
  expect(new Set(paths).size).toBe(2);
});

it.each(Object.entries(REFUSED))('%s is set aside', async (_name, identifier) => {
  expect(await daemon.parked(identifier)).toMatchObject({ reason: 'workspace_refused' });
});

it('writes nothing outside of the root', () => {
  expect(readdirSync(folder.file('outside'))).toEqual([]);
  expect(lstatSync(folder.file('real-root/LINKED')).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder.path).sort()).toEqual(expect.not.arrayContaining(['etc', 'here.txt', '.sortie']));
});
