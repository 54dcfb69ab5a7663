// That the protocol player says what was recorded, with the ids of the client that asks now.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { installFakeServer } from './fake-server.ts';
import type { FakeServerOptions } from './fake-server.ts';

const dialogue = {
  lines: [
    '{"dir":"client->agent","id":0,"method":"initialize"}',
    '{"id":0,"result":{"agent":"recorded"}}',
    '{"dir":"client->agent","msg":{"id":1,"method":"turn","params":"[[scenario:tool]]"}}',
    '{"dir":"agent->client","msg":{"method":"started"}}',
    '{"dir":"agent->client","msg":{"id":"ask-1","method":"approve"}}',
    '{"dir":"client->agent","id":"ask-1","result":"yes"}',
    '{"method":"approved"}',
    '{"dir":"client->agent","method":"cancel"}',
    '{"id":1,"result":"cancelled"}',
    '{"dir":"client->agent","id":2,"method":"turn","params":"[[scenario:text]]"}',
    '{"id":2,"result":"the text"}',
    '{"dir":"client->agent","id":3,"method":"turn","params":"[[scenario:tool]]"}',
    '{"id":3,"result":"the second tool"}',
  ],
};

async function install(options: Partial<FakeServerOptions> = {}) {
  const server = await installFakeServer({ name: 'codex', dialogue, ...options });
  const start = () => {
    const child = spawn('codex', ['app-server'], {
      env: server.pathEnv(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
    return {
      child,
      exited,
      say: (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`),
      async line(): Promise<string> {
        while (lines.length === 0) await once(reader, 'line');
        return lines.shift() ?? '';
      },
    };
  };
  return { server, start };
}

it('plays the dialogue with the ids of the client, over notifications, approvals and a cancel', async () => {
  const { server, start } = await install();
  const agent = start();
  agent.say({ id: 10, method: 'initialize' });
  expect(JSON.parse(await agent.line())).toEqual({ id: 10, result: { agent: 'recorded' } });
  agent.say({ id: 'b', method: 'turn', params: 'please [[scenario:tool]]' });
  expect(await agent.line()).toBe('{"method":"started"}');
  expect(await agent.line()).toBe('{"id":"ask-1","method":"approve"}');
  agent.say({ id: 'ask-1', result: 'no' });
  expect(await agent.line()).toBe('{"method":"approved"}');
  agent.say({ method: 'cancel' });
  expect(JSON.parse(await agent.line())).toEqual({ id: 'b', result: 'cancelled' });
  agent.child.stdin.end();
  expect(await agent.exited).toEqual([0, null]);
  const [call] = await server.calls();
  expect(call?.args).toEqual(['app-server']);
  expect(call?.messages.map(({ method, id }) => method ?? `answer to ${String(id)}`)).toEqual([
    'initialize',
    'turn',
    'answer to ask-1',
    'cancel',
  ]);
  await server.close();
});

it('chooses by the marker, goes on in a second process, and refuses what was not recorded', async () => {
  const { server, start } = await install();
  const first = start();
  first.say({ id: 1, method: 'turn', params: '[[scenario:text]]' });
  expect(await first.line()).toBe('{"id":1,"result":"the text"}');
  first.say({ id: 2, method: 'turn', params: '[[scenario:tool]]' });
  expect(await first.line()).toBe('{"method":"started"}');
  first.child.kill('SIGKILL');
  await first.exited;
  const second = start();
  second.say({ id: 7, method: 'turn', params: '[[scenario:tool]]' });
  expect(await second.line()).toBe('{"id":7,"result":"the second tool"}');
  second.say({ id: 8, method: 'never' });
  expect(JSON.parse(await second.line())).toMatchObject({ id: 8, error: { code: -32601 } });
  second.child.stdin.end();
  await second.exited;
  await server.close();
});

it('hangs with a tool once, then answers', async () => {
  const { server, start } = await install({
    misbehave: [{ kind: 'hang', method: 'turn', afterLine: 1, withTool: true }],
    onSignal: { SIGTERM: { endsChildren: true } },
  });
  const first = start();
  first.say({ id: 1, method: 'turn', params: '[[scenario:tool]]' });
  expect(await first.line()).toBe('{"method":"started"}');
  await server.until(([call]) => call?.hanging);
  expect((await server.alive()).map(({ what }) => what)).toEqual(['agent', 'tool']);
  first.child.kill('SIGTERM');
  await first.exited;
  const second = start();
  second.say({ id: 2, method: 'turn', params: '[[scenario:tool]]' });
  expect(await second.line()).toBe('{"id":2,"result":"the second tool"}');
  second.child.stdin.end();
  await second.exited;
  await server.close();
});

it('cuts a line, makes noise, answers with an error', async () => {
  const { server, start } = await install({
    misbehave: [
      { kind: 'noise', method: 'initialize', lines: ['Warning: not JSON'] },
      { kind: 'error', method: 'turn', error: { code: -1, message: 'no' } },
      { kind: 'cut', method: 'turn' },
    ],
  });
  const agent = start();
  agent.say({ id: 1, method: 'initialize' });
  expect(await agent.line()).toBe('Warning: not JSON');
  expect(await agent.line()).toContain('recorded');
  agent.say({ id: 2, method: 'turn' });
  expect(JSON.parse(await agent.line())).toMatchObject({ id: 2, error: { code: -1 } });
  agent.say({ id: 3, method: 'turn', params: '[[scenario:text]]' });
  expect(await agent.line()).toBe('{"id":3,"resul');
  expect(await agent.exited).toEqual([0, null]);
  await server.close();
});

it('asks a hooks module', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fake-hooks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const hooks = join(folder, 'hooks.mjs');
  await writeFile(
    hooks,
    'export const answers = { turn: async (message, tools) => { await tools.send({ method: "mine" }); await tools.reply(message.params); await tools.exit(4); } };',
  );
  const { server, start } = await install({ hooks, endsWithStdin: false });
  const agent = start();
  agent.say({ id: 1, method: 'turn', params: 'echo' });
  expect(await agent.line()).toBe('{"method":"mine"}');
  expect(JSON.parse(await agent.line())).toEqual({ jsonrpc: '2.0', id: 1, result: 'echo' });
  expect(await agent.exited).toEqual([4, null]);
  await server.close();
});
