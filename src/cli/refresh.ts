// `sortie refresh`: the running daemon looks at the tracker now instead of at its next tick.

import { clientCommand } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';

export async function main(args: readonly string[]): Promise<number> {
  return runClient(describeRefresh(), args, async (client, { json }) => {
    const answer = await client.post<{ message: string }>('/api/v1/refresh', {}, ['message']);
    if (json === true) printJson(answer);
    else process.stdout.write(`${oneField(answer.message)}\n`);
    return 0;
  });
}

export function describeRefresh() {
  return clientCommand('refresh', 'Looks at the tracker now instead of at the next tick.');
}
