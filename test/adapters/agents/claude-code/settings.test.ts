// The block `claude-code:`: what it takes, what it refuses because a person would have to answer, and the options that
// become of it.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claudeCall } from '../../../../adapters/agents/claude-code/call.ts';
import { agent } from '../../../../adapters/agents/claude-code/index.ts';
import { passedNames } from '../../../../adapters/agents/claude-code/pass-env.ts';
import type { CliTurn } from '../../../../adapters/agents/driver/index.ts';
import { clearStages, newRequest } from '../stage.ts';

afterEach(clearStages);

async function turnWith(block: Record<string, unknown>, env: Record<string, string> = {}): Promise<CliTurn> {
  const request = await newRequest({ settings: agent.settingsSchema.parse(block), env });
  return {
    request,
    program: { file: 'claude', args: [] },
    sessionId: 'the-id',
    resumes: false,
    turn: { prompt: 'the prompt', turn: 1 },
    folder: request.privateDirectory,
  };
}

it('needs nothing, and lets the agent work unattended', () => {
  expect(agent.settingsSchema.parse({})).toEqual({ permission_mode: 'bypassPermissions' });
});

it('turns each key into an option of the CLI', async () => {
  const block = {
    permission_mode: 'dontAsk',
    model: 'opus',
    fallback_model: 'sonnet,haiku',
    effort: 'high',
    max_turns: '30',
    max_budget_usd: '2.5',
    allowed_tools: ['Bash(git *)', 'Edit'],
    disallowed_tools: 'WebFetch WebSearch',
    mcp_config: '/etc/agents/mcp.json',
  };
  const { args, stdin } = await claudeCall(await turnWith(block), true);
  expect(args.slice(5)).toEqual([
    ...[
      '--permission-mode',
      'dontAsk',
      '--session-id',
      'the-id',
      '--model=opus',
      '--fallback-model=sonnet,haiku',
    ],
    ...['--effort=high', '--max-turns=30', '--max-budget-usd=2.5', '--allowedTools=Bash(git *),Edit'],
    ...['--disallowedTools=WebFetch WebSearch', '--mcp-config=/etc/agents/mcp.json'],
  ]);
  expect(stdin).toBe('the prompt');
});

it('takes inline servers as JSON and as YAML, and writes them for the owner only', async () => {
  const servers = { mcpServers: { t: { command: 'node', args: ['x.mjs'] } } };
  for (const given of [servers, ` ${JSON.stringify(servers)}`]) {
    const turn = await turnWith({ mcp_config: given });
    const { args } = await claudeCall(turn, true);
    const path = join(turn.folder, 'mcp.json');
    expect(args.at(-1)).toBe(`--mcp-config=${path}`);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(servers);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
});

it('leaves alone what the user has set in the environment', async () => {
  const { env } = await claudeCall(await turnWith({}, { CLAUDE_CODE_MAX_RETRIES: '10' }), true);
  expect(env).toEqual({ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' });
});

it('takes settings that it has checked before', () => {
  const checked = agent.settingsSchema.parse({
    max_turns: '3',
    max_budget_usd: '1.5',
    allowed_tools: 'Edit',
  });
  expect(agent.settingsSchema.parse(checked)).toEqual(checked);
});

describe('refuses', () => {
  it.each(['plan', 'manual', 'default'])('permission_mode %s, and says what to write instead', (mode) => {
    const { error } = agent.settingsSchema.safeParse({ permission_mode: mode });
    expect(error?.issues[0]?.message).toMatch(/nobody is there; write dontAsk and name in allowed_tools/);
  });

  it.each([
    [{ permission_mode: 'yolo' }, 'permission_mode'],
    [{ model: '--dangerously-skip-permissions' }, 'model'],
    [{ model: 'a\nb' }, 'model'],
    [{ effort: 'silly' }, 'effort'],
    [{ max_turns: 0 }, 'max_turns'],
    [{ max_turns: 'many' }, 'max_turns'],
    [{ max_budget_usd: 0 }, 'max_budget_usd'],
    [{ allowed_tools: ['-x'] }, 'allowed_tools'],
    [{ mcp_config: '{"servers":{}}' }, 'mcp_config'],
    [{ mcp_config: '{broken' }, 'mcp_config'],
    [{ mcp_config: { t: {} } }, 'mcp_config'],
  ])('%j', (block, key) => {
    const { error } = agent.settingsSchema.safeParse(block);
    expect(error?.issues.map(({ path }) => String(path[0]))).toEqual([key]);
  });
});

it('says what mcp_config may be', () => {
  for (const given of ['{broken', 7, {}]) {
    const { error } = agent.settingsSchema.safeParse({ mcp_config: given });
    expect(error?.issues[0]?.message).toContain('a map "mcpServers"');
  }
});

it('passes cloud credentials on only when the models come from that cloud', () => {
  const plain = passedNames({ AWS_SECRET_ACCESS_KEY: 'x', CLAUDE_CODE_USE_BEDROCK: '0' });
  expect(plain).toEqual(
    expect.arrayContaining(['ANTHROPIC_*', 'CLAUDE_*', 'HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS']),
  );
  expect(plain.filter((name) => /AWS|GOOGLE|AZURE/.test(name))).toEqual([]);
  expect(passedNames({ CLAUDE_CODE_USE_BEDROCK: '1' })).toContain('AWS_*');
  expect(passedNames({ CLAUDE_CODE_USE_VERTEX: 'true' })).toContain('GOOGLE_*');
  expect(passedNames({ CLAUDE_CODE_USE_VERTEX: 'true' })).not.toContain('AWS_*');
});

it('says how to install a CLI that is not there', async () => {
  const complaint = await agent.checkCommand('claude', { PATH: '/nowhere' });
  expect(complaint).toContain('npm install -g @anthropic-ai/claude-code');
});
