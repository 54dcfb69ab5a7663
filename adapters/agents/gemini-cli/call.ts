// What is started for one turn: argv, environment and stdin. Everybody on the machine can read argv, so the prompt goes
// through stdin (there is no -p) and MCP servers through a settings file in the turn's private folder.

import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { TOOL_SERVER_NAME, toolHeaders } from '../driver/index.ts';
import type { CliCall, CliTurn, JsonObject } from '../driver/index.ts';
import { makeHome } from './home.ts';
import { readMcpServers } from './mcp-config.ts';
import { geminiSettings } from './settings.ts';

/** One turn of the CLI. */
export async function geminiCall({ request, sessionId, resumes, turn, folder }: CliTurn): Promise<CliCall> {
  const settings = geminiSettings.parse(request.settings);
  const home = await makeHome(folder, request.env, {
    mcpServers: { ...(await readMcpServers(settings.mcp_config)), ...toolServers(request.tools) },
    maxSessionTurns: settings.max_session_turns ?? null,
  });
  return {
    args: [
      ...['--output-format', 'stream-json', '--yolo', '--skip-trust'],
      ...(settings.model === undefined ? [] : ['--model', settings.model]),
      ...[resumes ? '--resume' : '--session-id', sessionId],
    ],
    env: {
      GEMINI_CLI_HOME: home,
      // Otherwise it starts itself once more, and a signal to its pid hits only the wrapper.
      GEMINI_CLI_NO_RELAUNCH: 'true',
    },
    stdin: asPrompt(turn.prompt),
  };
}

function toolServers(tools: ToolServer | null): JsonObject {
  if (tools === null) return {};
  const server = {
    httpUrl: tools.url,
    headers: toolHeaders(tools),
    // Otherwise each call asks a person.
    trust: true,
    timeout: tools.callTimeoutMs,
  };
  return { [TOOL_SERVER_NAME]: server };
}

/** A prompt that begins with a slash is taken for one of the CLI's own commands, and refused (exit code 42). */
function asPrompt(prompt: string): string {
  return prompt.trimStart().startsWith('/') ? `Task: ${prompt}` : prompt;
}
