// The daemon's state as it changes, over lost connections and restarts, until the signal. What would be refused again
// (a token that is wrong now) is thrown.

import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../command-line.ts';
import { mayPass } from './client-error.ts';
import type { DaemonClient } from './daemon-client.ts';
import { serverEvents } from './server-events.ts';

export const RECONNECT_MS = 2_000;

/** `onConnection`: "" when it is there, else in one line why not. */
export async function* liveStates<T>(
  client: DaemonClient,
  stopped: AbortSignal,
  onConnection: (trouble: string) => void,
): AsyncGenerator<T> {
  while (!stopped.aborted) {
    try {
      const bytes = await client.stream('/api/v1/events', 'text/event-stream', stopped);
      onConnection('');
      for await (const { event, data } of serverEvents(bytes)) {
        if (event === 'state') yield JSON.parse(data) as T;
      }
      onConnection('the daemon closed it');
    } catch (error) {
      if (stopped.aborted) return;
      if (!mayPass(error)) throw error;
      onConnection(messageOf(error));
    }
    await pause(RECONNECT_MS, stopped);
  }
}

/** Ends early with the signal. */
export async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: stopped }).catch(() => undefined);
}
