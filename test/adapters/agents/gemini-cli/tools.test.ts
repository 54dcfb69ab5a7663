// The tools of a run in the hands of a fake `gemini`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/gemini-cli/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, messagesOf, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { aToolServer, privateText, TAKEN, TOKEN } from '../tool-server.ts';
import { FIXTURES } from './recorded.ts';

let fakes: FakeAgent[] = [];
afterEach(async () => {
  for (const fake of fakes) await fake.close();
  fakes = [];
  await clearStages();
});

const USER = '{"mcpServers": {"user": {"command": "u"}}}';

async function open(changes: Partial<SessionRequest>, user = USER): Promise<{ play: Play; fake: FakeAgent }> {
  const output = { file: `${FIXTURES}/success.jsonl` };
  const fake = await installFakeAgent({ name: 'gemini', turns: [{ output }, { output }] });
  fakes.push(fake);
  const { env } = await newRequest();
  const own = join(env['HOME'] ?? '', '.gemini');
  await mkdir(own);
  await writeFile(join(own, 'settings.json'), user);
  return { play: await startPlay(agent, { command: 'gemini', ...changes, env: fake.pathEnv(env) }), fake };
}

async function settingsOfTurn(play: Play): Promise<unknown> {
  let text = '';
  await play.turn(1, {
    onEvent: () => {
      text ||= privateText(join(play.request.privateDirectory, 'turn-1/home/.gemini/settings.json'));
    },
  });
  return JSON.parse(text);
}

it('are allowed where the user names the servers that may be used', async () => {
  const user = '{"mcp": {"allowed": ["user"], "excluded": ["b"]}}';
  const settings = { mcp_config: { mcpServers: { mine: { command: 'm' } } } };
  const { play } = await open({ tools: aToolServer(), settings }, user);
  expect(await settingsOfTurn(play)).toMatchObject({
    mcp: { allowed: ['user', 'mine', 'sortie-tools'], excluded: ['b'] },
  });
  const free = await open({ tools: aToolServer() });
  expect(await settingsOfTurn(free.play)).not.toHaveProperty('mcp');
});

it('stand in the private settings beside all other servers, trusted, and nowhere else', async () => {
  const settings = { mcp_config: { mcpServers: { mine: { command: 'm' } } } };
  const { play, fake } = await open({ tools: aToolServer(), settings });
  expect(((await settingsOfTurn(play)) as { mcpServers: unknown }).mcpServers).toEqual({
    user: { command: 'u' },
    mine: { command: 'm' },
    'sortie-tools': {
      httpUrl: 'http://127.0.0.1:4711/mcp',
      headers: { Authorization: `Bearer ${TOKEN}` },
      trust: true,
      timeout: 120_000,
    },
  });
  const [call] = await fake.calls();
  expect(call?.args.join(' ') + JSON.stringify(call?.env)).not.toContain(TOKEN);
});

it('refuse servers of the operator that have their name', async () => {
  const { privateDirectory } = await newRequest();
  const path = join(privateDirectory, 'theirs.json');
  await writeFile(path, JSON.stringify(TAKEN));
  const failure = await agentErrorOf(open({ tools: aToolServer(), settings: { mcp_config: path } }));
  expect(failure.kind).toBe('agent_config_error');
  expect(failure.message).toContain('gemini-cli.mcp_config: "sortie-tools" is the name of');
});

it.each([
  ['are missed aloud, once, when the agent never asked for them', false, 1],
  ['are not missed when it did', true, 0],
])('%s', async (_what, wasAsked, times) => {
  const { play } = await open({ tools: aToolServer({ wasAsked: () => wasAsked }) });
  await play.turn(1);
  await play.turn(2);
  const said = messagesOf(play.events, 'notification').filter((message) => message.includes('sortie-tools'));
  expect(said).toEqual(
    Array.from(
      { length: times },
      () => 'the agent never asked the MCP server sortie-tools: it worked without the tools of its run',
    ),
  );
  expect(play.events.at(-1)).toEqual({ kind: 'turn_completed' });
});
