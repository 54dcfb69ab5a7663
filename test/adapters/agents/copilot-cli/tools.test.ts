// The tools of a run in the hands of a fake `copilot`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/copilot-cli/index.ts';
import { createCopilotReader } from '../../../../adapters/agents/copilot-cli/reader.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, messagesOf, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { aToolServer, privateText, TAKEN, TOKEN } from '../tool-server.ts';
import { FIXTURES, usageFile } from './recorded.ts';

let fakes: FakeAgent[] = [];
afterEach(async () => {
  for (const fake of fakes) await fake.close();
  fakes = [];
  await clearStages();
});

async function open(changes: Partial<SessionRequest>): Promise<{ play: Play; fake: FakeAgent }> {
  const turn = {
    output: { file: `${FIXTURES}/success.jsonl` },
    files: [{ at: { flag: '--usage-output-file' }, text: usageFile(2) }],
  };
  const fake = await installFakeAgent({
    name: 'copilot',
    turns: [turn],
    readFiles: [{ flag: '--additional-mcp-config' }],
  });
  fakes.push(fake);
  const { env } = await newRequest();
  return { play: await startPlay(agent, { command: 'copilot', ...changes, env: fake.pathEnv(env) }), fake };
}

const mine = { type: 'local', command: 'mine', tools: ['*'] };

it('stand beside the servers of the operator, in a file for its owner, and nowhere else', async () => {
  const settings = { mcp_config: JSON.stringify({ mcpServers: { mine } }) };
  const { play, fake } = await open({ tools: aToolServer(), settings });
  let text = '';
  await play.turn(1, {
    onEvent: () => {
      text ||= privateText(join(play.request.privateDirectory, 'turn-1', 'mcp.json'));
    },
  });
  const [call] = await fake.calls();
  expect(JSON.parse(text)).toEqual({
    mcpServers: {
      mine,
      'sortie-tools': {
        type: 'http',
        url: 'http://127.0.0.1:4711/mcp',
        headers: { Authorization: `Bearer ${TOKEN}` },
        tools: ['*'],
        timeout: 120_000,
      },
    },
  });
  expect(call?.files['--additional-mcp-config']).toBe(text);
  expect(call?.args).toContain('--allow-all');
  expect(call?.args).not.toContain('--allow-tool=sortie-tools');
  expect(call?.args.join(' ') + JSON.stringify(call?.env)).not.toContain(TOKEN);
});

it.each([
  [{ allowed_tools: ['write'] }, ['--allow-tool=write', '--allow-tool=sortie-tools']],
  [
    { available_tools: ['bash'] },
    ['--allow-tool=sortie-tools', '--available-tools=bash', '--available-tools=sortie-tools'],
  ],
  [{ excluded_tools: ['bash'] }, ['--allow-tool=sortie-tools']],
])('are allowed and shown where only some tools are, with %j', async (settings, flags) => {
  const { play, fake } = await open({ tools: aToolServer(), settings });
  await play.turn();
  const [call] = await fake.calls();
  expect(call?.args.filter((arg) => /^--(allow|available)/.test(arg))).toEqual(flags);
});

it('refuse a file of the operator that has their name', async () => {
  const { privateDirectory } = await newRequest();
  const path = join(privateDirectory, 'theirs.json');
  await writeFile(path, JSON.stringify(TAKEN));
  const failure = await agentErrorOf(open({ tools: aToolServer(), settings: { mcp_config: path } }));
  expect(failure.kind).toBe('agent_config_error');
  expect(failure.message).toContain('copilot-cli.mcp_config: "sortie-tools" is the name of');
});

it('are missed aloud, once, when they could not be reached', () => {
  const reader = createCopilotReader({ sessionUsage: null, sessionId: '' });
  const status = (serverName: string, word: string): string =>
    JSON.stringify({ type: 'session.mcp_server_status_changed', data: { serverName, status: word } });
  const lines = [
    status('sortie-tools', 'pending'),
    status('mine', 'needs-auth'),
    status('sortie-tools', 'needs-auth'),
    status('sortie-tools', 'needs-auth'),
    status('mine', 'failed'),
  ];
  expect(
    messagesOf(
      lines.flatMap((line) => reader.take(line, 0)),
      'notification',
    ),
  ).toEqual([
    'MCP server sortie-tools failed: needs-auth; its tools are missing',
    'MCP server mine failed: failed; its tools are missing',
  ]);
});
