// Agent suite, part one: sessions, turns that end by themselves, and what they report.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOOL_SERVER_NAME } from '../../src/contract/agent-tools.ts';
import type { ToolServer } from '../../src/contract/agent-tools.ts';
import { AGENT_ERROR_KINDS, AgentError } from '../../src/contract/agent.ts';
import type { AgentErrorKind, AgentEvent } from '../../src/contract/agent.ts';
import { assertNothingLeft, isRunning } from './agent-processes.ts';
import { agentErrorOf, cancelAtFirstSign, onStage, usageIn } from './agent-world.ts';
import type { AgentWorld } from './agent-world.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Long enough for an event that was queued behind the end of a turn to show itself. */
const AFTERMATH_MS = 50;
const NEVER_RETRIED: readonly AgentErrorKind[] = [
  'agent_not_found',
  'agent_config_error',
  'invalid_workspace_cwd',
  'turn_input_required',
];

/** Nothing listens there. */
const DEAD_TOOLS: ToolServer = {
  name: TOOL_SERVER_NAME,
  url: 'http://127.0.0.1:1/mcp',
  token: 'a-token-that-is-shown-to-nobody',
  stdio: { command: '/bin/false', args: [], env: { SORTIE_TOOLS_FILE: '/nowhere/tools.json' } },
  callTimeoutMs: 60_000,
  wasAsked: () => false,
};

