// `sortie pause|resume|drain` and `sortie dispatch|cancel|retry|release|hold|unhold KEY`: an operator's word to the
// running daemon, which answers once it is durable. At a terminal each asks first.

import type { Command } from 'commander';
import { DAEMON_CONTROLS, type ControlName, type DaemonControl } from '../contract/controls.ts';
import { ClientError } from './client/client-error.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { oneField, printJson } from './command-line.ts';
import { confirm } from './confirm.ts';
import { questionOf } from './control-questions.ts';
import { userName } from './user-name.ts';

interface ControlFlags extends ClientFlags {
  readonly reason: string;
  readonly yes?: true;
  /** Of `drain` only. */
  readonly wait?: true;
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
  return runClient<ControlFlags>(command, args, async (client, { reason, json, wait, yes }) => {
    const key = command.processedArgs[0] as string | undefined;
    const path = key === undefined ? control : `issues/${encodeURIComponent(key)}/${control}`;
    if (yes !== true && !(await confirm(questionOf(control, key ?? '')))) return 1;
    const word = { reason, by: userName() };
    try {
      const answer = await client.post<{ message: string }>(`/api/v1/${path}`, word, ['message']);
      if (json === true) printJson(answer);
      else process.stdout.write(`${oneField(answer.message)}\n`);
    } catch (error) {
      // Whoever waits for the end of a drain may come after it was begun.
      if (wait !== true || !(await isDraining(client, error))) throw error;
    }
    if (wait !== true) return 0;
    const { waitUntilDrained } = await import('./drain-wait.ts');
    return waitUntilDrained(client, json === true);
  });
}

export function describeControl(control: ControlName): Command {
  const command = clientCommand(control, DESCRIPTIONS[control])
    .option('--reason <text>', 'why; kept with the operators’ log', '')
    .option('-y, --yes', 'do not ask first; without a terminal nobody is asked');
  if (control === 'drain') {
    command.option('--wait', 'ends when nothing runs any more; Ctrl-C ends only the waiting');
  }
  return isDaemonControl(control) ? command : command.argument('<issue>', 'its identifier, e.g. SHOP-42');
}

function isDaemonControl(control: ControlName): control is DaemonControl {
  return (DAEMON_CONTROLS as readonly string[]).includes(control);
}

async function isDraining(client: DaemonClient, error: unknown): Promise<boolean> {
  if (!(error instanceof ClientError) || error.code !== 'invalid_state') return false;
  const { dispatch } = await client.get<{ dispatch: { mode: string } }>('/api/v1/state', ['dispatch']);
  return dispatch.mode === 'draining';
}
