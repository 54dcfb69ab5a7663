// What an agent may put into a workspace to make the look at it cost the daemon its memory, or to be given the work of
// strangers.

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareWorkspace, takeBaseline } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

function refsOf(baseline: Awaited<ReturnType<typeof takeBaseline>>): number {
  let refs = 0;
  for (const { heads, elsewhere } of baseline.repositories.values()) refs += heads.size + elsewhere.size;
  return refs;
}

it('holds no more refs of many repositories than of one', async () => {
  const folder = scratchFolder();
  const shared = join(folder, 'shared');
  mkdirSync(join(shared, 'refs'), { recursive: true });
  writeFileSync(join(shared, 'HEAD'), 'ref: refs/heads/main\n');
  const id = (n: number): string => n.toString(16).padStart(40, '0');
  const lines = Array.from({ length: 30_000 }, (_, n) => `${id(2 * n)} refs/tags/${n}\n^${id(2 * n + 1)}\n`);
  writeFileSync(join(shared, 'packed-refs'), lines.join(''));
  for (let n = 0; n < 20; n += 1) {
    mkdirSync(join(folder, `r${n}`));
    writeFileSync(join(folder, `r${n}`, '.git'), 'gitdir: ../shared\n');
  }
  const baseline = await takeBaseline(folder);
  expect(refsOf(baseline)).toBeLessThanOrEqual(100_000);
  expect(baseline.problem).toMatch(/too many (packed )?refs/);
});

it('takes nothing for a peeled tag that is no object', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, '.git', 'packed-refs'), '^a\n^b\n^c\n');
  expect(refsOf(await takeBaseline(folder))).toBe(0);
});

it('looks through no link that stands in the place of the workspace', async () => {
  const root = scratchFolder();
  const [workspace, elsewhere] = [join(root, 'workspace'), join(root, 'elsewhere')];
  mkdirSync(workspace);
  mkdirSync(join(elsewhere, '.git', 'refs', 'heads'), { recursive: true });
  writeFileSync(join(elsewhere, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(elsewhere, '.git', 'refs', 'heads', 'main'), `${'a'.repeat(40)}\n`);
  const before = await takeBaseline(workspace);
  rmSync(workspace, { recursive: true });
  symlinkSync(elsewhere, workspace);
  expect(await compareWorkspace(before, workspace)).toEqual({
    commits: [],
    changes: 0,
    unknown: 'the workspace is no longer a folder',
  });
});
