// When the processes of the machine cannot be looked at, nobody is reported as gone who was not seen to go.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemTable } from '../../src/process/process-table.ts';
import { endEverything, isRunning, launchShell } from './real-processes.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await endEverything();
});

describe('ending while the process table cannot be read', () => {
  it('still ends the program and its group, in bounded time', async () => {
    vi.spyOn(systemTable, 'list').mockRejectedValue(new Error('EMFILE: too many open files'));
    const child = launchShell('sleep 60 & exec sleep 60', { timeoutMs: 50 });
    const result = await child.result;
    expect(result).toMatchObject({ cause: 'timeout', signal: 'SIGKILL', survivors: [] });
    // The programs would sleep for a minute.
    expect(result.durationMs).toBeLessThan(30_000);
    expect(isRunning(child.pid ?? 0)).toBe(false);
  });
});
