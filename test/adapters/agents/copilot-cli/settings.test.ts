// The block `copilot-cli:`.
import { describe, expect, it } from 'vitest';
import { copilotSettings, isToolScoped } from '../../../../adapters/agents/copilot-cli/settings.ts';

it('has defaults for an unattended agent', () => {
  expect(copilotSettings.parse({})).toEqual({
    max_autopilot_continues: 50,
    disable_builtin_mcps: false,
    no_custom_instructions: false,
    experimental: false,
  });
});

it('takes quoted integers, and servers as a path, as JSON and as a map', () => {
  const mcpServers = { t: { type: 'http', url: 'http://127.0.0.1:1/' } };
  for (const mcp_config of ['/etc/mcp.json', JSON.stringify({ mcpServers }), { mcpServers }]) {
    expect(copilotSettings.parse({ mcp_config, max_autopilot_continues: '7' })).toMatchObject({
      mcp_config,
      max_autopilot_continues: 7,
    });
  }
});

it.each([
  ['model', '--allow-all'],
  ['agent', ' x'],
  ['allowed_tools', ['-x']],
  ['allowed_tools', 'shell'],
  ['max_autopilot_continues', -1],
  ['mcp_config', '{"servers": {}}'],
  ['mcp_config', '{ no json'],
  ['experimental', 'on'],
])('refuses %s: %j', (key, value) => {
  expect(copilotSettings.safeParse({ [key]: value }).success).toBe(false);
});

it('refuses a tool that is both shown and not shown', () => {
  const { error } = copilotSettings.safeParse({
    available_tools: ['bash', 'view'],
    excluded_tools: ['bash'],
  });
  expect(error?.issues).toMatchObject([
    { path: ['excluded_tools'], message: expect.stringContaining('bash') },
  ]);
});

describe('is scoped', () => {
  it.each(['allowed_tools', 'denied_tools', 'available_tools', 'excluded_tools'])(
    'by %s, even when empty',
    (key) => {
      expect(isToolScoped(copilotSettings.parse({ [key]: [] }))).toBe(true);
    },
  );

  it('by nothing else', () => {
    expect(isToolScoped(copilotSettings.parse({ model: 'x', experimental: true }))).toBe(false);
  });
});
