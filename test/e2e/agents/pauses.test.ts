// What a restart does to refused credentials (one more try) and to a usage limit (nothing: the time stands); and an
// agent of another kind, which is neither held by the limit of the first nor given its sessions.

import { afterEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { tokensOf } from './kind.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import { setScene } from './scene-daemon.ts';
import type { SceneDaemon } from './scene-daemon.ts';

const open: SceneDaemon[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) expect(await scene.close()).toEqual([]);
});

it('tries refused credentials once more after a restart, with one issue', async () => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  const first = await scene.add(1, ['unauthorized', 'unauthorized', 'works', 'goes on']);
  await scene.start();
  await scene.untilParked(first, 'agent_error');
  const second = await scene.add(2, ['works', 'goes on']);
  await until('a verdict', async () => (await scene.verdict(second))?.verdict === 'paused');
  await scene.daemon().stop();

  await scene.setAgent({ max_concurrent_agents: 1 });
  await scene.start();
  await scene.cast.of(first).until((calls) => calls.length === 2);
  await scene.untilParked(first, 'agent_error');
  await scene.daemon().ticks(2);
  expect(await scene.cast.of(second).calls()).toEqual([]);
  await scene.edit(first, { title: 'Changed' });
  await scene.untilState(first, 'In Review');
  await scene.untilState(second, 'In Review');
  expect((await scene.runs(first)).map(({ status }) => status)).toEqual(['failed', 'failed', 'succeeded']);
});

it('keeps the time of a usage limit over a restart, and lets another kind of agent work, in a fresh session', async () => {
  const scene = await setScene(claudeCode, {}, {}, [codex]);
  open.push(scene);
  const limited = await scene.add(1, ['limited']);
  const broken = await scene.add(2, ['broken', 'limited']);
  await scene.start();
  const park = await scene.untilParked(limited, 'quota');
  await scene.untilParked(broken, 'quota');
  await scene.daemon().stop();
  await scene.start();
  await scene.daemon().ticks(2);
  expect(await scene.untilParked(limited, 'quota')).toMatchObject({ until: park.until });
  expect((await scene.state()).pauses).toMatchObject([{ reason: 'quota', agent_kind: 'claude-code' }]);
  expect(await scene.cast.of(limited).calls()).toHaveLength(1);

  const third = 'E2E-3';
  await scene.cast.give(third, await codex.play(['works', 'goes on']), codex.before, 'codex');
  await scene.add(3, []);
  await scene.setAgent({ kind: 'codex' });
  await scene.untilState(third, 'In Review');
  expect((await scene.state()).pauses).toEqual([]);
  expect(await scene.runs(third)).toMatchObject([{ status: 'succeeded', tokens: tokensOf(3) }]);
  expect(await scene.cast.of(third).calls()).toEqual([]);
});

it('never resumes the session of another kind of agent', async () => {
  const scene = await setScene(claudeCode, { max_retry_backoff_ms: 60_000 }, {}, [codex]);
  open.push(scene);
  const issue = await scene.add(1, ['hangs in tool']);
  await scene.cast.give(issue, await codex.play(['works', 'goes on']), codex.before, 'codex');
  await scene.start();
  await scene.cast.of(issue).until(([call]) => call?.hanging);
  await scene.setAgent({ kind: 'codex' });
  await until('the other kind', () => scene.daemon().says(/workflow reloaded/) > 0);
  const { program } = scene.daemon();
  program.child.kill('SIGKILL');
  await program.exit;
  await scene.start();
  await scene.untilState(issue, 'In Review');
  const runs = await scene.runs(issue);
  expect(runs.map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
  expect(runs[0]?.session_id).not.toBe(runs[1]?.session_id);
  expect(runs[1]).toMatchObject({ tokens: tokensOf(3), agent_kind: 'codex' });
  expect(await codex.beginnings(scene.cast.of(issue, 'codex'))).toEqual(['new', 'same process']);
});
