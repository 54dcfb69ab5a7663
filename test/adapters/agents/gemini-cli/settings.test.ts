// The block `gemini-cli:`.
import { describe, expect, it } from 'vitest';
import { userHome } from '../../../../adapters/agents/gemini-cli/home.ts';
import { agent } from '../../../../adapters/agents/gemini-cli/index.ts';

describe('the settings', () => {
  it('take every key, and a quoted integer', () => {
    const block = { model: 'gemini-2.5-pro', mcp_config: './mcp.json', max_session_turns: '40' };
    expect(agent.settingsSchema.parse(block)).toEqual({ ...block, max_session_turns: 40 });
  });

  it('take mcp_config as a map, as YAML reads inline JSON', () => {
    const block = { mcp_config: { mcpServers: { t: { command: 'x' } } } };
    expect(agent.settingsSchema.parse(block)).toEqual(block);
  });

  it.each([
    [{ model: '--yolo' }],
    [{ max_session_turns: 0 }],
    [{ max_session_turns: 'many' }],
    [{ mcp_config: 7 }],
    [{ mcp_config: '{"mcpServers": ' }],
    [{ mcp_config: { servers: {} } }],
  ])('refuse %j', (block) => {
    expect(agent.settingsSchema.safeParse(block).success).toBe(false);
  });
});

describe('the check of the command', () => {
  it('names the package when the CLI is missing', async () => {
    expect(await agent.checkCommand('gemini', { PATH: '/nowhere' })).toContain(
      'npm install -g @google/gemini-cli',
    );
  });
});

it("takes the user's home for what it is, where GEMINI_CLI_HOME is empty", () => {
  expect(userHome({ GEMINI_CLI_HOME: '', HOME: '/home/a' })).toBe('/home/a');
  expect(userHome({ GEMINI_CLI_HOME: '/g', HOME: '/home/a' })).toBe('/g');
});
