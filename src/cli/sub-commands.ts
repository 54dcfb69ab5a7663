// Commands that have commands of their own (`sortie approvals reject ID`): which one is meant, and help for all of them.

import type { Command } from 'commander';
import { parse } from './command-line.ts';
import type { Main } from './commands.ts';

export interface SubCommands {
  /** Describes all of them; is never run itself. */
  readonly parent: Command;
  readonly mains: Readonly<Record<string, Main>>;
  /** Which one is meant when none is named; null = one has to be. */
  readonly usual: string | null;
}

/** Bad usage is exit code 1, as everywhere. */
export async function runSubCommand(
  { parent, mains, usual }: SubCommands,
  args: readonly string[],
): Promise<number> {
  const [first = ''] = args;
  const main = Object.hasOwn(mains, first) ? mains[first] : undefined;
  if (main !== undefined) return main(args.slice(1));
  if (first === 'help') return runSubCommand({ parent, mains, usual }, [args[1] ?? '', '--help']);
  const wantsHelp = first === '' ? args.includes('--help') : /^(?:-h|--help)$/.test(first);
  const isFlag = first === '' || first.startsWith('-');
  if (isFlag && !wantsHelp && usual !== null) return (await mains[usual]?.(args)) ?? 1;
  if (wantsHelp) return parse(parent, ['--help']) ?? 0;
  const names = Object.keys(mains).join(', ');
  process.stderr.write(
    `error: args: expected one of ${names}; see sortie ${parent.name().replace('sortie ', '')} --help\n`,
  );
  return 1;
}
