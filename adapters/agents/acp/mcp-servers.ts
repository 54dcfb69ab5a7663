// `acp.mcp_config`: the operator's MCP servers in the shape that everybody writes (`mcpServers` by name) turned into
// the one that `session/new` takes. Nobody else will expand references, so `${NAME}` is done here, from the agent's own
// environment: tokens need not stand in the file.

import { AgentError } from '../../../src/contract/agent.ts';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import {
  arrayAt,
  findProgram,
  objectAt,
  readPlainText,
  requireFreeName,
  stringAt,
  toolHeaders,
} from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import type { AcpSettings } from './settings.ts';

type Env = Readonly<Record<string, string>>;

/** A list of servers is a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;
const NOT_KEPT = '[not kept]';

/** What the agent says that it can connect to; stdio it always can. */
export interface McpCapabilities {
  readonly http: boolean;
  readonly sse: boolean;
}

/** The servers as they are written, by name. Throws `agent_config_error`. */
export async function readMcpConfig(config: AcpSettings['mcp_config']): Promise<JsonObject> {
  if (config === undefined) return {};
  const value = typeof config === 'string' ? parse(await textOf(config)) : config;
  const servers = objectAt(value, 'mcpServers');
  if (servers !== null) {
    requireFreeName(servers, 'acp.mcp_config');
    return servers;
  }
  throw refusal('holds no object "mcpServers"; write {"mcpServers": {"NAME": {"command": …}}}');
}

/** For `session/new`, `session/load` and `session/resume`. Throws `agent_config_error`. */
export async function acpServers(servers: JsonObject, can: McpCapabilities, env: Env): Promise<JsonObject[]> {
  return Promise.all(Object.keys(servers).map((name) => acpServer(name, objectAt(servers, name), can, env)));
}

/** The tools of the run: over HTTP where the agent can, else by our own program. */
export function acpTools(tools: ToolServer | null, can: McpCapabilities): JsonObject[] {
  if (tools === null) return [];
  const { name, url, stdio } = tools;
  if (can.http) return [{ type: 'http', name, url, headers: namedValues(toolHeaders(tools)) }];
  return [{ name, command: stdio.command, args: [...stdio.args], env: namedValues(stdio.env) }];
}

function namedValues(map: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(map).map(([name, value]) => ({ name, value }));
}

async function acpServer(
  name: string,
  server: JsonObject | null,
  can: McpCapabilities,
  env: Env,
): Promise<JsonObject> {
  const command = stringAt(server, 'command');
  if (command !== '') {
    return {
      name,
      // The protocol wants an absolute path; what is not found here is left for the agent to complain about.
      command: (await findProgram(command, env)) ?? command,
      args: arrayAt(server, 'args').map(String),
      env: pairs(name, objectAt(server, 'env'), env),
    };
  }
  const sseUrl = stringAt(server, 'type') === 'sse' ? stringAt(server, 'url') : '';
  const url = sseUrl || stringAt(server, 'httpUrl') || stringAt(server, 'url');
  if (url === '') throw refusal(`server "${name}" has neither "command" nor "url"`);
  const type = sseUrl === '' ? 'http' : 'sse';
  if (!can[type])
    throw refusal(`server "${name}" needs ${type}, which this agent does not offer; give it a "command"`);
  return { type, name, url: expand(name, url, env), headers: pairs(name, objectAt(server, 'headers'), env) };
}

function pairs(server: string, map: JsonObject | null, env: Env): JsonObject[] {
  return Object.entries(map ?? {}).map(([name, value]) => ({
    name,
    value: expand(server, String(value), env),
  }));
}

function expand(server: string, text: string, env: Env): string {
  return text.replace(/\$\{(\w+)\}/g, (_reference, name: string) => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    throw refusal(
      `server "${server}" refers to ${name}, which the agent's environment does not have; add it to agent.pass_env`,
    );
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw refusal(`is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function textOf(config: string): Promise<string> {
  if (config.trimStart().startsWith('{')) return config;
  return readPlainText(config, LARGEST_BYTES).catch((cause: unknown) => {
    throw refusal(`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
}

function refusal(detail: string): AgentError {
  return new AgentError('agent_config_error', `acp.mcp_config ${detail}`);
}

/**
 * For the transcript: a request of ours as it may be kept. Values of `env` and `headers` are there to be secret, a URL
 * may hold a key, and nobody else knows those that stand in the operator's file. @param line one message that we send.
 */
export function withoutServerSecrets(line: string): string {
  if (!line.includes('"mcpServers"')) return line;
  const message: unknown = JSON.parse(line);
  if (arrayAt(message, 'params', 'mcpServers').length === 0) return line;
  return JSON.stringify(message, (key, value: unknown) => {
    if (key === 'url') return URL.canParse(String(value)) ? new URL(String(value)).origin : NOT_KEPT;
    return key === 'env' || key === 'headers' ? hidden(value) : value;
  });
}

function hidden(pairsOfServer: unknown): unknown {
  return arrayAt({ pairsOfServer }, 'pairsOfServer').map((pair) => ({
    name: stringAt(pair, 'name'),
    value: NOT_KEPT,
  }));
}
