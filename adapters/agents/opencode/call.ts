// What is started for one turn: argv, environment and stdin. Everybody on the machine can read argv, so the prompt goes
// through stdin, which `opencode run` reads to its end when it is no terminal. Configuration goes through
// OPENCODE_CONFIG_CONTENT, the last of opencode's own sources: what the user has put there stays, ours is laid over it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentError } from '../../../src/contract/agent.ts';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { cleanText, objectAt, requireFreeName, TOOL_SERVER_NAME } from '../driver/index.ts';
import type { CliCall, CliTurn, JsonObject } from '../driver/index.ts';
import { permissionMap } from './permission.ts';
import { opencodeSettings } from './settings.ts';
import type { OpencodeSettings } from './settings.ts';

const CONFIG = 'OPENCODE_CONFIG_CONTENT';
const TITLE_CHARACTERS = 80;
/** The names of all of them, as its permissions know them. */
const OUR_TOOLS = `${TOOL_SERVER_NAME}_*`;

/** One turn of the CLI. */
export async function opencodeCall({ request, sessionId, resumes, turn, folder }: CliTurn): Promise<CliCall> {
  const settings = opencodeSettings.parse(request.settings);
  const given = (flag: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${flag}=${value}`];
  return {
    args: [
      ...['run', '--format', 'json', '--dir', request.workspacePath],
      ...(settings.dangerously_skip_permissions ? ['--auto'] : []),
      ...given('model', settings.model),
      ...given('agent', settings.agent),
      ...given('variant', settings.variant),
      ...(settings.thinking ? ['--thinking'] : []),
      ...(settings.pure ? ['--pure'] : []),
      // Without a title a hidden model call invents one, which is paid for and not reported.
      resumes ? `--session=${sessionId}` : `--title=${title(request.issueIdentifier)}`,
    ],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_SHARE: '1',
      ...(settings.disable_autocompact ? { OPENCODE_DISABLE_AUTOCOMPACT: '1' } : {}),
      [CONFIG]: configContent(
        request.env[CONFIG] ?? '',
        settings,
        request.tools === null ? null : await toolServer(request.tools, folder),
      ),
    },
    stdin: turn.prompt,
  };
}

/** The token by a file that opencode itself reads: its environment is that of every command that it runs. */
async function toolServer(tools: ToolServer, folder: string): Promise<JsonObject> {
  const path = join(folder, 'tools-token');
  await writeFile(path, tools.token, { mode: 0o600, flag: 'wx' });
  return {
    type: 'remote',
    url: tools.url,
    headers: { Authorization: `Bearer {file:${path}}` },
    enabled: true,
    oauth: false,
    timeout: tools.callTimeoutMs,
  };
}

/** Throws `agent_config_error` when the user's own content is no JSON object. */
function configContent(own: string, settings: OpencodeSettings, tools: JsonObject | null): string {
  const config = own.trim() === '' ? {} : parseConfig(own);
  const ours = tools === null || settings.allowed_tools === undefined ? [] : [OUR_TOOLS];
  const allowed = settings.allowed_tools === undefined ? undefined : [...settings.allowed_tools, ...ours];
  const permission = permissionMap(allowed, settings.denied_tools);
  const servers = objectAt(config, 'mcp') ?? {};
  if (tools !== null) requireFreeName(servers, `"mcp" of ${CONFIG}`);
  return JSON.stringify({
    ...config,
    autoupdate: false,
    share: 'disabled',
    ...(tools === null ? {} : { mcp: { ...servers, [TOOL_SERVER_NAME]: tools } }),
    ...(permission === null ? {} : { permission: mergePermission(config['permission'], permission) }),
  });
}

function parseConfig(text: string): JsonObject {
  try {
    const value = objectAt(JSON.parse(text));
    if (value !== null) return value;
  } catch {
    // Said below; the text may hold keys, so nothing of it is shown.
  }
  throw new AgentError(
    'agent_config_error',
    `${CONFIG} must be a JSON object (no comments); correct or unset it`,
  );
}

/** Ours come last, because the last rule that matches wins. The short form `"permission": "ask"` means `*`. */
function mergePermission(own: unknown, ours: JsonObject): JsonObject {
  const theirs = typeof own === 'string' ? { '*': own } : (objectAt(own) ?? {});
  const kept = Object.entries(theirs).filter(([rule]) => !Object.hasOwn(ours, rule));
  return { ...Object.fromEntries(kept), ...ours };
}

function title(identifier: string): string {
  return cleanText(identifier, TITLE_CHARACTERS) || 'Sortie';
}
