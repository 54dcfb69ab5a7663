// `sortie refresh`: the running daemon looks at the tracker now instead of at its next tick. It changes nothing, so
// nobody is asked first; who asked for it and why is noted as with every other word.

import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';
import { userName } from './user-name.ts';

interface RefreshFlags extends ClientFlags {
  readonly reason: string;
}

export async function main(args: readonly string[]): Promise<number> {
  return runClient<RefreshFlags>(describeRefresh(), args, async (client, { json, reason }) => {
    const word = { reason, by: userName() };
    const answer = await client.post<{ message: string }>('/api/v1/refresh', word, ['message']);
    if (json === true) printJson(answer);
    else process.stdout.write(`${oneField(answer.message)}\n`);
    return 0;
  });
}

export function describeRefresh() {
  return clientCommand('refresh', 'Looks at the tracker now instead of at the next tick.').option(
    '--reason <text>',
    'why; kept with the operators’ log',
    '',
  );
}
