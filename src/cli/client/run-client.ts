// How each of these commands begins and ends: parse, find the daemon, ask, and say what is wrong in one line on stderr
// with exit code 1. What comes from trackers and agents is printed without control characters.

import type { Command } from 'commander';
import { messageOf, oneField, parse } from '../command-line.ts';
import { findDaemon } from './address.ts';
import { createDaemonClient, type DaemonClient } from './daemon-client.ts';
import type { ClientFlags } from './flags.ts';

export async function runClient<F extends ClientFlags>(
  command: Command,
  args: readonly string[],
  ask: (client: DaemonClient, flags: F) => Promise<number>,
): Promise<number> {
  const over = parse(command, args);
  if (over !== null) return over;
  const flags = command.opts<F>();
  let client: DaemonClient | null = null;
  try {
    client = createDaemonClient(await findDaemon(flags, process.env));
    return await ask(client, flags);
  } catch (error) {
    process.stderr.write(`error: ${oneField(messageOf(error))}\n`);
    return 1;
  } finally {
    await client?.close();
  }
}
