// The operator's own MCP servers, for CLIs that take them as a file: `mcp_config` is the path of one, or its content as
// JSON or as YAML. Content goes into a private file, because it may hold tokens and everybody can read argv. The tools
// of a run are laid beside them; nobody's own server may have their name.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentError } from '../../../src/contract/agent.ts';
import { objectAt } from './json-line.ts';
import type { JsonObject } from './json-line.ts';
import { readPlainText } from './plain-file.ts';
import { nameTaken, requireFreeName, TOOL_SERVER_NAME } from './tool-server.ts';

const EXPECTED = 'must be a path, or an object with a map "mcpServers" (as JSON or as YAML)';
/** A list of servers is a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;

const servers = z.looseObject({ mcpServers: z.record(z.string(), z.unknown()) });

/** The key of a settings block. */
export const mcpConfig = z
  .union([z.string().min(1, EXPECTED).refine(isPathOrServers, EXPECTED), servers], { error: EXPECTED })
  .superRefine((config, context) => {
    const taken = isPath(config) ? null : nameTaken(objectAt(contentOf(config), 'mcpServers'));
    if (taken !== null) context.addIssue({ code: 'custom', message: taken });
  });

type McpConfig = z.infer<typeof mcpConfig>;

export interface McpConfigChoice {
  /** Absent: the operator has none. */
  readonly config: McpConfig | undefined;
  /** Where it was written, e.g. `claude-code.mcp_config`. */
  readonly setting: string;
  /** Of the turn; content is written there. */
  readonly folder: string;
  /** The tools of the run in the CLI's own words; null = there are none. */
  readonly tools: JsonObject | null;
}

/** The file to hand to the CLI; null = there is nothing to say. Throws `agent_config_error`. */
export async function mcpConfigFile({
  config,
  setting,
  folder,
  tools,
}: McpConfigChoice): Promise<string | null> {
  if (tools === null && (config === undefined || isPath(config))) return config ?? null;
  const own = config === undefined ? {} : await readMcpConfig(config, setting);
  const merged =
    tools === null
      ? own
      : { ...own, mcpServers: { ...objectAt(own, 'mcpServers'), [TOOL_SERVER_NAME]: tools } };
  const path = join(folder, 'mcp.json');
  await writeFile(path, JSON.stringify(merged), { mode: 0o600, flag: 'wx' });
  return path;
}

/** The whole of it, with `mcpServers`. Throws `agent_config_error`, also when a server has our name. */
export async function readMcpConfig(config: McpConfig, setting: string): Promise<JsonObject> {
  const content = isPath(config) ? parsed(await textOf(config, setting)) : contentOf(config);
  const own = objectAt(content, 'mcpServers');
  if (content === null || own === null) {
    throw new AgentError(
      'agent_config_error',
      `${setting} holds no object "mcpServers"; write {"mcpServers": {"NAME": {"command": …}}}`,
    );
  }
  requireFreeName(own, setting);
  return content;
}

async function textOf(path: string, setting: string): Promise<string> {
  return readPlainText(path, LARGEST_BYTES).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError('agent_config_error', `${setting} cannot be read: ${why}`, { cause });
  });
}

function isPathOrServers(text: string): boolean {
  return isPath(text) || servers.safeParse(parsed(text)).success;
}

function isPath(config: McpConfig): config is string {
  return typeof config === 'string' && !config.trimStart().startsWith('{');
}

function contentOf(config: McpConfig): JsonObject | null {
  return typeof config === 'string' ? parsed(config) : config;
}

function parsed(text: string): JsonObject | null {
  try {
    // Editors of Windows write the mark, and the CLIs pass over it.
    return objectAt(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return null;
  }
}
