// `sortie mcp-server`: the tools of the run that it is started in, for agents that take MCP servers only as programs.

import { Command } from 'commander';
import { messageOf, oneField, parse } from './command-line.ts';
import { bridge } from './tools-bridge.ts';
import { findTools } from './tools-place.ts';

interface McpServerFlags {
  readonly workflow?: string;
  readonly envFile?: string;
}

export async function main(args: readonly string[]): Promise<number> {
  const command = describeMcpServer();
  const over = parse(command, args);
  if (over !== null) return over;
  const { workflow, envFile } = command.opts<McpServerFlags>();
  const say = (line: string): void => void process.stderr.write(`${oneField(line)}\n`);
  try {
    const access = await findTools({ env: process.env, workflow, envFile });
    const isGood = await bridge({ access, stdin: process.stdin, stdout: process.stdout, say });
    return isGood ? 0 : 1;
  } catch (error) {
    say(`error: ${messageOf(error)}`);
    return 1;
  }
}

export function describeMcpServer(): Command {
  return new Command('sortie mcp-server')
    .description(
      'Serves the tools of a run over MCP on stdio. Agents start it inside of a run; it ends when its stdin ends.',
    )
    .option('--workflow <path>', 'finds the run of SORTIE_RUN_ID when SORTIE_TOOLS_FILE is not set')
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .helpOption('-h, --help', 'print this help');
}
