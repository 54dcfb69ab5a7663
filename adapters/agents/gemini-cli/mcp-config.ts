// `gemini-cli.mcp_config`: where the operator's MCP servers come from. They are handed on as they are written; the CLI
// itself knows what they mean and expands `$VAR` in them.

import { AgentError } from '../../../src/contract/agent.ts';
import { readPlainText, requireFreeName } from '../driver/index.ts';
import { isJsonObject, parseCommentedJson } from './commented-json.ts';
import type { GeminiSettings } from './settings.ts';

/** A list of servers is a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;

/** The servers by name; {} without `mcp_config`. Throws `agent_config_error`. */
export async function readMcpServers(
  config: GeminiSettings['mcp_config'],
): Promise<Readonly<Record<string, unknown>>> {
  if (config === undefined) return {};
  const value = typeof config === 'string' ? parseCommentedJson(await textOf(config)) : config;
  const servers = value?.['mcpServers'];
  if (isJsonObject(servers)) {
    requireFreeName(servers, 'gemini-cli.mcp_config');
    return servers;
  }
  throw new AgentError(
    'agent_config_error',
    'gemini-cli.mcp_config holds no object "mcpServers"; write {"mcpServers": {"NAME": {"command": …}}}',
  );
}

async function textOf(config: string): Promise<string> {
  if (config.trimStart().startsWith('{')) return config;
  return readPlainText(config, LARGEST_BYTES).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError('agent_config_error', `gemini-cli.mcp_config cannot be read: ${why}`, { cause });
  });
}
