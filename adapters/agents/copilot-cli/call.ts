// What is started for one turn: argv, environment and stdin. Everybody on the machine can read argv, so the prompt goes
// through stdin (there is no -p) and inline MCP servers through a file in the turn's private folder.

import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { mcpConfigFile, TOOL_SERVER_NAME, toolHeaders } from '../driver/index.ts';
import type { CliCall, CliTurn, JsonObject } from '../driver/index.ts';
import { copilotSettings, isToolScoped } from './settings.ts';
import { usageFileIn } from './usage-file.ts';

/** One turn of the CLI. */
export async function copilotCall({ request, sessionId, resumes, turn, folder }: CliTurn): Promise<CliCall> {
  const settings = copilotSettings.parse(request.settings);
  const { tools } = request;
  const servers = await mcpConfigFile({
    config: settings.mcp_config,
    setting: 'copilot-cli.mcp_config',
    folder,
    tools: tools === null ? null : toolServer(tools),
  });
  const isScoped = isToolScoped(settings);
  const each = (flag: string, values: readonly string[] = []): string[] =>
    values.map((value) => `--${flag}=${value}`);
  return {
    args: [
      ...['--output-format', 'json', '--no-ask-user', '--no-auto-update', '--no-remote'],
      ...(isScoped ? [] : ['--allow-all']),
      ...each('allow-tool', settings.allowed_tools),
      ...(isScoped && tools !== null ? each('allow-tool', [TOOL_SERVER_NAME]) : []),
      ...each('deny-tool', settings.denied_tools),
      ...each('available-tools', settings.available_tools),
      // The name of a server stands for all of its tools (1.0.102).
      ...(settings.available_tools !== undefined && tools !== null
        ? each('available-tools', [TOOL_SERVER_NAME])
        : []),
      ...each('excluded-tools', settings.excluded_tools),
      ...(settings.model === undefined ? [] : [`--model=${settings.model}`]),
      ...(settings.agent === undefined ? [] : [`--agent=${settings.agent}`]),
      `--max-autopilot-continues=${settings.max_autopilot_continues}`,
      ...(settings.disable_builtin_mcps ? ['--disable-builtin-mcps'] : []),
      ...(settings.no_custom_instructions ? ['--no-custom-instructions'] : []),
      ...(settings.experimental ? ['--experimental'] : []),
      ...(servers === null ? [] : [`--additional-mcp-config=@${servers}`]),
      `--usage-output-file=${usageFileIn(folder)}`,
      // --session-id would quietly begin a new session under the id of one that is lost.
      `--${resumes ? 'resume' : 'session-id'}=${sessionId}`,
    ],
    // It would allow everything again, and trust what the repository brings along.
    ...(isScoped ? { env: { COPILOT_ALLOW_ALL: 'false' } } : {}),
    stdin: asPrompt(turn.prompt),
  };
}

function toolServer(tools: ToolServer): JsonObject {
  return {
    type: 'http',
    url: tools.url,
    headers: toolHeaders(tools),
    tools: ['*'],
    timeout: tools.callTimeoutMs,
  };
}

/** A prompt that begins with a slash may be one of the CLI's own commands: `/compact` ends the turn with an error. */
function asPrompt(prompt: string): string {
  return prompt.trimStart().startsWith('/') ? `Task: ${prompt}` : prompt;
}
