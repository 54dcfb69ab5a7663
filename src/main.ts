#!/usr/bin/env -S node --
// The bin. Picks a command and imports only that one: `--version` must not load a web server.
// The `--` keeps Node 20 from reading our `--env-file` as its own, even behind the script's name, and refusing a
// missing file before we can warn.

import { existsSync } from 'node:fs';
import { COMMAND_NAMES, findCommand } from './cli/commands.ts';
import { version } from './cli/version.ts';

async function main(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === '-dumpversion') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (first === '-V' || first === '--version') {
    process.stdout.write(`sortie ${version} (node ${process.version})\n`);
    return 0;
  }
  if (first === 'help' && !existsSync(first)) return main([...args.slice(1, 2), '--help']);
  const command = await findCommand(first ?? '');
  if (command !== null) return command(args.slice(1));
  const { main: run, mistypedCommand } = await import('./cli/run.ts');
  const mistyped = mistypedCommand(first ?? '', COMMAND_NAMES);
  if (mistyped === null) return run(args);
  process.stderr.write(mistyped);
  return 1;
}

/** `sortie --dry-run | head`: a reader that has seen enough is no fault of the work, whose exit code counts. */
function forgiveClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

forgiveClosedPipe(process.stdout);
forgiveClosedPipe(process.stderr);
process.exitCode = await main(process.argv.slice(2));
