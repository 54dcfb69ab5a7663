// A silent model is a stall; a tool that runs is none, until it has run for longer than tools may.

import { it } from 'vitest';
import type { TestContext } from 'vitest';
import { until } from '../program.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import type { Kind } from './kind.ts';
import { setScene } from './scene-daemon.ts';
import type { AgentRun, SceneDaemon } from './scene-daemon.ts';

const STALL_MS = 4_000;
const TOOL_MS = 8_000;
const TURN_MS = 6_000;
/** For the runs that follow: a run keeps the limits with which it has begun. */
const NO_LIMITS = { stall_timeout_ms: 0, tool_timeout_ms: 0, turn_timeout_ms: 600_000 };

async function stage(context: TestContext, ...given: Parameters<typeof setScene>): Promise<SceneDaemon> {
  const scene = await setScene(...given);
  context.onTestFinished(async () => {
    context.expect(await scene.close()).toEqual([]);
  });
  return scene;
}

function lasted({ started_at, completed_at }: AgentRun): number {
  return Date.parse(completed_at ?? '') - Date.parse(started_at);
}

for (const kind of [claudeCode, codex] as readonly Kind[]) {
  it.concurrent(`${kind.kind}: each is stopped at its own time`, (context) => endInTime(context, kind));
}

async function endInTime(context: TestContext, kind: Kind): Promise<void> {
  const { expect } = context;
  const limits = { stall_timeout_ms: STALL_MS, tool_timeout_ms: TOOL_MS };
  const scene = await stage(context, kind, limits);
  const silent = await scene.add(1, ['hangs in stream', 'works', 'goes on']);
  const busy = await scene.add(2, ['hangs in tool', 'works', 'goes on']);
  await scene.start();
  for (const issue of [silent, busy]) await scene.cast.of(issue).until(([call]) => call?.hanging);
  await scene.setAgent(NO_LIMITS);

  await scene.untilState(silent, 'In Review');
  const ofSilent = await scene.runs(silent);
  expect(ofSilent.map(({ status }) => status)).toEqual(['stalled', 'succeeded']);
  expect(ofSilent[0]?.error).toContain('agent.stall_timeout_ms');
  expect(ofSilent[0] && lasted(ofSilent[0])).toBeGreaterThanOrEqual(STALL_MS);

  // The tool was silent for as long, and went on until its own time was over.
  await scene.untilState(busy, 'In Review');
  const runs = await scene.runs(busy);
  expect(runs.map(({ status }) => status)).toEqual(['stalled', 'succeeded']);
  expect(runs[0]?.error).toMatch(/the tool \S+ has run for more than agent\.tool_timeout_ms/);
  expect(runs[0] && lasted(runs[0])).toBeGreaterThanOrEqual(TOOL_MS);
  await until('nothing left', async () => (await scene.cast.of(busy).alive()).length === 0);
}

it.concurrent('the time limit of a turn holds for tools as well', async (context) => {
  const { expect } = context;
  const scene = await stage(context, claudeCode, { turn_timeout_ms: TURN_MS });
  const issue = await scene.add(1, ['hangs in tool', 'works', 'goes on']);
  await scene.start();
  await scene.cast.of(issue).until(([call]) => call?.hanging);
  await scene.setAgent(NO_LIMITS);
  await scene.untilState(issue, 'In Review');
  const runs = await scene.runs(issue);
  expect(runs.map(({ status }) => status)).toEqual(['timed_out', 'succeeded']);
  expect(runs[0] && lasted(runs[0])).toBeGreaterThanOrEqual(TURN_MS);
  expect(await scene.cast.of(issue).alive()).toEqual([]);
  expect((await claudeCode.beginnings(scene.cast.of(issue)))[1]).toBe(`resumes ${runs[0]?.session_id ?? ''}`);
});
