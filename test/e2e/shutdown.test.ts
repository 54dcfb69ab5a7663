// SIGTERM with 20 running agents, some of which ignore SIGTERM and some with helpers in sessions of their own: exit
// 0 in bounded time, no process left, nothing started afterwards.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseSettings, freePort, makeFolder, makeIssue, processesIn, until, type Folder } from './program.ts';

const AGENTS = 20;

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

describe('shutdown', () => {
  it(
    'ends 20 stubborn agents in bounded time and starts nothing afterwards',
    { timeout: 180_000 },
    async () => {
      await folder.writeIssues(Array.from({ length: AGENTS + 10 }, (_, index) => makeIssue(index + 1)));
      const log = folder.file('log.txt');
      await folder.write(
        'agent.sh',
        `n=\${SORTIE_ISSUE_IDENTIFIER#E2E-}
echo "start $n" >> ${log}
if [ $((n % 2)) = 0 ]; then trap '' TERM; fi
if [ $((n % 3)) = 0 ]; then setsid sh -c "trap '' TERM; sleep 300" & fi
while :; do sleep 1; done
`,
      );
      const base = baseSettings(folder, `sh ${folder.file('agent.sh')}`);
      await folder.writeWorkflow({
        ...base,
        hooks: { after_run: `echo after >> ${folder.file('after.txt')}` },
        agent: { ...(base['agent'] as object), max_concurrent_agents: AGENTS, stop_grace_ms: 1000 },
      });
      const program = folder.start(['--port', await freePort()]);
      await program.url();
      const started = async (): Promise<number> =>
        (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean).length;
      await until('20 agents', async () => (await started()) === AGENTS);

      program.child.kill('SIGTERM');
      // In bounded time: left alone, none of them ends before this test is given up.
      const status = await program.exit;

      expect(status).toEqual({ code: 0, signal: null });
      expect(processesIn(folder.path)).toEqual([]);
      expect(await started()).toBe(AGENTS);
      const afterRuns = (await readFile(folder.file('after.txt'), 'utf8')).trim().split('\n');
      expect(afterRuns).toHaveLength(AGENTS);
    },
  );

  it('exits at once on a second signal, and the next start ends what was left', async () => {
    await folder.writeIssues([makeIssue(1)]);
    const base = baseSettings(
      folder,
      `trap '' TERM; echo up >> ${folder.file('log.txt')}; while :; do sleep 1; done`,
    );
    await folder.writeWorkflow({
      ...base,
      agent: { ...(base['agent'] as object), stop_grace_ms: 60_000 },
    });
    const port = await freePort();
    const program = folder.start(['--port', port]);
    await until('the agent', () => readFile(folder.file('log.txt'), 'utf8').catch(() => null));
    program.child.kill('SIGTERM');
    await until('the shutdown', () => program.stderr().includes('shutting down'));
    program.child.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 143, signal: null });

    await folder.writeIssues([makeIssue(1, { state: 'Backlog' })]);
    const base2 = baseSettings(folder, 'true');
    await folder.writeWorkflow({ ...base2, agent: { ...(base2['agent'] as object), stop_grace_ms: 200 } });
    const next = folder.start(['--port', port]);
    await next.url();
    expect(processesIn(folder.path)).toEqual([]);
    next.child.kill('SIGTERM');
    expect((await next.exit).code).toBe(0);
  });

  it('ends in order when its terminal is closed', async () => {
    await folder.writeIssues([makeIssue(1)]);
    await folder.writeWorkflow(baseSettings(folder, `echo up >> ${folder.file('log.txt')}; sleep 300`));
    const program = folder.start(['--port', await freePort()]);
    await until('the agent', () => readFile(folder.file('log.txt'), 'utf8').catch(() => null));
    program.child.kill('SIGHUP');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(processesIn(folder.path)).toEqual([]);
  });
});
