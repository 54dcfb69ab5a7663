// The file by which a program of a run finds its tools: `tools.json` in the run's private folder, for its owner only.
// Its path travels in the environment (SORTIE_TOOLS_FILE); address and token stand only in it, so that neither is ever
// in a command line, nor in what a program prints of its environment.

import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOL_SERVER_NAME } from '../../contract/agent-tools.ts';
import type { ToolServer } from '../../contract/agent-tools.ts';

/** In the run's private folder. */
export const TOOLS_FILE_NAME = 'tools.json';
export const TOOLS_FILE_VARIABLE = 'SORTIE_TOOLS_FILE';

/** Between the longest wait of the daemon's and the least patience of an agent's. */
const MARGIN_MS = 60_000;

export interface ToolAccess {
  readonly url: string;
  readonly token: string;
  readonly wasAsked?: (() => boolean) | undefined;
}

/** Writes the file and says how an agent reaches the tools. */
export async function handOver(
  { url, token, wasAsked }: ToolAccess,
  {
    privateDirectory,
    bridge,
    waitMs,
  }: {
    /** Absolute; it must exist. */
    readonly privateDirectory: string;
    /** How `sortie mcp-server` is started. */
    readonly bridge: { readonly command: string; readonly args: readonly string[] };
    /** How long a call may wait for a person. */
    readonly waitMs: number;
  },
): Promise<ToolServer> {
  const path = join(privateDirectory, TOOLS_FILE_NAME);
  // By rename: nobody ever reads half of it.
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify({ url, token })}\n`, { mode: 0o600 });
  await rename(draft, path);
  return {
    name: TOOL_SERVER_NAME,
    url,
    token,
    stdio: { ...bridge, env: { [TOOLS_FILE_VARIABLE]: path } },
    callTimeoutMs: waitMs + MARGIN_MS,
    wasAsked,
  };
}
