// The tools of a run as an agent is handed them, when nobody has to answer behind them; and what may be known of their
// token.

import { readFileSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';

export const TOKEN = 'tOkEn-0123456789abcdefghijklmnopqrstuvwxyz_AB';

export function aToolServer(changes: Partial<ToolServer> = {}): ToolServer {
  return {
    name: 'sortie-tools',
    url: 'http://127.0.0.1:4711/mcp',
    token: TOKEN,
    stdio: {
      command: '/opt/sortie/node',
      args: ['/opt/sortie/main.js', 'mcp-server'],
      env: { SORTIE_TOOLS_FILE: '/private/tools.json' },
    },
    callTimeoutMs: 120_000,
    ...changes,
  };
}

/** The operator's own, with a server of the reserved name in it. */
export const TAKEN = { mcpServers: { 'sortie-tools': { command: 'x' } } };

/** A file that only its owner reads, as it is now. */
export function privateText(path: string): string {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return readFileSync(path, 'utf8');
}
