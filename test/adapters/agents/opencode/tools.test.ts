// The tools of a run in the hands of a fake `opencode`: its environment is that of each command that it runs, so the
// token is not in it.
import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/opencode/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { aToolServer, privateText, TOKEN } from '../tool-server.ts';
import { FIXTURES } from './recorded.ts';

let fakes: FakeAgent[] = [];
afterEach(async () => {
  for (const fake of fakes) await fake.close();
  fakes = [];
  await clearStages();
});

interface Config {
  readonly mcp: Record<string, { readonly headers: { readonly Authorization: string } }>;
  readonly permission: Record<string, string>;
}

async function open(
  changes: Partial<SessionRequest>,
): Promise<{ play: Play; fake: FakeAgent; config: () => Promise<Config> }> {
  const fake = await installFakeAgent({
    name: 'opencode',
    turns: [{ output: { file: `${FIXTURES}/success.jsonl` } }],
  });
  fakes.push(fake);
  const { env } = await newRequest();
  const play = await startPlay(agent, {
    command: 'opencode',
    ...changes,
    env: fake.pathEnv({ ...env, ...changes.env }),
  });
  const config = async (): Promise<Config> => {
    const [call] = await fake.calls();
    return JSON.parse(call?.env['OPENCODE_CONFIG_CONTENT'] ?? 'null') as Config;
  };
  return { play, fake, config };
}

it('stand beside the servers of the user, with the token in a file that is gone after the turn', async () => {
  const mine = { type: 'local', command: ['m'] };
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ mcp: { mine } }) };
  const { play, fake, config } = await open({ tools: aToolServer(), env });
  let token = '';
  const path = `${play.request.privateDirectory}/turn-1/tools-token`;
  await play.turn(1, {
    onEvent: () => {
      token ||= privateText(path);
    },
  });
  const { mcp } = await config();
  expect(mcp).toEqual({
    mine,
    'sortie-tools': {
      type: 'remote',
      url: 'http://127.0.0.1:4711/mcp',
      headers: { Authorization: `Bearer {file:${path}}` },
      enabled: true,
      oauth: false,
      timeout: 120_000,
    },
  });
  expect(token).toBe(TOKEN);
  expect(existsSync(path)).toBe(false);
  const [call] = await fake.calls();
  expect(call?.args.join(' ') + JSON.stringify(call?.env)).not.toContain(TOKEN);
});

it.each([
  [{ allowed_tools: ['read'] }, { '*': 'deny', read: 'allow', 'sortie-tools_*': 'allow' }],
  [{ denied_tools: ['bash'] }, { bash: 'deny' }],
])('are allowed with %j', async (settings, permission) => {
  const { play, config } = await open({ tools: aToolServer(), settings });
  await play.turn();
  expect((await config()).permission).toMatchObject(permission);
});

it('refuse a server of the user that has their name', async () => {
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ mcp: { 'sortie-tools': {} } }) };
  const { play } = await open({ tools: aToolServer(), env });
  const failure = await agentErrorOf(play.turn());
  expect(failure.kind).toBe('agent_config_error');
  expect(failure.message).toContain('"mcp" of OPENCODE_CONFIG_CONTENT: "sortie-tools" is the name of');
});
