// The daemon and agents at their worst: a stop in the middle of a tool, a program that ignores every signal and leaves
// stubborn children, lines that no reader would want. Nothing is left, nothing is lost.

import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { installFakeAgent } from '../../fake-agents/fake-agent.ts';
import { until } from '../program.ts';
import { tokensOf, WORK } from './kind.ts';
import type { Kind } from './kind.ts';
import { acp } from './kinds/acp.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import { copilotCli } from './kinds/copilot-cli.ts';
import { setScene } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const RECORDED = 'test/fixtures/agents/claude-code/partial-tool.jsonl';

const open: SceneDaemon[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

it.each([claudeCode, codex, copilotCli, acp] as readonly Kind[])(
  '$kind: a daemon that is told to stop ends its agent and its tool; the next one goes on',
  async (kind) => {
    const scene = await setScene(kind);
    open.push(scene);
    const issue = await scene.add(1, ['hangs in tool', 'works', 'goes on']);
    await scene.start();
    const fake = scene.cast.of(issue);
    await fake.until(([call]) => call?.hanging);
    await scene.daemon().stop();
    expect(await fake.alive()).toEqual([]);

    await scene.start();
    await scene.untilState(issue, 'In Review');
    const runs = await scene.runs(issue);
    expect(runs.map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
    expect((await kind.beginnings(fake))[1]).toBe(`resumes ${runs[0]?.session_id ?? ''}`);
    expect(runs.reduce((sum, { tokens }) => sum + tokens.total_tokens, 0)).toBe(
      110 * (3 + kind.callsBeforeTool + kind.callsReportedLater),
    );
  },
);

it('ends an agent that ignores every signal, with its stubborn tool, when its issue is closed', async () => {
  const scene = await setScene(claudeCode, { stop_grace_ms: 3_000 });
  open.push(scene);
  const issue = await scene.add(1, []);
  const fake = await installFakeAgent({
    name: 'claude',
    turns: [
      {
        output: { file: RECORDED },
        misbehave: [
          { kind: 'child-in-new-session', afterLine: 2, ignoresSignals: true },
          { kind: 'stdout-held-by-grandchild', afterLine: 3 },
          { kind: 'hang', afterLine: 12, withTool: true },
        ],
        onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
      },
    ],
  });
  await scene.cast.give(issue, fake);
  await scene.start();
  await fake.until(([call]) => call?.hanging);
  expect(await fake.alive()).toHaveLength(4);
  await scene.edit(issue, { state: 'Done' });
  await until('the end of the run', async () => (await scene.runs(issue)).length === 1);
  expect(await fake.alive()).toEqual([]);
  expect((await fake.calls())[0]?.signals).toEqual(['SIGINT', 'SIGTERM']);
  expect(await scene.runs(issue)).toMatchObject([{ status: 'cancelled', tokens: tokensOf(1) }]);
});

it('takes what it can of output that is half rubbish, and leaves no child of it', async () => {
  const scene = await setScene(claudeCode, { max_turns: 1 });
  open.push(scene);
  const rubbish = await scene.add(1, []);
  const cut = await scene.add(2, []);
  const fakes = {
    rubbish: await installFakeAgent({
      name: 'claude',
      turns: [
        {
          output: { file: RECORDED },
          files: [{ at: { cwd: WORK }, text: 'x' }],
          misbehave: [
            { kind: 'huge-line', afterLine: 3, bytes: 20_000_000 },
            { kind: 'invalid-utf8', afterLine: 5 },
            { kind: 'stdout-held-by-grandchild', afterLine: 1 },
            { kind: 'child-in-new-session', afterLine: 4, ignoresSignals: true },
          ],
        },
      ],
    }),
    cut: await installFakeAgent({
      name: 'claude',
      turns: [
        { output: { file: RECORDED }, misbehave: [{ kind: 'cut-last-line' }] },
        { output: { file: RECORDED }, files: [{ at: { cwd: WORK }, text: 'x' }] },
      ],
    }),
  };
  await scene.cast.give(rubbish, fakes.rubbish);
  await scene.cast.give(cut, fakes.cut);
  await scene.start();
  await scene.untilState(rubbish, 'In Review');
  await scene.untilState(cut, 'In Review');
  expect(await fakes.rubbish.alive()).toEqual([]);
  expect(await scene.runs(rubbish)).toMatchObject([{ status: 'succeeded', tokens: tokensOf(2) }]);
  // A last line that is cut is no success, whatever the exit code.
  expect((await scene.runs(cut)).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  const rows = await scene.transcript((await scene.runs(rubbish))[0]?.run_id ?? '');
  expect(rows.reduce((sum, { line }) => sum + line.length, 0)).toBeLessThan(1_000_000);
});

it.each([claudeCode, codex, acp] as readonly Kind[])(
  '$kind: a prompt longer than a command line may be comes whole',
  async (kind) => {
    const scene = await setScene(kind, { max_turns: 1 });
    open.push(scene);
    await scene.folder.write(
      'WORKFLOW.md',
      (await readFile(scene.folder.file('WORKFLOW.md'), 'utf8')).replace(
        'Work on {{ issue.identifier }}.',
        'Work on {{ issue.description }}!',
      ),
    );
    const issue = await scene.add(1, ['works']);
    const description = 'Zeile \u2028 mit "allem" — \u{1f600} '.repeat(12_000);
    await scene.edit(issue, { description });
    await scene.start();
    await scene.untilState(issue, 'In Review');
    const [prompt] = await kind.prompts(scene.cast.of(issue));
    expect(prompt?.length).toBeGreaterThan(300_000);
    expect(prompt?.startsWith(`Work on ${description}!`)).toBe(true);
  },
);
