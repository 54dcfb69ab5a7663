// What every command that asks a running daemon takes, said once.

import { Command } from 'commander';
import { DEFAULT_WORKFLOW } from '../command-line.ts';

export interface ClientFlags {
  /** Absent = `WORKFLOW.md`, when it is there. */
  readonly workflow?: string;
  readonly envFile?: string;
  readonly url?: string;
  readonly json?: true;
}

export function clientCommand(name: string, description: string): Command {
  return new Command(`sortie ${name}`)
    .description(description)
    .option(
      '--workflow <path>',
      `whose daemon is asked: its server settings say where (default: ${DEFAULT_WORKFLOW})`,
    )
    .option('--url <url>', 'where the daemon is, e.g. http://127.0.0.1:7678 or unix:/run/sortie.sock')
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .option('--json', 'print the API’s answer')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      '\nSORTIE_SERVER_TOKEN is sent when it is set, else server.token of the workflow, if any; to a --url of' +
        '\nanother host than server.host only SORTIE_SERVER_TOKEN.\n',
    );
}
