// The processes of a system without /proc, from `ps`. It knows no environments, so a tree is followed by parent
// and group only, as it was before the first signal. It refuses nothing by itself and signals nobody.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

const run = promisify(execFile);

/** {@link ProcessTable} over `ps -A`. */
export const psTable: ProcessTable = {
  list,

  async stillAlive(entries) {
    const now = new Map((await list()).map((entry) => [entry.pid, entry.startTime]));
    return entries.filter((entry) => now.get(entry.pid) === entry.startTime);
  },

  // Asking again would take as long as the look that has just been taken.
  isStill: () => true,

  markOf: async () => null,
};

async function list(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], {
    env: { ...process.env, LC_ALL: 'C' },
    timeout: 5000,
    maxBuffer: 16 * 1024 * 1024,
  });
  return parsePs(stdout);
}

/** Parses the output of the call above; lines of another form and zombies are left out. */
export function parsePs(output: string): ProcessEntry[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parentPid, processGroup, state = '', startTime = ''] = match;
    if (state.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        processGroup: Number(processGroup),
        session: null,
        startTime,
      },
    ];
  });
}
