// A silent model is a stall; a tool that runs is none, until it has run for longer than tools may.

import { afterEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import type { Kind } from './kind.ts';
import { setScene } from './scene-daemon.ts';
import type { AgentRun, SceneDaemon } from './scene-daemon.ts';

const STALL_MS = 1200;
const TOOL_MS = 4000;

const open: SceneDaemon[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

function lasted({ started_at, completed_at }: AgentRun): number {
  return Date.parse(completed_at ?? '') - Date.parse(started_at);
}

it.each([claudeCode, codex] as readonly Kind[])('$kind: each is stopped at its own time', async (kind) => {
  const scene = await setScene(kind, { stall_timeout_ms: STALL_MS, tool_timeout_ms: TOOL_MS });
  open.push(scene);
  const silent = await scene.add(1, ['hangs in stream', 'works', 'goes on']);
  const busy = await scene.add(2, ['hangs in tool', 'works', 'goes on']);
  await scene.start();

  await scene.untilState(silent, 'In Review');
  const [stalled] = await scene.runs(silent);
  expect(stalled).toMatchObject({ status: 'stalled', error: expect.stringMatching(/\d/) as string });
  expect(stalled && lasted(stalled)).toBeGreaterThanOrEqual(STALL_MS);
  // The tool is silent for as long, and goes on.
  const [inTool] = (await scene.state()).running.filter(({ issue_identifier }) => issue_identifier === busy);
  expect(inTool?.tools).toHaveLength(1);

  await scene.untilState(busy, 'In Review');
  const runs = await scene.runs(busy);
  expect(runs.map(({ status }) => status)).toEqual(['stalled', 'succeeded']);
  expect(runs[0]?.error).toMatch(new RegExp(`tool|${inTool?.tools[0] ?? ''}`));
  expect(runs[0] && lasted(runs[0])).toBeGreaterThanOrEqual(TOOL_MS);
  await until('nothing left', async () => (await scene.cast.of(busy).alive()).length === 0);
});
