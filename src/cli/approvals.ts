// `sortie approvals`: what agents want to write and people must decide.

import { Command } from 'commander';
import type { Main } from './commands.ts';
import { runSubCommand } from './sub-commands.ts';

const mains: Readonly<Record<string, Main>> = {
  list: async (args) => (await import('./approvals-list.ts')).list(args),
  show: async (args) => (await import('./approvals-list.ts')).show(args),
  approve: async (args) => (await import('./approvals-decide.ts')).approve(args),
  reject: async (args) => (await import('./approvals-decide.ts')).reject(args),
};

export async function main(args: readonly string[]): Promise<number> {
  return runSubCommand({ parent: describeApprovals(), mains, usual: 'list' }, args);
}

export function describeApprovals(): Command {
  return new Command('sortie approvals')
    .description('Shows and decides what agents want to write. Without a word: what waits.')
    .usage('[list|show|approve|reject] [options]')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      [
        '',
        'Commands:',
        '  list [--all] [--issue KEY]   what waits; with --all also what was decided',
        '  show <id>                    one of them, field by field',
        '  approve <id>                 let it be written, with --set and --edit changed before',
        '  reject <id>                  let it not be written',
        '',
        'An id may be cut to a beginning that no other one has. Each has its own --help.',
        '',
      ].join('\n'),
    );
}
