// One turn as a call of the CLI. The prompt goes in on stdin, the appended system prompt and inline MCP servers by file:
// everybody on the machine can read a command line. What the user has set in the environment wins over our defaults.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { mcpConfigFile, TOOL_SERVER_NAME, toolHeaders } from '../driver/index.ts';
import type { CliCall, CliTurn, JsonObject } from '../driver/index.ts';
import { claudeCodeSettings } from './settings.ts';
import type { ClaudeCodeSettings } from './settings.ts';

/**
 * The CLI's default of 10 keeps a turn silent for minutes; the core waits longer and better between attempts. Five are
 * about half a minute.
 */
const MAX_RETRIES = '5';

/** What every process of the CLI is started with, unless the user has set it. */
const DEFAULT_ENV: Readonly<Record<string, string>> = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_MAX_RETRIES: MAX_RETRIES,
};

const OWNER_ONLY = 0o600;
/** All tools of this server: where only some are allowed, ours are among them; what they may do is not decided there. */
const OUR_TOOLS = `mcp__${TOOL_SERVER_NAME}`;

/** @param canRefreshPrompt the CLI has `--system-prompt-snapshot` (not in 2.1.197, in 2.1.330). */
export async function claudeCall(turn: CliTurn, canRefreshPrompt: boolean): Promise<CliCall> {
  const settings = claudeCodeSettings.parse(turn.request.settings);
  return {
    args: [
      '-p',
      ...['--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
      ...['--permission-mode', settings.permission_mode],
      ...(turn.resumes ? ['--resume', turn.sessionId] : ['--session-id', turn.sessionId]),
      ...simpleOptions(settings, turn.request.tools),
      ...(await fileOptions(settings, turn, canRefreshPrompt)),
    ],
    env: defaultEnv(turn.request.env),
    stdin: turn.turn.prompt,
  };
}

/** Of our defaults, those that are not in `given`. */
export function defaultEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(DEFAULT_ENV).filter(([name]) => !Object.hasOwn(given, name)));
}

function simpleOptions(settings: ClaudeCodeSettings, tools: ToolServer | null): string[] {
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['--model', settings.model],
    ['--fallback-model', settings.fallback_model],
    ['--effort', settings.effort],
    ['--max-turns', settings.max_turns],
    ['--max-budget-usd', settings.max_budget_usd],
    ['--allowedTools', list(settings.allowed_tools, tools === null ? [] : [OUR_TOOLS])],
    ['--disallowedTools', list(settings.disallowed_tools)],
  ];
  // As one word: a list option would take the words after it as well.
  return options.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

function list(
  tools: string | readonly string[] | undefined,
  ours: readonly string[] = [],
): string | undefined {
  const theirs = typeof tools === 'string' ? [tools] : (tools ?? []);
  return [...theirs, ...ours].join(',') || undefined;
}

function toolServer(tools: ToolServer): JsonObject {
  return {
    type: 'http',
    url: tools.url,
    headers: toolHeaders(tools),
    // Otherwise the model finds them only when it searches for tools.
    alwaysLoad: true,
    // A limit of its own, whatever the user has set for quicker servers; 75 s pass with and without it (2.1.330).
    timeout: tools.callTimeoutMs,
  };
}

async function fileOptions(
  settings: ClaudeCodeSettings,
  { folder, request: { tools } }: CliTurn,
  canRefreshPrompt: boolean,
): Promise<string[]> {
  const options: string[] = [];
  const { append_system_prompt: prompt, mcp_config: config } = settings;
  if (prompt !== undefined && prompt !== '') {
    const path = join(folder, 'system-prompt.md');
    await writeFile(path, prompt, { mode: OWNER_ONLY, flag: 'wx' });
    options.push(`--append-system-prompt-file=${path}`);
    // Otherwise a resumed session goes on with the text that it began with.
    if (canRefreshPrompt) options.push('--system-prompt-snapshot=off');
  }
  const servers = await mcpConfigFile({
    config,
    setting: 'claude-code.mcp_config',
    folder,
    tools: tools === null ? null : toolServer(tools),
  });
  if (servers !== null) options.push(`--mcp-config=${servers}`);
  return options;
}
