// The tools of a run in the hands of a fake `codex app-server`: in the configuration of the thread, new or taken up
// again, and in no command line and no transcript.
import { afterEach, expect, it } from 'vitest';
import { threadParams } from '../../../../adapters/agents/codex/params.ts';
import { createCodexReader } from '../../../../adapters/agents/codex/reader.ts';
import { readCodexSettings } from '../../../../adapters/agents/codex/settings.ts';
import { messagesOf } from '../stage.ts';
import { aToolServer, TOKEN } from '../tool-server.ts';
import { closeFake, openFake } from './fake-codex.ts';

afterEach(closeFake);

const ours = {
  url: 'http://127.0.0.1:4711/mcp',
  http_headers: { Authorization: `Bearer ${TOKEN}` },
  required: false,
  default_tools_approval_mode: 'approve',
  tool_timeout_sec: 120,
};

it('come with a thread, beside whatever the user has configured', async () => {
  const { fake, stage } = await openFake();
  await stage.start({ tools: aToolServer() });
  const [call] = await fake.calls();
  const started = call?.messages.find(({ method }) => method === 'thread/start');
  // By its own key: a table would replace the user's servers.
  expect(started?.['params']).toMatchObject({ config: { 'mcp_servers.sortie-tools': ours } });
  expect((call?.args ?? []).join(' ') + JSON.stringify(call?.env)).not.toContain(TOKEN);
  const shown = stage.lines.map(({ line }) => line).join('\n');
  expect(shown).toContain('Bearer ***');
  expect(shown).not.toContain(TOKEN);
});

it('come with no thread when there are none', () => {
  const { config } = threadParams(readCodexSettings({}), '/ws', null);
  expect(JSON.stringify(config)).not.toContain('mcp_servers');
});

it('have more than a second for each that is begun', () => {
  const { config } = threadParams(readCodexSettings({}), '/ws', aToolServer({ callTimeoutMs: 60_001 }));
  expect(config).toMatchObject({ 'mcp_servers.sortie-tools': { tool_timeout_sec: 61 } });
});

it('are missed aloud when they could not be reached', () => {
  const reader = createCodexReader({ sessionUsage: null, sessionId: '', grantsAll: false });
  const line = JSON.stringify({
    method: 'mcpServer/startupStatus/updated',
    params: { name: 'sortie-tools', status: 'failed', error: 'no answer' },
  });
  expect(messagesOf(reader.take(line, 0), 'notification')).toEqual([
    'MCP server sortie-tools did not start: no answer',
  ]);
});
