// The real daemon, composed as `sortie run` composes it, in this process: so that its ticks can be asked for and
// timed one by one, and the event loop and the memory that are looked at are its own.

import { builtApp } from './built.ts';
import { environment } from './daemon-process.ts';
import type { Bench } from './sample.ts';
import type { App } from '../src/app/lifecycle.ts';

export interface DaemonHere {
  readonly app: App;
  /** Asks for a tick and resolves when it has ended; its milliseconds. Rejects when it did not succeed. */
  tick(): Promise<number>;
}

/** Resolves when the first tick has ended. It is shut down when the scenario ends. */
export async function startDaemonHere(bench: Bench, workflowPath: string): Promise<DaemonHere> {
  const { createApp } = await builtApp();
  const app = await createApp({ workflowPath, env: environment(), overrides: {}, version: 'bench' });
  let settle: ((problem: string) => void) | null = null;
  app.onNotice((notice) => {
    if (notice.kind === 'tick_completed') settle?.(notice.result === 'success' ? '' : notice.error);
  });
  const tickEnd = (): Promise<void> =>
    new Promise((resolve, reject) => {
      settle = (problem) => {
        settle = null;
        if (problem === '') resolve();
        else reject(new Error(`the tick failed: ${problem}`));
      };
    });
  const first = tickEnd();
  const ended = app.run().finally(() => {
    settle?.('the daemon has ended');
  });
  bench.defer(async () => {
    app.shutdown();
    await ended;
  });
  await first;
  return {
    app,
    async tick() {
      const end = tickEnd();
      const startMs = performance.now();
      app.daemon.refresh();
      await end;
      return performance.now() - startMs;
    },
  };
}
