// What the commands of the audit log share: how they begin and end, and that 1 says "not intact" and nothing else.

import { Command } from 'commander';
import type { StoreReader, TrackerIdentity } from '../store/index.ts';
import { CANNOT_TELL } from './audit.ts';
import { DEFAULT_WORKFLOW, messageOf, oneField, parse } from './command-line.ts';
import { openStore } from './open-store.ts';

export interface AuditFlags {
  readonly workflow: string;
  readonly envFile?: string;
  readonly json?: true;
}

export function auditCommand(word: string, description: string): Command {
  return new Command(`sortie audit ${word}`)
    .description(description)
    .option('--workflow <path>', 'whose database and tracker', DEFAULT_WORKFLOW)
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .helpOption('-h, --help', 'print this help');
}

export async function runAudit<F extends AuditFlags>(
  command: Command,
  args: readonly string[],
  work: (flags: F) => Promise<number>,
): Promise<number> {
  const over = parse(command, args);
  if (over !== null) return over === 0 ? 0 : CANNOT_TELL;
  try {
    return await work(command.opts<F>());
  } catch (error) {
    process.stderr.write(`error: ${oneField(messageOf(error))}\n`);
    return CANNOT_TELL;
  }
}

/** Gives what `read` gives; CANNOT_TELL = the workflow is wrong, and that was said. */
export async function withStore(
  flags: AuditFlags,
  read: (store: StoreReader, tracker: TrackerIdentity) => Promise<number>,
): Promise<number> {
  const opened = await openStore(flags);
  if (opened === null) return CANNOT_TELL;
  try {
    return await read(opened.store, opened.tracker);
  } finally {
    await opened.store.close();
  }
}
