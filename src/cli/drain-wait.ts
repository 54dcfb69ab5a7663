// `sortie drain --wait`: ends when the daemon says that nothing runs any more, over its restarts, because a drain
// outlives them. Stopping the waiting takes nothing back.

import type { DaemonClient } from './client/daemon-client.ts';
import { liveStates } from './client/live-state.ts';
import { untilStopped } from './client/until-stopped.ts';
import { countOf } from './command-line.ts';
import { sayOnce } from './say-once.ts';

interface Draining {
  readonly dispatch: { readonly mode: string; readonly by: string; readonly drained: boolean };
  readonly slots: { readonly used: number };
}

export async function waitUntilDrained(client: DaemonClient, isQuiet: boolean): Promise<number> {
  let under = -1;
  return untilStopped(async (stopped) => {
    for await (const { dispatch, slots } of liveStates<Draining>(client, stopped, sayOnce())) {
      if (dispatch.mode !== 'draining') {
        throw new Error(`the drain was ended by ${dispatch.by}: dispatch is ${dispatch.mode}`);
      }
      if (dispatch.drained) {
        if (!isQuiet) process.stdout.write('drained: nothing runs any more\n');
        return 0;
      }
      if (slots.used !== under && !isQuiet) {
        process.stderr.write(`waiting for the end of ${countOf(slots.used, 'run')}\n`);
      }
      under = slots.used;
    }
    return 1;
  });
}
