// The kinder stages before SIGTERM: the agent's own protocol is asked to interrupt, then the signal that ends this
// very program cleanly is sent to it alone, so that it ends its tools and says its last words. Each stage has a
// share of the grace; what follows (SIGTERM, SIGKILL) has what is left of it, and never less than its own share.

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a program likes to be ended, before it is ended whatever it likes. */
export interface EndingStages {
  /** Asks in the program's own protocol. Its failure and its slowness only end the stage. */
  readonly interrupt?: (() => void | Promise<void>) | undefined;
  /** Sent to the program's own pid, not to its group. */
  readonly cleanSignal?: NodeJS.Signals | null | undefined;
}

const LEAST_LEFT = 1 / 3;

/** Resolves with the milliseconds of grace that are left, when the program has exited or the stages are over. */
export async function endInStages(
  child: ChildProcess,
  stages: EndingStages,
  exited: Promise<void>,
  graceMs: number,
): Promise<number> {
  const shareMs = graceMs / 3;
  const startedMs = performance.now();
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  if (stages.interrupt !== undefined && !hasEnded()) {
    // Called before anything is waited for: even without any grace the program is told.
    const asked = Promise.resolve()
      .then(stages.interrupt)
      .catch(() => undefined);
    await Promise.race([exited, sleep(shareMs, undefined, { ref: false }), asked.then(() => exited)]);
  }
  if (stages.cleanSignal && !hasEnded()) {
    // Until Node has fetched its exit the pid cannot be anybody else's.
    child.kill(stages.cleanSignal);
    await Promise.race([exited, sleep(shareMs, undefined, { ref: false })]);
  }
  return Math.max(graceMs - (performance.now() - startedMs), graceMs * LEAST_LEFT);
}
