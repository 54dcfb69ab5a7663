// Starts the benchmark's Jira and talks to it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench } from './sample.ts';

const program = fileURLToPath(new URL('./jira-site.ts', import.meta.url));

export interface JiraProcess {
  readonly url: string;
  /** What a person does in Jira: to "Done". */
  close(keys: readonly string[]): Promise<void>;
}

/** It is ended when the scenario ends. */
export async function startJira(bench: Bench): Promise<JiraProcess> {
  const child = fork(program, [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  bench.defer(async () => {
    if (child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.disconnect();
    await exit;
  });
  const dead = once(child, 'exit').then(([code]) => {
    throw new Error(`the Jira of the benchmark ended with ${String(code)}`);
  });
  dead.catch(() => undefined);
  const message = (): Promise<unknown[]> => Promise.race([once(child, 'message'), dead]);
  const [hello] = (await message()) as [{ url: string }];
  return {
    url: hello.url,
    async close(keys) {
      const done = message();
      child.send(keys);
      await done;
    },
  };
}
