// The operator's own MCP servers, for CLIs that take them as a file: `mcp_config` is the path of one, or its content as
// JSON or as YAML. Content goes into a private file, because it may hold tokens and everybody can read argv.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const EXPECTED = 'must be a path, or an object with a map "mcpServers" (as JSON or as YAML)';

const servers = z.looseObject({ mcpServers: z.record(z.string(), z.unknown()) });

/** The key of a settings block. */
export const mcpConfig = z.union([z.string().min(1, EXPECTED).refine(isPathOrServers, EXPECTED), servers], {
  error: EXPECTED,
});

/** The file to hand to the CLI. @param folder of the turn; content is written there. */
export async function mcpConfigFile(config: z.infer<typeof mcpConfig>, folder: string): Promise<string> {
  if (typeof config === 'string' && !isContent(config)) return config;
  const path = join(folder, 'mcp.json');
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}

function isPathOrServers(text: string): boolean {
  if (!isContent(text)) return true;
  try {
    return servers.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function isContent(text: string): boolean {
  return text.trimStart().startsWith('{');
}
