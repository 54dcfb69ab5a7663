// What goes on until somebody stops it: Ctrl-C and the like end it in order, and so does a reader who has seen enough
// (`sortie logs -f KEY | head`). A second signal ends the process at once.

import { constants } from 'node:os';

/** Not SIGHUP: `nohup sortie logs -f KEY` ignores it, and a terminal that is gone needs no cursor. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The exit code is that of `work`, or when it was cut short 128 and the signal's number, as shells have it. What is
 * thrown after that is not said.
 */
export async function untilStopped(work: (stopped: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let code: number | null = null;
  const stop = (cutShort: number) => (): void => {
    if (code !== null) process.exit(cutShort);
    code = cutShort;
    controller.abort();
  };
  // Not `once`: what gives the cursor back kills us by the signal when nobody else seems to listen to it.
  const listeners = SIGNALS.map((name) => [name, stop(128 + constants.signals[name])] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  const onPipeClosed = (): void => {
    code ??= 0;
    controller.abort();
  };
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
