// A session that the agent does not know any more: replaced once by a fresh one, in the same run, which gets the whole
// prompt; after a second loss the run fails and is tried again.

import { afterEach, expect, it } from 'vitest';
import type { Kind, Scene } from './kind.ts';
import { acp } from './kinds/acp.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import { copilotCli } from './kinds/copilot-cli.ts';
import { geminiCli } from './kinds/gemini-cli.ts';
import { opencode } from './kinds/opencode.ts';
import { tokensOf } from './kind.ts';
import { setScene } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const open: SceneDaemon[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

const scenes: readonly Scene[] = ['broken', 'knows no session', 'works', 'goes on'];

it.each([claudeCode, codex, opencode, copilotCli, geminiCli, acp] as readonly Kind[])(
  '$kind: a run that cannot resume begins anew, once',
  async (kind) => {
    const scene = await setScene(kind);
    open.push(scene);
    const issue = await scene.add(1, scenes);
    await scene.start();
    await scene.untilState(issue, 'In Review');
    const runs = await scene.runs(issue);
    expect(runs).toMatchObject([
      { attempt: 0, status: 'failed' },
      { attempt: 1, status: 'succeeded', turns_completed: 2, tokens: tokensOf(3) },
    ]);
    const fake = scene.cast.of(issue);
    const beginnings = await kind.beginnings(fake);
    expect(beginnings.slice(0, 3)).toEqual(['new', `resumes ${runs[0]?.session_id ?? ''}`, 'new']);
    expect([`resumes ${runs[1]?.session_id ?? ''}`, 'same process']).toContain(beginnings[3]);
    const fresh = (await kind.prompts(fake)).at(-2);
    expect(fresh).toMatch(/^Work on E2E-1\./);
    expect(fresh).toContain('.sortie/status');
  },
);

it('in the second turn, the fresh session gets the first prompt again and not the continuation', async () => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  const issue = await scene.add(1, ['works', 'knows no session', 'works']);
  await scene.start();
  await scene.untilState(issue, 'In Review');
  const [first, second, third] = await claudeCode.prompts(scene.cast.of(issue));
  expect(first).toContain('Work on E2E-1.');
  expect(third).toBe(first);
  expect(second).not.toBe(first);
  expect(await scene.runs(issue)).toMatchObject([{ status: 'succeeded', tokens: tokensOf(4) }]);
});
