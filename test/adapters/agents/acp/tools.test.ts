// The tools of a run in the hands of an agent that speaks ACP: over HTTP where it can, else by our own program.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/acp/index.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { clearStages, messagesOf, newRequest } from '../stage.ts';
import { aToolServer, TAKEN, TOKEN } from '../tool-server.ts';
import { startAcp } from './stage-acp.ts';
import type { AcpPlay } from './stage-acp.ts';

const plays: AcpPlay[] = [];
afterEach(async () => {
  for (const play of plays.splice(0)) await play.adapter.stopSession(play.session);
  await clearStages();
});

async function start(...args: Parameters<typeof startAcp>): ReturnType<typeof startAcp> {
  const play = await startAcp(...args);
  plays.push(play);
  return play;
}

const serversOf = (play: AcpPlay): unknown =>
  (play.sent()[1] as { params: { mcpServers: unknown } }).params.mcpServers;

it('come over HTTP to an agent that can, beside the servers of the operator, and stay out of the transcript', async () => {
  const lines: string[] = [];
  const play = await start(
    { http: true },
    {
      tools: aToolServer(),
      settings: { mcp_config: { mcpServers: { mine: { command: '/bin/true' } } } },
      onLine: (_stream, line) => lines.push(line),
    },
  );
  expect(serversOf(play)).toEqual([
    { name: 'mine', command: '/bin/true', args: [], env: [] },
    {
      type: 'http',
      name: 'sortie-tools',
      url: 'http://127.0.0.1:4711/mcp',
      headers: [{ name: 'Authorization', value: `Bearer ${TOKEN}` }],
    },
  ]);
  expect(lines.join('\n')).toContain('sortie-tools');
  expect(lines.join('\n')).not.toContain(TOKEN);
});

it('come by our own program to an agent that takes nothing else, without the token', async () => {
  const play = await start({}, { tools: aToolServer() });
  expect(serversOf(play)).toEqual([
    {
      name: 'sortie-tools',
      command: '/opt/sortie/node',
      args: ['/opt/sortie/main.js', 'mcp-server'],
      env: [{ name: 'SORTIE_TOOLS_FILE', value: '/private/tools.json' }],
    },
  ]);
  expect(JSON.stringify(play.sent())).not.toContain(TOKEN);
});

it('are missed aloud, once, when the agent never asked for them', async () => {
  const play = await start({}, { tools: aToolServer({ wasAsked: () => false }) });
  await play.turn(1);
  await play.turn(2);
  expect(
    messagesOf(play.events, 'notification').filter((message) => message.includes('sortie-tools')),
  ).toEqual(['the agent never asked the MCP server sortie-tools: it worked without the tools of its run']);
});

it('refuse a file of the operator that has their name, and inline before anything runs', async () => {
  const { privateDirectory } = await newRequest();
  const path = join(privateDirectory, 'theirs.json');
  await writeFile(path, JSON.stringify(TAKEN));
  const settings = { mcp_config: path };
  const failure = await agentErrorOf(startAcp({}, { tools: aToolServer(), settings }));
  expect(failure.kind).toBe('agent_config_error');
  expect(failure.message).toContain('acp.mcp_config: "sortie-tools" is the name of');
  const { error } = agent.settingsSchema.safeParse({ mcp_config: TAKEN });
  expect(error?.issues[0]?.message).toContain('"sortie-tools" is the name of');
});