/** Sessions and turns. */
export function turnCases(world: AgentWorld): ConformanceCase[] {
  return [
    {
      name: 'registers a kind, a schema that takes an empty block, and a check that starts nothing',
      async run() {
        const { kind, settingsSchema, checkCommand, defaultCommand } = world.registration;
        assert.match(kind, /^[a-z][a-z0-9-]*$/);
        assert.equal(typeof settingsSchema.parse({}), 'object');
        const complaint = await checkCommand(defaultCommand, {});
        if (complaint !== null) assert.doesNotMatch(complaint, /\n/, 'a complaint is one line');
      },
    },
    {
      name: 'keeps the session id over turns',
      run: () =>
        onStage(world, 'completes', async ({ session, turn }) => {
          await turn(1);
          const afterFirst = session.sessionId;
          // Before its first turn an agent may not have named it yet.
          assert.notEqual(afterFirst, '');
          await turn(2);
          assert.equal(session.sessionId, afterFirst);
        }),
    },
    {
      name: 'has the id that it last reported, if it reports one',
      run: () =>
        onStage(world, 'completes', async ({ session, turn, events }) => {
          await turn(1);
          const started = events.findLast((event) => event.kind === 'session_started');
          assert.equal(started?.sessionId ?? session.sessionId, session.sessionId);
        }),
    },
    {
      name: 'resumes under the id that it is given',
      run: () =>
        onStage(
          world,
          'completes',
          async ({ session, turn }) => {
            assert.equal(session.sessionId, 'a-session-of-before');
            await turn(1);
            assert.equal(session.sessionId, 'a-session-of-before');
          },
          { resumeSessionId: 'a-session-of-before' },
        ),
    },
    {
      name: 'works with tools that do not answer, and shows nobody their token',
      async run() {
        const shown: string[] = [];
        const onProcess = ({ pid }: { pid: number }): void => {
          // Elsewhere than on Linux nobody can be asked.
          if (existsSync('/proc/self/cmdline')) shown.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
        };
        await onStage(
          world,
          'completes',
          async ({ turn, events }) => {
            await turn(1);
            shown.push(JSON.stringify(events));
          },
          { tools: DEAD_TOOLS, onProcess, onLine: (_stream, line) => void shown.push(line) },
        );
        assert.ok(!shown.join('\n').includes(DEAD_TOOLS.token), 'the token of the tools is shown');
      },
    },
    {
      name: 'reports a live process, with an identity that can be found again',
      async run() {
        const seen: boolean[] = [];
        const onProcess = (identity: { pid: number; processGroup: number; startTime: string }): void => {
          seen.push(isRunning(identity.pid) && identity.processGroup > 0 && identity.startTime !== '');
        };
        // `hangs`, because a program that is quick may be over before it can be looked at.
        await onStage(
          world,
          'hangs',
          async (scene) => {
            await cancelAtFirstSign(scene);
            assert.ok(seen.length > 0 && seen.every(Boolean), 'onProcess was not called with a live process');
          },
          { onProcess },
        );
      },
    },
    {
      name: 'reports usage as increments',
      run: () =>
        onStage(world, 'completes', async ({ turn, events }) => {
          await turn(1);
          assert.deepEqual(usageIn(events), world.usagePerTurn);
          const first = events.length;
          await turn(2);
          assert.deepEqual(usageIn(events.slice(first)), world.usagePerTurn);
          for (const event of events) if (event.kind === 'token_usage') assertSane(event);
        }),
    },
    {
      name: 'reports before a turn settles, and nothing afterwards',
      run: () =>
        onStage(world, 'completes', async ({ adapter, session, turn, events, processes, request }) => {
          await turn(1);
          const reported = events.length;
          assert.ok(reported > 0, 'a turn reports at least one event');
          if (world.processServes === 'session') await adapter.stopSession(session);
          assertNothingLeft(request.runId, processes);
          await sleep(AFTERMATH_MS);
          assert.equal(events.length, reported, 'events came after the turn had settled');
        }),
    },
    {
      name: 'waits for a slow listener before it reports the next event',
      run: () =>
        onStage(world, 'completes', async ({ turn }) => {
          let listening = 0;
          let most = 0;
          const onEvent = async (): Promise<void> => {
            most = Math.max(most, ++listening);
            await sleep(20);
            listening -= 1;
          };
          await turn(1, { onEvent });
          assert.equal(most, 1, 'two events were under way at once');
          assert.equal(listening, 0, 'the turn settled while its listener was busy');
        }),
    },
    {
      name: 'fails a turn with a kind that is worth another try, and leaves nothing',
      run: () =>
        onStage(world, 'fails', async ({ turn, processes, request, events }) => {
          const { kind, message } = await agentErrorOf(turn(1));
          assert.ok(AGENT_ERROR_KINDS.includes(kind) && !NEVER_RETRIED.includes(kind), kind);
          assert.doesNotMatch(message, /\n/, 'an error message is one line');
          assert.equal(completions(events), 0);
          assertNothingLeft(request.runId, processes);
        }),
    },
    {
      name: 'tells a question from a failure',
      run: () =>
        onStage(world, 'asks', async ({ turn }) => {
          assert.equal((await agentErrorOf(turn(1))).kind, 'turn_input_required');
        }),
    },
    {
      name: 'says when its program is missing',
      async run() {
        // Some agents notice at the start of a session, others at the first turn.
        const outcome: unknown = await onStage(world, 'missing', async ({ turn }) => {
          await turn(1);
          assert.fail('a turn of a missing program completed');
        }).catch((error: unknown) => error);
        if (outcome === undefined) return;
        assert.ok(outcome instanceof AgentError, `expected an AgentError, got: ${inspect(outcome)}`);
        assert.equal(outcome.kind, 'agent_not_found');
      },
    },
    {
      name: 'refuses a workspace that is not there',
      async run() {
        const stage = await world.stage('completes');
        if (stage === null) return;
        const workspacePath = join(stage.request.workspacePath, 'nowhere');
        const play = onStage(world, 'completes', ({ turn }) => turn(1), { workspacePath });
        assert.equal((await agentErrorOf(play.finally(() => stage.close()))).kind, 'invalid_workspace_cwd');
      },
    },
    {
      name: 'keeps two sessions of one adapter apart',
      run: () =>
        onStage(world, 'completes', (one) =>
          onStage(world, 'completes', async (other) => {
            const second = await one.adapter.startSession(other.request, new AbortController().signal);
            if (second.sessionId !== '') assert.notEqual(second.sessionId, one.session.sessionId);
            const events: AgentEvent[] = [];
            const listen = (event: AgentEvent): void => void events.push(event);
            const prompt = { prompt: 'Go on.', turn: 1 };
            await Promise.all([
              one.turn(1),
              one.adapter.runTurn(second, prompt, listen, new AbortController().signal),
            ]);
            await one.adapter.stopSession(second);
            assert.deepEqual(usageIn(one.events), world.usagePerTurn);
            assert.deepEqual(usageIn(events), world.usagePerTurn);
          }),
        ),
    },
  ];
}

function assertSane(usage: Extract<AgentEvent, { kind: 'token_usage' }>): void {
  for (const tokens of [usage.inputTokens, usage.outputTokens, usage.cacheReadTokens]) {
    assert.ok(Number.isSafeInteger(tokens) && tokens >= 0, `${tokens} is no number of tokens`);
  }
  assert.ok(usage.costUsd === null || usage.costUsd >= 0, 'a cost is null or not negative');
}

function completions(events: readonly AgentEvent[]): number {
  return events.filter(({ kind }) => kind === 'turn_completed').length;
}
