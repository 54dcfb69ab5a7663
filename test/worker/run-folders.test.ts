// The folders of a run: nobody else's, outside of the workspace, and gone when it is over.

import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aWorld, warningsOf } from './world.ts';

const PRINT =
  'echo "$TMPDIR $TMP $TEMP" > dirs; stat -c %a "$TMPDIR" >> dirs; touch "$TMPDIR/left"; chmod 0 "$TMPDIR"';

it('give the agent a temporary one of its own, whatever it leaves in it', async () => {
  const world = aWorld();
  expect(await world.run({ agent: { command: PRINT } })).toMatchObject({ kind: 'normal' });
  const { runId } = world.heads[0] ?? { runId: '' };
  const path = join(world.temporaryRoot, `sortie-${runId}`);
  expect(readFileSync(join(world.root, 'A-1', 'dirs'), 'utf8')).toBe(`${path} ${path} ${path}\n700\n`);
  expect(existsSync(path)).toBe(false);
  expect(existsSync(join(world.privateRoot, runId))).toBe(false);
});

it('are named by their real path', async () => {
  const world = aWorld();
  mkdirSync(join(world.temporaryRoot, 'real'));
  const link = join(world.temporaryRoot, 'link');
  symlinkSync(join(world.temporaryRoot, 'real'), link);
  await world.run({ agent: { command: PRINT }, dependencies: { temporaryRoot: link } });
  const [line] = readFileSync(join(world.root, 'A-1', 'dirs'), 'utf8').split(' ');
  expect(line).toContain(join(world.temporaryRoot, 'real', 'sortie-'));
});

it.each(['missing', 'a file'])(
  'are all in the own folder when the place for temporary ones is %s',
  async (kind) => {
    const world = aWorld();
    const temporaryRoot = join(world.temporaryRoot, 'odd');
    if (kind === 'a file') writeFileSync(temporaryRoot, '');
    expect(await world.run({ agent: { command: PRINT }, dependencies: { temporaryRoot } })).toMatchObject({
      kind: 'normal',
    });
    const { runId } = world.heads[0] ?? { runId: '' };
    const [line] = readFileSync(join(world.root, 'A-1', 'dirs'), 'utf8').split(' ');
    expect(line).toBe(join(world.privateRoot, runId, 'tmp'));
    expect(warningsOf(world)).toEqual([expect.stringMatching(/check TMPDIR of the daemon: .*odd/)]);
    expect(existsSync(join(world.privateRoot, runId))).toBe(false);
  },
);

it('leave alone what agent.env says', async () => {
  const world = aWorld();
  await world.run({ agent: { command: 'echo $TMPDIR $TMP > dirs', env: { TMPDIR: '/elsewhere' } } });
  expect(readFileSync(join(world.root, 'A-1', 'dirs'), 'utf8')).toMatch(/^\/elsewhere \/.*sortie-/);
});

it('are not given to hooks', async () => {
  const world = aWorld();
  await world.run({ hooks: { beforeRun: 'echo "$TMPDIR" > hook', afterRun: 'echo "$TMPDIR" >> hook' } });
  expect(readFileSync(join(world.root, 'A-1', 'hook'), 'utf8')).toBe('\n\n');
});

it.each(['folder', 'link'])('are refused when a %s is there already, which stays', async (kind) => {
  const world = aWorld();
  const runId = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';
  const path = join(world.temporaryRoot, `sortie-${runId}`);
  if (kind === 'folder') mkdirSync(path);
  else symlinkSync(world.temporaryRoot, path);
  const exit = await world.run({ spec: { runId } });
  expect(exit).toMatchObject({ kind: 'failed', failure: { kind: 'workspace_error' } });
  expect(exit).toMatchObject({ failure: { message: expect.stringContaining(path) as string } });
  expect(statSync(path).isDirectory()).toBe(true);
  expect(existsSync(join(world.privateRoot, runId))).toBe(false);
});
