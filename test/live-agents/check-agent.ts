// What every real agent must do through its adapter, whatever its protocol: the right events in the right order, the
// right totals, the right failure, and nothing left behind. A check that an agent cannot pass is skipped by name,
// with the reason.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentEvent, AgentRegistration, SessionUsage } from '../../src/contract/agent.ts';
import { liveAgents } from './live-agent.ts';
import type { LiveAgent } from './live-agent.ts';
import { CALL_USAGE, WRITTEN_FILE } from './model-endpoint/script.ts';
import { findOnPath, markedProcesses, noUsage, openStage } from './stage.ts';
import type { Stage, TurnOutcome } from './stage.ts';

const TERMINAL: readonly string[] = [
  'turn_completed',
  'turn_failed',
  'turn_cancelled',
  'turn_ended_with_error',
  'turn_input_required',
];

/** The checks of one agent, by its name in `liveAgents`. */
export function checkAgent(name: string, registration: AgentRegistration): void {
  const agent = liveAgents[name];
  if (agent === undefined) throw new Error(`no live agent is called ${name}`);
  describe(name, () => {
    let stage: Stage | null = null;
    let missing: string | null = null;
    beforeAll(async () => {
      if ((await findOnPath(agent.program)) === null) {
        missing = `${agent.program} is not on PATH (${agent.install})`;
      } else stage = await openStage(agent, registration);
    });
    afterAll(async () => {
      const strays = new Set(stage?.endpoint.strays);
      if (strays.size > 0) process.stderr.write(`${name} asked in vain for ${[...strays].join(', ')}\n`);
      await stage?.close();
    });

    const check: Check = (title, why, body) => {
      it(title, async (context) => {
        const reason = missing ?? 'not installed';
        if (stage === null) return context.skip(reason);
        if (why !== undefined) return context.skip(why);
        await body(stage);
      });
    };
    declareChecks(agent, check);
  });
}

/** @param why it is skipped; undefined = it is not */
type Check = (title: string, why: string | undefined, body: (stage: Stage) => Promise<void>) => void;

function declareChecks(agent: LiveAgent, check: Check): void {
  const { skips = {}, turnLimit } = agent;
  check('succeeds with a tool call, and goes on in a second turn', undefined, async (stage) => {
    const run = await stage.run();
    const first = await run.turn('[[scenario:tool]] Write the file.');
    expect(first.error).toBeNull();
    expect(await readFile(join(stage.workspace, WRITTEN_FILE), 'utf8')).toBe('hello-from-agent\n');
    expectOrder(first, 'turn_completed');
    expectTool(first.events);
    expect(run.session.sessionId).not.toBe('');
    expectUsage(agent, stage.used.get(run.session.sessionId), first.modelCalls);

    const second = await run.turn('[[scenario:text]] Go on.');
    expect(second.error).toBeNull();
    expectOrder(second, 'turn_completed');
    expectUsage(agent, stage.used.get(run.session.sessionId), first.modelCalls + second.modelCalls);
    await run.stop();
    expect(markedProcesses(run.runId)).toEqual([]);
  });

  check('is resumed by a later run', skips.resume, async (stage) => {
    const first = await stage.run();
    const begun = await first.turn('[[scenario:tool]] Begin.');
    await first.stop();
    const sessionId = first.session.sessionId;
    const second = await stage.run({ resume: sessionId });
    const resumed = await second.turn('[[scenario:text]] Go on.');
    await second.stop();
    expect(resumed.error).toBeNull();
    expect(second.session.sessionId).toBe(sessionId);
    expectUsage(agent, stage.used.get(sessionId), begun.modelCalls + resumed.modelCalls);
  });

  const failures = [
    ['401', 'agent_config_error', 'authentication'],
    ['429', 'turn_failed', 'quota'],
    ['500', 'turn_failed', 'service_error'],
  ] as const;
  for (const [status, kind, reason] of failures) {
    check(`says of a ${status} that it is ${kind}, ${reason}`, skips[status], async (stage) => {
      const run = await stage.run();
      const outcome = await run.turn(`[[scenario:error${status}]] Try.`);
      await run.stop();
      expect(outcome.error).toMatchObject({ kind, reason });
      expectOrder(outcome, outcome.error?.kind === 'turn_failed' ? 'turn_failed' : 'turn_ended_with_error');
      expect(markedProcesses(run.runId)).toEqual([]);
    });
  }

  check('ends at its own turn limit', 'why' in turnLimit ? turnLimit.why : undefined, async (stage) => {
    const run = await stage.run({ settings: 'settings' in turnLimit ? turnLimit.settings : {} });
    const outcome = await run.turn('[[scenario:loop]] Never end.');
    await run.stop();
    expect(outcome.error).toMatchObject({ kind: 'turn_failed', reason: 'turn_limit' });
    expectOrder(outcome, 'turn_failed');
    expectUsage(agent, stage.used.get(run.session.sessionId), outcome.modelCalls);
  });

  check('is cancelled in the model stream, and resumed', skips['cancel in the stream'], async (stage) => {
    const run = await stage.run();
    const before = stage.endpoint.calls.length;
    let sinceMs = 0;
    const outcome = await run.turn('[[scenario:hang]] Wait.', {
      cancelWhen: () => {
        const hangs = stage.endpoint.calls.slice(before).some(({ reply }) => reply.kind === 'hang');
        if (hangs && sinceMs === 0) sinceMs = performance.now();
        return sinceMs > 0 && performance.now() - sinceMs > 300;
      },
    });
    expectOrder(outcome, 'turn_cancelled');
    expect(outcome.error?.kind).toBe('turn_cancelled');
    await run.stop();
    expect(markedProcesses(run.runId)).toEqual([]);
    await expectGoesOn(agent, stage, run.session.sessionId, outcome);
  });

  check('is cancelled in a running tool, and resumed', skips['cancel in a tool'], async (stage) => {
    const run = await stage.run();
    const toolOf = (): unknown =>
      markedProcesses(run.runId).find(({ command }) => /^(?:\S*\/)?sleep 4711/u.test(command));
    const startMs = performance.now();
    const outcome = await run.turn('[[scenario:slowtool 4711]] Take your time.', {
      // Some adapters learn of a tool only by looking now and then.
      cancelWhen: (events) =>
        toolOf() !== undefined &&
        (events.some(({ kind }) => kind === 'tool_started') || performance.now() - startMs > 30_000),
    });
    expect(toolOf()).toBeUndefined();
    // Otherwise a long tool would be taken for a stall.
    expect(outcome.events.filter(({ kind }) => kind === 'tool_started')).toHaveLength(1);
    expectOrder(outcome, 'turn_cancelled');
    expect(outcome.error?.kind).toBe('turn_cancelled');
    await run.stop();
    expect(markedProcesses(run.runId)).toEqual([]);
    await expectGoesOn(agent, stage, run.session.sessionId, outcome);
  });
}

