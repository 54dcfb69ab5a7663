// `sortie pause|resume|drain` and `sortie dispatch|cancel|retry|release|hold|unhold KEY`: an operator's word to the
// running daemon, which answers once it is durable.

import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { DAEMON_CONTROLS, type ControlName, type DaemonControl } from '../contract/controls.ts';
import { clientCommand, type ClientFlags } from './client/flags.ts';
import { printJson, runClient } from './client/run-client.ts';
import { oneField } from './command-line.ts';

interface ControlFlags extends ClientFlags {
  readonly reason: string;
}

const DESCRIPTIONS: Readonly<Record<ControlName, string>> = {
  pause: 'Starts no more runs until `sortie resume`; what runs goes on to its end.',
  resume: 'Ends a pause or a drain.',
  drain: 'Starts no more runs and says when the last one has ended; `sortie resume` ends it.',
  dispatch:
    'Runs an issue now, before everything else that waits; blockers, labels and the review limit are overruled.',
  cancel: 'Ends the run of an issue and holds the issue, so that it is not started again.',
  retry: 'Makes what is queued or parked due now, with a fresh allowance.',
  release: 'Forgets what is queued or parked; the next tick judges the issue anew.',
  hold: 'Keeps an issue from being started until `sortie unhold`.',
  unhold: 'Ends a hold.',
};

export async function main(control: ControlName, args: readonly string[]): Promise<number> {
  const command = describeControl(control);
  return runClient<ControlFlags>(command, args, async (client, { reason, json }) => {
    const key = command.processedArgs[0] as string | undefined;
    const path = key === undefined ? control : `issues/${encodeURIComponent(key)}/${control}`;
    const answer = await client.post<{ message: string }>(`/api/v1/${path}`, { reason, by: userName() });
    if (json === true) printJson(answer);
    else process.stdout.write(`${oneField(answer.message)}\n`);
    return 0;
  });
}

export function describeControl(control: ControlName): Command {
  const command = clientCommand(control, DESCRIPTIONS[control]).option(
    '--reason <text>',
    'why; kept with the operators’ log',
    '',
  );
  return isDaemonControl(control) ? command : command.argument('<issue>', 'its identifier, e.g. SHOP-42');
}

function isDaemonControl(control: ControlName): control is DaemonControl {
  return (DAEMON_CONTROLS as readonly string[]).includes(control);
}

/** A user without an entry in the system's list has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
