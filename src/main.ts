#!/usr/bin/env -S node --
// The bin. Picks a command and imports only that one: `--version` must not load a web server.
// The `--` keeps Node 20 from reading our `--env-file` as its own, even behind the script's name, and refusing a
// missing file before we can warn.

import { version } from './cli/version.ts';

const COMMANDS = ['run', 'validate', 'doctor'] as const;
type CommandName = (typeof COMMANDS)[number];

const commands: Readonly<
  Record<CommandName, () => Promise<{ main(args: readonly string[]): Promise<number> }>>
> = {
  run: () => import('./cli/run.ts'),
  validate: () => import('./cli/validate.ts'),
  doctor: () => import('./cli/doctor.ts'),
};

/** `sortie --dry-run | head -1`: a reader that has gone is no fault of the work, whose exit code counts. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

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
  outliveReaders();
  const named = COMMANDS.find((name) => name === first);
  const command = await commands[named ?? 'run']();
  return command.main(named === undefined ? args : args.slice(1));
}

/** `sortie --dry-run | head`: a reader that has seen enough is no fault, and must not end a daemon either. */
function forgiveClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

forgiveClosedPipe(process.stdout);
forgiveClosedPipe(process.stderr);
process.exitCode = await main(process.argv.slice(2));
