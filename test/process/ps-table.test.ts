// Systems without /proc: the tree is followed by what `ps` told before the first signal.

import { afterEach, describe, expect, it } from 'vitest';
import { parsePs, psTable } from '../../src/process/ps-table.ts';
import { endTree } from '../../src/process/tree-ending.ts';
import { endEverything, GRACE_MS, isRunning, launchShell, lineCollector, pidFrom } from './real-processes.ts';

afterEach(endEverything);

describe('the process table of ps', () => {
  it('reads pid, parent, group and start, and leaves out zombies and noise', () => {
    const output = [
      '    7     1     7 Ss   Sun Nov 22 01:04:50 2026',
      ' 4242     7  4240 R+   Sun Nov 22 01:05:00 2026  ',
      '   43     7    43 Z    Sun Nov 22 01:05:00 2026',
      'ps: warning',
      '',
    ].join('\n');
    expect(parsePs(output)).toEqual([
      { pid: 7, parentPid: 1, processGroup: 7, session: null, startTime: 'Sun Nov 22 01:04:50 2026' },
      { pid: 4242, parentPid: 7, processGroup: 4240, session: null, startTime: 'Sun Nov 22 01:05:00 2026' },
    ]);
  });

  it('ends a tree with a tool in a session of its own that ignores SIGTERM and loses its parent', async () => {
    const collector = lineCollector();
    const script = `setsid sh -c 'echo tool=$$; trap "" TERM; while :; do sleep 1; done' & echo up; wait`;
    // Left without a mark, and its abort unused: here only the ending by ps is at work.
    const child = launchShell(script, { mark: null, onStdoutLine: collector.take });
    const tool = await pidFrom(collector, 'tool');
    await collector.first(/up/);
    const root = (await psTable.list()).find((entry) => entry.pid === child.pid);
    expect(root?.processGroup).toBe(child.pid);
    const report = await endTree({
      root: root ?? null,
      mark: null,
      voluntaryMs: 0,
      graceMs: GRACE_MS,
      table: psTable,
    });
    expect(report.survivors).toEqual([]);
    expect(report.ended).toEqual(expect.arrayContaining([child.pid, tool]));
    expect(isRunning(tool)).toBe(false);
    expect(await child.result).toMatchObject({ cause: 'exited', signal: 'SIGTERM' });
  });
});
