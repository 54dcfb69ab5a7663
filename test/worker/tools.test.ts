// The tools of a run: opened before the first prompt, which names them; handed to the session and to everything below
// the agent; dead before the agent's session is ended.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SessionRequest } from '../../src/contract/agent.ts';
import { TOOL_SERVER_NAME } from '../../src/contract/agent-tools.ts';
import type { ToolHost, ToolRunRequest } from '../../src/contract/agent-tools.ts';
import { agentThat, aWorld } from './world.ts';

interface Host extends ToolHost {
  readonly opened: ToolRunRequest[];
  closed: number;
  heard: number;
}

function aHost(briefing = 'You have tools.'): Host {
  const host: Host = {
    opened: [],
    closed: 0,
    heard: 0,
    async open(request) {
      host.opened.push(request);
      return {
        server: {
          name: TOOL_SERVER_NAME,
          url: 'http://127.0.0.1:1/mcp',
          token: 'a-token',
          stdio: {
            command: 'sortie',
            args: ['mcp-server'],
            env: { SORTIE_TOOLS_FILE: '/private/tools.json' },
          },
          callTimeoutMs: 1000,
        },
        briefing,
        async heard() {
          host.heard += 1;
        },
        async close() {
          host.closed += 1;
        },
      };
    },
  };
  return host;
}

it('are opened once a run and named in the first prompt only', async () => {
  const world = aWorld();
  const tools = aHost();
  await world.run({ agent: { maxTurns: 2 }, dependencies: { tools } });
  const prompt = (turn: number): string => readFileSync(join(world.root, 'A-1', `prompt-${turn}`), 'utf8');
  expect(prompt(1)).toContain('You have tools.');
  expect(prompt(2)).not.toContain('You have tools.');
  expect(tools.opened).toMatchObject([{ attempt: 0, agentKind: 'script', maxTurns: 2 }]);
  expect(tools.opened[0]?.privateDirectory.startsWith(world.privateRoot)).toBe(true);
  expect(tools.closed).toBe(1);
});

it('reach the session, and whatever the agent starts finds them by its environment', async () => {
  const world = aWorld();
  const requests: SessionRequest[] = [];
  const order: string[] = [];
  const tools = aHost();
  const agent = agentThat({
    async startSession(request) {
      requests.push(request);
      return { sessionId: request.newSessionId };
    },
    async runTurn(_session, _turn, onEvent) {
      await onEvent({ kind: 'turn_completed' });
    },
    async stopSession() {
      order.push(`stopped, tools closed ${tools.closed}`);
    },
  });
  await world.run({ agent: { maxTurns: 1 }, dependencies: { tools, ...agent } });
  expect(requests[0]?.tools).toMatchObject({ name: 'sortie-tools', token: 'a-token' });
  expect(requests[0]?.env['SORTIE_TOOLS_FILE']).toBe('/private/tools.json');
  expect(Object.values(requests[0]?.env ?? {})).not.toContain('a-token');
  expect(order).toEqual(['stopped, tools closed 1']);
});

it('show that the agent is at work while it waits for a tool', async () => {
  const world = aWorld();
  const tools = aHost();
  const agent = agentThat({
    startSession: (request) => Promise.resolve({ sessionId: request.newSessionId }),
    async runTurn(_session, _turn, onEvent) {
      tools.opened[0]?.onActivity('add_comment waits for a person');
      await onEvent({ kind: 'turn_completed' });
    },
    stopSession: () => Promise.resolve(),
  });
  await world.run({ agent: { maxTurns: 1 }, dependencies: { tools, ...agent } });
  const message = 'add_comment waits for a person';
  expect(world.events).toContainEqual({ kind: 'agent_event', event: { kind: 'other_message', message } });
});

it('are closed when the run fails before its agent has started', async () => {
  const world = aWorld();
  const tools = aHost();
  const agent = agentThat({ startSession: () => Promise.reject(new Error('no agent here')) });
  const exit = await world.run({ dependencies: { tools, ...agent } });
  expect(exit.kind).toBe('failed');
  expect(tools.closed).toBe(1);
  expect(existsSync(tools.opened[0]?.privateDirectory ?? '')).toBe(false);
});

it('are asked for by no agent that takes none', async () => {
  const world = aWorld();
  const tools = aHost();
  const { agents } = agentThat({});
  const without: typeof agents = (kind) => {
    const agent = agents(kind);
    return agent && { ...agent, registration: { ...agent.registration, tools: 'none' } };
  };
  await world.run({ agent: { maxTurns: 1, command: 'true' }, dependencies: { tools, agents: without } });
  expect(tools.opened).toEqual([]);
});

it('are told that they were heard once the first turn has ended well, and only then', async () => {
  const tools = aHost();
  const heard: number[] = [];
  const agent = agentThat({
    startSession: (request) => Promise.resolve({ sessionId: request.newSessionId }),
    async runTurn(_session, _turn, onEvent) {
      heard.push(tools.heard);
      await onEvent({ kind: 'turn_completed' });
    },
    stopSession: () => Promise.resolve(),
  });
  await aWorld().run({ agent: { maxTurns: 2 }, dependencies: { tools, ...agent } });
  expect(heard).toEqual([0, 1]);
  expect(tools.heard).toBe(1);
});

it('are not told that they were heard by an agent whose first turn fails', async () => {
  const tools = aHost();
  const exit = await aWorld().run({ agent: { command: 'exit 9' }, dependencies: { tools } });
  expect(exit.kind).toBe('failed');
  expect(tools).toMatchObject({ closed: 1, heard: 0 });
});
