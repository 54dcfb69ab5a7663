// What goes on until somebody stops it: Ctrl-C and the like end it in order, and so does a reader who has seen enough
// (`sortie logs -f KEY | head`). A second signal ends the process at once.

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The exit code is that of `work`, or when it was cut short 128 and the signal's number, as shells have it. What is
 * thrown after that is not said.
 */
export async function untilStopped(work: (stopped: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let code: number | null = null;
  const stop = (cutShort: number) => (): void => {
    code ??= cutShort;
    controller.abort();
  };
  const listeners = SIGNALS.map((name) => [name, stop(128 + constants.signals[name])] as const);
  for (const [name, listener] of listeners) process.once(name, listener);
  const onPipeClosed = stop(0);
  process.stdout.once('error', onPipeClosed);
  try {
    const ended = await work(controller.signal);
    return code ?? ended;
  } catch (error) {
    if (code === null) throw error;
    return code;
  } finally {
    for (const [name, listener] of listeners) process.off(name, listener);
    process.stdout.off('error', onPipeClosed);
  }
}
