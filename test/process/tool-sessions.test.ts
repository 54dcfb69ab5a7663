// Tools in sessions of their own, found among real processes.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toolSessions } from '../../src/process/index.ts';
import { launchShell, lineCollector, pidFrom } from './real-processes.ts';

it('finds the tools that run in sessions of their own, and neither the agent nor strangers', async (context) => {
  context.skip(!existsSync('/proc/self/stat'), 'sessions and marks can only be read from /proc');
  const output = lineCollector();
  const mark = randomUUID();
  const child = launchShell(
    `sleep 30 & setsid sh -c 'echo tool=$$; sleep 30; true' & setsid env -u SORTIE_RUN_ID sh -c 'echo stranger=$$; sleep 30; true' & wait`,
    { mark, onStdoutLine: output.take },
  );
  const tool = await pidFrom(output, 'tool');
  await pidFrom(output, 'stranger');
  expect(await toolSessions(mark, child.pid ?? 0)).toEqual([tool]);
  expect(await toolSessions(randomUUID(), child.pid ?? 0)).toEqual([]);
  await child.end('enough');
  expect(await toolSessions(mark, child.pid ?? 0)).toEqual([]);
});

it('asks nobody who was there before the agent for his environment', async () => {
  const entry = (pid: number, session: number, ticks: number) => ({
    pid,
    parentPid: 1,
    processGroup: session,
    session,
    startTime: `boot/${ticks}`,
  });
  const agent = 4_000_001;
  const asked: number[] = [];
  const table = {
    list: () => Promise.resolve([entry(agent, agent, 50), entry(4_000_002, 7, 49), entry(4_000_003, 8, 50)]),
    stillAlive: () => Promise.resolve([]),
    isStill: () => true,
    markOf: ({ pid }: { readonly pid: number }) => {
      asked.push(pid);
      return Promise.resolve('mark');
    },
  };
  expect(await toolSessions('mark', agent, table)).toEqual([8]);
  expect(asked).toEqual([4_000_003]);
});

it('finds none when the table cannot be read', async () => {
  const broken = {
    list: () => Promise.reject(new Error('out of files')),
    stillAlive: () => Promise.resolve([]),
    isStill: () => true,
    markOf: () => Promise.resolve(null),
  };
  expect(await toolSessions('mark', 1, broken)).toEqual([]);
});
