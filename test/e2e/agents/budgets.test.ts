// Limits on what is spent, crossed while a turn runs: the turn is stopped in the agent's own way, the issue is parked
// with the figure, that survives a restart, and a raised limit lets the work go on in its session.

import { afterEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { tokensOf } from './kind.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import { geminiCli } from './kinds/gemini-cli.ts';
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

/** A day's budget begins anew at midnight: a test of one must not be under way then. */
async function awayFromMidnight(): Promise<string> {
  for (;;) {
    const midnightMs = new Date().setUTCHours(24, 0, 0, 0);
    const leftMs = midnightMs - Date.now();
    if (leftMs > TEST_MS) return new Date(midnightMs).toISOString();
    await new Promise((wake) => setTimeout(wake, leftMs));
  }
}
/** No test here takes longer. */
const TEST_MS = 60_000;

/** 100 input tokens, as soon as they are read, are estimated at 0.0005 USD; the agent's own word comes at its end. */
const rates = { token_rates: { 'claude-code': { input_per_mtok: 5, output_per_mtok: 0 } } };

it.each([
  ['max_tokens_per_run', 105, '110 of 105 tokens'],
  ['max_tokens_per_issue', 105, '110 of 105 tokens'],
  ['max_usd_per_run', 0.0005, '0.0005 of 0.0005 USD'],
  ['max_usd_per_issue', 0.0005, '0.0005 of 0.0005 USD'],
])(
  '%s stops the turn, parks with the figure, and goes on when it is raised',
  async (limit, allowed, figure) => {
    const scene = await stage(claudeCode, { budget: { [limit]: allowed } }, rates);
    const issue = await scene.add(1, ['hangs in tool', 'works', 'goes on']);
    await scene.start();
    const park = await scene.untilParked(issue, 'budget');
    expect(park.detail).toContain(`agent.budget.${limit}: ${figure}`);
    expect(park.ends_on).toContain('raised_limit');
    const fake = scene.cast.of(issue);
    expect(await fake.alive()).toEqual([]);
    expect(await claudeCode.stops(fake)).toEqual(['SIGINT']);
    // Its last words replaced what was estimated meanwhile.
    expect(await scene.runs(issue)).toMatchObject([
      { status: 'cancelled', tokens: tokensOf(1), cost_usd: 0.000604, cost_estimated: false },
    ]);

    await scene.daemon().stop();
    await scene.start();
    await scene.daemon().ticks(2);
    expect((await scene.untilParked(issue, 'budget')).detail).toBe(park.detail);
    expect(await fake.calls()).toHaveLength(1);

    await scene.setAgent({ budget: { [limit]: 10_000 } });
    await scene.untilState(issue, 'In Review');
    const runs = await scene.runs(issue);
    expect(runs).toMatchObject([{ status: 'cancelled' }, { status: 'succeeded', tokens: tokensOf(3) }]);
    expect((await claudeCode.beginnings(fake))[1]).toBe(`resumes ${runs[0]?.session_id ?? ''}`);
    expect((await scene.state()).agent_totals).toMatchObject(tokensOf(4));
  },
);

it("a day's budget stops what runs, pauses dispatch and says until when; raised, all goes on", async () => {
  const midnight = await awayFromMidnight();
  const scene = await stage(claudeCode, { budget: { max_tokens_per_day: 105 }, max_concurrent_agents: 1 });
  const first = await scene.add(1, ['hangs in tool', 'works', 'goes on']);
  const second = await scene.add(2, ['works', 'goes on']);
  await scene.start();
  const park = await scene.untilParked(first, 'budget');
  expect(park).toMatchObject({
    detail: expect.stringContaining('agent.budget.max_tokens_per_day: 110 of 105 tokens') as string,
    until: midnight,
  });
  expect((await scene.state()).pauses).toMatchObject([
    { reason: 'budget', agent_kind: null, until: midnight },
  ]);
  await until('a verdict', async () => (await scene.verdict(second))?.verdict === 'budget_paused');

  await scene.daemon().stop();
  await scene.start();
  await scene.daemon().ticks(2);
  expect((await scene.state()).pauses).toMatchObject([{ reason: 'budget', until: midnight }]);
  expect(await scene.cast.of(second).calls()).toEqual([]);

  await scene.setAgent({ budget: { max_tokens_per_day: 100_000 } });
  await scene.untilState(first, 'In Review');
  await scene.untilState(second, 'In Review');
  expect((await scene.state()).pauses).toEqual([]);
  expect((await scene.state()).agent_totals).toMatchObject(tokensOf(7));
}, 125_000);

it("a day's budget stops every run that goes on, and each goes on when there is more", async () => {
  await awayFromMidnight();
  const scene = await stage(claudeCode, { budget: { max_tokens_per_day: 330 } });
  const issues: string[] = [];
  for (const number of [1, 2, 3]) {
    issues.push(await scene.add(number, ['hangs in tool', 'works', 'goes on']));
  }
  await scene.start();
  // Crossed by the last of them, so that all have begun.
  for (const issue of issues) await scene.untilParked(issue, 'budget');
  const { agent_totals } = await scene.state();
  for (const issue of issues) expect(await scene.cast.of(issue).alive()).toEqual([]);
  await scene.setAgent({ budget: { max_tokens_per_day: 0 } });
  for (const issue of issues) await scene.untilState(issue, 'In Review');
  const after = await scene.state();
  expect(after.pauses).toEqual([]);
  expect(after.agent_totals.total_tokens).toBe(agent_totals.total_tokens + 3 * 330);
}, 125_000);

it('codex is interrupted through its protocol', async () => {
  const scene = await stage(codex, { budget: { max_tokens_per_run: 105 }, max_turns: 1 });
  const issue = await scene.add(1, ['works, then hangs']);
  await scene.start();
  expect((await scene.untilParked(issue, 'budget')).detail).toMatch(/110 of 105 tokens/);
  expect(await codex.stops(scene.cast.of(issue))).toEqual(['turn/interrupt']);
  expect(await scene.runs(issue)).toMatchObject([{ status: 'cancelled', tokens: tokensOf(1) }]);
});

it("an agent that counts at a turn's end is stopped there", async () => {
  const scene = await stage(geminiCli, { budget: { max_tokens_per_run: 105 }, max_turns: 5 });
  const issue = await scene.add(1, ['works', 'goes on']);
  await scene.start();
  expect((await scene.untilParked(issue, 'budget')).detail).toMatch(/220 of 105 tokens/);
  expect(await scene.cast.of(issue).calls()).toHaveLength(1);
  expect(await scene.runs(issue)).toMatchObject([{ tokens: tokensOf(2) }]);
});
