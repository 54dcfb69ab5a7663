// `sortie audit`: proves that the log of tool calls and writes is as it was written, exports it, names its newest entry.
// Reads the database itself: no daemon has to run, and one that was tampered with is not asked whether it was.

import { Command } from 'commander';
import type { Main } from './commands.ts';
import { runSubCommand } from './sub-commands.ts';

/** Bad usage, and what keeps a log from being read; 1 is kept for a log that is not intact. */
export const CANNOT_TELL = 2;

const mains: Readonly<Record<string, Main>> = {
  verify: async (args) => (await import('./audit-verify.ts')).main(args),
  export: async (args) => (await import('./audit-export.ts')).main(args),
  head: async (args) => (await import('./audit-head.ts')).main(args),
};

export async function main(args: readonly string[]): Promise<number> {
  const isOne = Object.hasOwn(mains, args[0] ?? '');
  const code = await runSubCommand({ parent: describeAudit(), mains, usual: null }, args);
  return !isOne && code === 1 ? CANNOT_TELL : code;
}

export function describeAudit(): Command {
  return new Command('sortie audit')
    .description(
      'Proves, exports or names the log of what agents asked for, what was decided and what was written.',
    )
    .usage('verify|export|head [options]')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      [
        '',
        'Commands:',
        '  verify   whether nothing was changed or removed: 0 intact, 1 broken, 2 it could not be looked at',
        '  export   all entries as JSON lines on stdout',
        '  head     SEQ:HASH of the newest entry: keep it elsewhere, and give it to verify --head',
        '',
        'Each has its own --help. None needs a daemon.',
        '',
      ].join('\n'),
    );
}
