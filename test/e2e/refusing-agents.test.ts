// An agent that refuses to work at all, by its credentials or because it cannot be started, parks one issue and not all
// of them: whoever was under way waits, nobody else is started, and everything goes on when the workflow has changed.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, processesIn, until, type Folder } from './program.ts';

let folder: Folder;
let daemon: Daemon;
beforeAll(async () => {
  folder = await makeFolder();
  await folder.writeIssues([]);
  await folder.writeWorkflow(withAgent('exit 0'));
  daemon = await startDaemon(folder);
});
afterAll(async () => {
  await daemon.stop();
  expect(processesIn(folder.path)).toEqual([]);
  expect(await folder.close()).toEqual([]);
});

function withAgent(command: string): Record<string, unknown> {
  const base = baseSettings(folder, command);
  return { ...base, agent: { ...(base['agent'] as object), max_concurrent_agents: 3 } };
}

interface State {
  readonly pauses: readonly {
    readonly reason: string;
    readonly agent_kind: string;
    readonly until: unknown;
  }[];
}

it.each([78, 126, 127])(
  'exit code %i parks one issue and pauses the agent, until the workflow changes',
  async (code) => {
    const loads = daemon.says('workflow reloaded');
    await folder.writeWorkflow(withAgent(`exit ${code}`));
    await until('the reload', () => daemon.says('workflow reloaded') > loads);
    await folder.writeIssues([1, 2, 3, 4, 5, 6].map((number) => makeIssue(code * 10 + number)));
    await until('the pause', async () => {
      const { counts } = await daemon.state();
      return counts.running === 0 && counts.parked === 1;
    });
    const { pauses } = (await daemon.state()) as unknown as State;
    expect(pauses).toEqual([
      { reason: 'agent_error', agent_kind: 'command', detail: expect.any(String) as string, until: null },
    ]);
    const before = (await folder.issues()).map(({ state }) => state);
    expect(before.every((state) => state !== 'In Review')).toBe(true);
    expect((await daemon.state()).counts.retrying).toBeLessThanOrEqual(2);

    await folder.writeWorkflow(withAgent('exit 0'));
    await until('every issue to be handed off', async () =>
      (await folder.issues()).every(({ state }) => state === 'In Review'),
    );
    expect(((await daemon.state()) as unknown as State).pauses).toEqual([]);
  },
);