/** One terminal event, the last; no line that the adapter did not understand. */
function expectOrder({ events }: TurnOutcome, terminal: string): void {
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.at(-1)).toBe(terminal);
  expect(kinds.filter((kind) => TERMINAL.includes(kind))).toEqual([terminal]);
  expect(events.filter(({ kind }) => kind === 'malformed')).toEqual([]);
}

/** The tool ended well, after its start where that was told. */
function expectTool(events: readonly AgentEvent[]): void {
  const ended = events.findIndex((event) => event.kind === 'tool_result' && event.ok);
  expect(ended).toBeGreaterThanOrEqual(0);
  const result = events[ended];
  const started = events.findIndex(
    (event) =>
      event.kind === 'tool_started' && result?.kind === 'tool_result' && event.callId === result.callId,
  );
  expect(started).toBeLessThan(ended);
}

function truth(calls: number): Omit<SessionUsage, 'costUsd'> {
  const { uncached, cached, output } = CALL_USAGE;
  return { inputTokens: uncached * calls, cacheReadTokens: cached * calls, outputTokens: output * calls };
}

function expectUsage(agent: LiveAgent, used: SessionUsage = noUsage, calls: number): void {
  expect(calls).toBeGreaterThan(0);
  if (agent.inexactUsage === undefined) expect(used).toMatchObject(truth(calls));
  else expect(used.inputTokens + used.outputTokens).toBeGreaterThan(0);
}

/** The next run resumes what was cancelled, and nothing was counted twice. */
async function expectGoesOn(
  agent: LiveAgent,
  stage: Stage,
  sessionId: string,
  cancelled: TurnOutcome,
): Promise<void> {
  if (agent.skips?.resume !== undefined) return;
  const run = await stage.run({ resume: sessionId });
  const outcome = await run.turn('[[scenario:text]] Go on.');
  await run.stop();
  expect(outcome.error).toBeNull();
  expectOrder(outcome, 'turn_completed');
  expect(run.session.sessionId).toBe(sessionId);
  const used = stage.used.get(sessionId) ?? noUsage;
  const most = truth(cancelled.modelCalls + cancelled.hungCalls + outcome.modelCalls);
  if (agent.inexactUsage !== undefined) return;
  // What a cancelled turn used is told by some and not by others; more than the truth is always wrong.
  expect(used.inputTokens).toBeGreaterThanOrEqual(truth(outcome.modelCalls).inputTokens);
  expect(used.inputTokens).toBeLessThanOrEqual(most.inputTokens);
  expect(used.outputTokens).toBeLessThanOrEqual(most.outputTokens);
}
