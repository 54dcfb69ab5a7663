// The tools of a run in the hands of a fake `claude`: beside the operator's servers, in a private file, allowed wherever
// only some are, and missed aloud when they could not be reached.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClaudeReader } from '../../../../adapters/agents/claude-code/reader.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { messagesOf } from '../stage.ts';
import { aToolServer, privateText, TAKEN, TOKEN } from '../tool-server.ts';
import { recordedTurn, withFakeClaude } from './fake-claude.ts';

const ours = {
  type: 'http',
  url: 'http://127.0.0.1:4711/mcp',
  headers: { Authorization: `Bearer ${TOKEN}` },
  alwaysLoad: true,
  timeout: 120_000,
};
const mine = { type: 'stdio', command: 'mine' };

const once = () =>
  withFakeClaude({ turns: [recordedTurn('success')], readFiles: [{ flag: '--mcp-config' }] });

it('stand beside the servers of the operator, in a file for its owner, and nowhere else', async () => {
  const { fake, start } = await once();
  const lines: string[] = [];
  const play = await start({
    tools: aToolServer(),
    settings: { mcp_config: { mcpServers: { mine } } },
    onLine: (_stream, line) => lines.push(line),
  });
  const modes: string[] = [];
  await play.turn(1, {
    prompt: `say ${TOKEN}`,
    onEvent: () => {
      if (modes.length === 0)
        modes.push(privateText(join(play.request.privateDirectory, 'turn-1', 'mcp.json')));
    },
  });
  const [call] = await fake.calls();
  expect(JSON.parse(call?.files['--mcp-config'] ?? '')).toEqual({
    mcpServers: { mine, 'sortie-tools': ours },
  });
  expect(modes).toHaveLength(1);
  expect(call?.args.join(' ')).not.toContain(TOKEN);
  expect(JSON.stringify(call?.env)).not.toContain(TOKEN);
  expect(call?.stdin).toBe(`say ${TOKEN}`);
  expect(lines).toContain('say ***');
  expect(lines.join('\n')).not.toContain(TOKEN);
});

it('stand beside those of a file of the operator, which stays as it is', async () => {
  const { fake, start } = await once();
  const { request } = await start();
  const path = join(request.privateDirectory, 'theirs.json');
  await writeFile(path, JSON.stringify({ mcpServers: { mine } }));
  await (await start({ tools: aToolServer(), settings: { mcp_config: path } })).turn();
  const [call] = await fake.calls();
  expect(JSON.parse(call?.files['--mcp-config'] ?? '')).toEqual({
    mcpServers: { mine, 'sortie-tools': ours },
  });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ mcpServers: { mine } });
});

it.each([
  [{}, '--allowedTools=mcp__sortie-tools'],
  [
    { permission_mode: 'dontAsk', allowed_tools: 'Read,Bash(git *)' },
    '--allowedTools=Read,Bash(git *),mcp__sortie-tools',
  ],
  [{ allowed_tools: ['Read', 'Edit'] }, '--allowedTools=Read,Edit,mcp__sortie-tools'],
])('are allowed with %j', async (settings, flag) => {
  const { fake, start } = await once();
  await (await start({ tools: aToolServer(), settings })).turn();
  expect((await fake.calls())[0]?.args).toContain(flag);
});

it('leave everything as it was when there are none', async () => {
  const { fake, start } = await once();
  await (await start({ settings: { allowed_tools: ['Read'] } })).turn();
  const [call] = await fake.calls();
  expect(call?.args).toContain('--allowedTools=Read');
  expect(call?.args.join(' ')).not.toContain('mcp');
});

it.each([
  ['has our name in it', JSON.stringify(TAKEN), '"sortie-tools" is the name of'],
  ['is broken', '{"mcpServers"', 'holds no object "mcpServers"'],
])('refuse a file that %s before the first turn', async (_what, text, words) => {
  const { fake, start } = await withFakeClaude({ turns: [] });
  const { request } = await start();
  const path = join(request.privateDirectory, 'theirs.json');
  await writeFile(path, text);
  const failure = await agentErrorOf(start({ tools: aToolServer(), settings: { mcp_config: path } }));
  expect(failure.kind).toBe('agent_config_error');
  expect(failure.message).toContain('claude-code.mcp_config');
  expect(failure.message).toContain(words);
  expect(await fake.calls()).toEqual([]);
});

const init = (servers: unknown): string =>
  JSON.stringify({ type: 'system', subtype: 'init', session_id: 's-1', mcp_servers: servers });

it.each([
  ['connected', [{ name: 'sortie-tools', status: 'connected' }], []],
  [
    'failed',
    [{ name: 'sortie-tools', status: 'failed' }],
    ['the MCP server sortie-tools could not be reached: its tools are missing'],
  ],
  [
    'needs-auth',
    [{ name: 'sortie-tools', status: 'needs-auth' }],
    ['the MCP server sortie-tools is not connected (needs-auth): its tools are missing'],
  ],
  [
    'pending',
    [{ name: 'sortie-tools', status: 'pending' }],
    ['the MCP server sortie-tools is not connected (pending): its tools are missing'],
  ],
  ['not there', [], ['the agent did not take the MCP server sortie-tools: its tools are missing']],
  [
    'not there at all',
    undefined,
    ['the agent did not take the MCP server sortie-tools: its tools are missing'],
  ],
  [
    'there, beside one that wants a login',
    [
      { name: 'sortie-tools', status: 'connected' },
      { name: 'x', status: 'needs-auth' },
    ],
    [],
  ],
])('are missed aloud when they are %s', (_what, servers, said) => {
  const reader = createClaudeReader({ sessionUsage: null, sessionId: '' }, true);
  expect(messagesOf(reader.take(init(servers), 0), 'notification')).toEqual(said);
});

it('are not missed by an agent that was given none', () => {
  const reader = createClaudeReader({ sessionUsage: null, sessionId: '' });
  expect(messagesOf(reader.take(init([]), 0), 'notification')).toEqual([]);
});
