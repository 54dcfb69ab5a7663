// `sortie status`: what runs, waits and is parked, once or (`--watch`) as it changes.

import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { printJson } from './command-line.ts';
import { STATUS_FIELDS, statusText, type Status } from './status-text.ts';
import { terminalWidth } from './table.ts';

interface StatusFlags extends ClientFlags {
  readonly watch?: true;
}

export async function main(args: readonly string[]): Promise<number> {
  return runClient<StatusFlags>(describeStatus(), args, async (client, flags) => {
    const state = await client.get<Status>('/api/v1/state', STATUS_FIELDS);
    if (flags.watch === true) {
      const { watchStatus } = await import('./status-watch.ts');
      return watchStatus(client, state, flags.json === true);
    }
    if (flags.json === true) printJson(state);
    else process.stdout.write(statusText(state, Date.now(), terminalWidth()));
    return 0;
  });
}

export function describeStatus() {
  return clientCommand('status', 'Says what runs, waits and is parked.').option(
    '-w, --watch',
    'redraw in place whenever something changes, until Ctrl-C; with --json one object a line',
  );
}
