// An agent that says that it is done and has done nothing: told so and asked again, a few times, and then set aside for
// a person. What counts as work, and that it is shown.

import { spawnSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { WORK } from './kind.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { setScene } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const open: SceneDaemon[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

async function stage(...given: Parameters<typeof setScene>): Promise<SceneDaemon> {
  const scene = await setScene(...given);
  open.push(scene);
  return scene;
}

it('continues three times with the reason in the prompt, then parks', async () => {
  const scene = await stage(claudeCode, { max_turns: 1 });
  const idle = await scene.add(1, ['idles', 'goes on', 'goes on']);
  const declares = await scene.add(2, ['idles'], { before: 'echo no-change-needed > .sortie/status' });
  const works = await scene.add(3, ['works']);
  const late = await scene.add(4, ['idles', 'works']);
  await scene.start();

  const park = await scene.untilParked(idle, 'no_evidence');
  expect(park.detail).toMatch(/no sign of work/);
  const runs = await scene.runs(idle);
  expect(runs.map(({ status, attempt }) => [status, attempt])).toEqual([
    ['succeeded', 0],
    ['succeeded', 1],
    ['succeeded', 2],
  ]);
  expect(new Set(runs.map(({ evidence }) => evidence))).toEqual(new Set(['nothing']));
  expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(1);
  const [first, second, third] = await claudeCode.prompts(scene.cast.of(idle));
  expect(first).not.toContain('without a sign');
  expect(second).toMatch(/The last run on this issue ended without a sign that anything had been done/);
  expect(third).toMatch(/The last 2 runs on this issue ended without a sign/);
  expect((await scene.folder.issues())[0]?.state).toBe('To Do');

  for (const identifier of [declares, works, late]) await scene.untilState(identifier, 'In Review');
  expect(await scene.runs(declares)).toMatchObject([
    { status: 'succeeded', evidence: expect.stringContaining('no change is needed') as string },
  ]);
  expect(await scene.runs(works)).toMatchObject([
    { status: 'succeeded', evidence: expect.stringMatching(/1 file/) as string },
  ]);
  expect((await scene.runs(late)).map(({ evidence }) => evidence === 'nothing')).toEqual([true, false]);
});

it('wants a commit when it is strict', async (context) => {
  context.skip(spawnSync('git', ['--version']).error !== undefined, 'git is not installed');
  const git = 'git -c user.name=a -c user.email=a@example.org';
  const hooks = { after_create: `git init -q -b main && ${git} commit -q --allow-empty -m begin` };
  const scene = await stage(claudeCode, { max_turns: 1, evidence: 'strict', max_empty_runs: 2 }, { hooks });
  const changes = await scene.add(1, ['works', 'works']);
  const commits = await scene.add(2, ['idles', 'goes on'], {
    before: `if [ "$SORTIE_ATTEMPT" = 1 ]; then echo x > ${WORK}; git add ${WORK}; ${git} commit -q -m work; fi`,
  });
  await scene.start();
  const park = await scene.untilParked(changes, 'no_evidence');
  expect(park.detail).toMatch(/no commit was found/);
  await scene.untilState(commits, 'In Review');
  expect((await scene.runs(commits)).at(-1)).toMatchObject({
    status: 'succeeded',
    evidence: expect.stringContaining('commit') as string,
  });
  expect((await claudeCode.prompts(scene.cast.of(changes)))[1]).toContain('What counts is a commit');
});
