// One turn as a call of the CLI. The prompt goes in on stdin, the appended system prompt and inline MCP servers by file:
// everybody on the machine can read a command line. What the user has set in the environment wins over our defaults.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mcpConfigFile } from '../driver/index.ts';
import type { CliCall, CliTurn } from '../driver/index.ts';
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

/** @param canRefreshPrompt the CLI has `--system-prompt-snapshot` (not in 2.1.197, in 2.1.330). */
export async function claudeCall(turn: CliTurn, canRefreshPrompt: boolean): Promise<CliCall> {
  const settings = claudeCodeSettings.parse(turn.request.settings);
  return {
    args: [
      '-p',
      ...['--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
      ...['--permission-mode', settings.permission_mode],
      ...(turn.resumes ? ['--resume', turn.sessionId] : ['--session-id', turn.sessionId]),
      ...simpleOptions(settings),
      ...(await fileOptions(settings, turn.folder, canRefreshPrompt)),
    ],
    env: defaultEnv(turn.request.env),
    stdin: turn.turn.prompt,
  };
}

/** Of our defaults, those that are not in `given`. */
export function defaultEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(DEFAULT_ENV).filter(([name]) => !Object.hasOwn(given, name)));
}

function simpleOptions(settings: ClaudeCodeSettings): string[] {
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['--model', settings.model],
    ['--fallback-model', settings.fallback_model],
    ['--effort', settings.effort],
    ['--max-turns', settings.max_turns],
    ['--max-budget-usd', settings.max_budget_usd],
    ['--allowedTools', list(settings.allowed_tools)],
    ['--disallowedTools', list(settings.disallowed_tools)],
  ];
  // As one word: a list option would take the words after it as well.
  return options.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

function list(tools: string | readonly string[] | undefined): string | undefined {
  if (tools === undefined || tools.length === 0) return undefined;
  return typeof tools === 'string' ? tools : tools.join(',');
}

async function fileOptions(
  settings: ClaudeCodeSettings,
  folder: string,
  canRefreshPrompt: boolean,
): Promise<string[]> {
  const options: string[] = [];
  const { append_system_prompt: prompt, mcp_config: servers } = settings;
  if (prompt !== undefined && prompt !== '') {
    const path = join(folder, 'system-prompt.md');
    await writeFile(path, prompt, { mode: OWNER_ONLY, flag: 'wx' });
    options.push(`--append-system-prompt-file=${path}`);
    // Otherwise a resumed session goes on with the text that it began with.
    if (canRefreshPrompt) options.push('--system-prompt-snapshot=off');
  }
  if (servers !== undefined) options.push(`--mcp-config=${await mcpConfigFile(servers, folder)}`);
  return options;
}
