// What every command that asks a running daemon takes, said once.

import { Command } from 'commander';
import { DEFAULT_WORKFLOW } from '../command-line.ts';

export interface ClientFlags {
  /** Absent = `WORKFLOW.md`, when it is there. */
  readonly workflow?: string;
  readonly envFile?: string;
  readonly url?: string;
  /** Holds the token; never the token itself, which everybody could read in the list of processes. */
  readonly tokenFile?: string;
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
    .option('--token-file <path>', 'file with the token, server.token or your own (else SORTIE_SERVER_TOKEN)')
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .option('--json', 'print the API’s answer')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      '\nThe token of --token-file is sent, else SORTIE_SERVER_TOKEN: your own of server.users says who you are. Else' +
        '\nserver.token of the workflow, if any, but not to a --url of another host than server.host.\n',
    );
}
