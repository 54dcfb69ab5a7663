// Agent suite, part two: turns that somebody else ends, and that nothing of them is left.

import { strict as assert } from 'node:assert';
import { assertNothingLeft } from './agent-processes.ts';
import { agentErrorOf, cancelAtFirstSign, onStage, usageIn } from './agent-world.ts';
import type { AgentScenario, AgentWorld } from './agent-world.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Beyond the grace: for the kernel, and for a machine that is busy. */
const SLACK_MS = 30_000;

/** Cancelling and stopping. */
export function endingCases(world: AgentWorld): ConformanceCase[] {
  return [
    cancels(world, 'hangs', 'cancels a turn that hangs and leaves no process'),
    cancels(world, 'resists', 'cancels a turn that resists, within its grace, and leaves no process'),
    {
      name: 'starts nothing when the turn was cancelled before',
      run: () =>
        onStage(world, 'completes', async ({ turn, processes, events }) => {
          const before = processes.length;
          const failed = agentErrorOf(turn(1, { signal: AbortSignal.abort('not wanted any more') }));
          assert.equal((await failed).kind, 'turn_cancelled');
          assert.equal(processes.length, before);
          assert.ok(world.processServes === 'session' || before === 0, 'a process before the first turn');
          assert.deepEqual(usageIn(events), { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 });
        }),
    },
    {
      name: 'reports nothing after a cancelled turn has settled',
      run: () =>
        onStage(world, 'hangs', async (scene) => {
          await cancelAtFirstSign(scene);
          const reported = scene.events.length;
          await scene.adapter.stopSession(scene.session);
          assert.equal(scene.events.length, reported);
        }),
    },
    {
      name: 'ends a running turn when its session is stopped',
      run: () =>
        onStage(world, 'hangs', async ({ adapter, session, turn, processes, request }) => {
          const stops: Promise<void>[] = [];
          const failed = agentErrorOf(
            turn(1, { onEvent: () => void stops.push(adapter.stopSession(session)) }),
          );
          assert.equal((await failed).kind, 'turn_cancelled');
          await Promise.all(stops);
          assertNothingLeft(request.runId, processes);
        }),
    },
    {
      name: 'may be stopped twice, and runs no turn afterwards',
      run: () =>
        onStage(world, 'completes', async ({ adapter, session, turn, processes }) => {
          await turn(1);
          const started = processes.length;
          await Promise.all([adapter.stopSession(session), adapter.stopSession(session)]);
          await adapter.stopSession(session);
          await agentErrorOf(turn(2));
          assert.equal(processes.length, started);
        }),
    },
  ];
}

function cancels(world: AgentWorld, scenario: AgentScenario, name: string): ConformanceCase {
  return {
    name,
    run: () =>
      onStage(world, scenario, async (scene) => {
        const tookMs = await cancelAtFirstSign(scene);
        assert.ok(tookMs < scene.request.stopGraceMs + SLACK_MS, `it took ${Math.round(tookMs)} ms`);
        assertNothingLeft(scene.request.runId, scene.processes);
      }),
  };
}
