// The processes of a Linux system, from /proc. `stat` is read synchronously in slices: the kernel answers it from
// memory in ten microseconds, a tenth of what a trip through the thread pool costs. `environ` may block behind a
// process that is stuck in the kernel, so that is read through the pool, and is waited for only so long.

import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { linuxStartTime, parseProcStat } from './process-identity.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

const SLICE = 64;
const ENVIRON_WAIT_MS = 1000;
/** For how long an empty environment may be that of a program which is just being loaded. */
const LOADING_TRIES = 20;
const LOADING_PAUSE_MS = 5;
const MARK_PREFIX = 'SORTIE_RUN_ID=';

/** {@link ProcessTable} over /proc. */
export const procTable: ProcessTable = {
  async list() {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const entries: ProcessEntry[] = [];
    for (const [index, pid] of pids.entries()) {
      if (index % SLICE === SLICE - 1) await nextTurn();
      const entry = readEntry(pid);
      if (entry !== null) entries.push(entry);
    }
    return entries;
  },

  stillAlive: async (entries) => entries.filter(isStill),

  isStill,

  async markOf(entry) {
    const environ = await readLoadedEnviron(entry);
    const variable = environ.split('\0').find((part) => part.startsWith(MARK_PREFIX));
    return variable?.slice(MARK_PREFIX.length) ?? null;
  },
};

function isStill(entry: ProcessEntry): boolean {
  return readEntry(entry.pid)?.startTime === entry.startTime;
}

function readEntry(pid: number): ProcessEntry | null {
  const stat = parseProcStat(readStat(pid));
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  const { parentPid, processGroup, session } = stat;
  return { pid, parentPid, processGroup, session, startTime: linuxStartTime(stat.startTicks) };
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (isGoneOrHidden(error)) return '';
    // Too many open files, say: not the same as "this process is gone", so the look as a whole fails.
    throw error;
  }
}

/**
 * A process in the middle of an exec has an empty environment until the kernel has copied the new one in, and on a
 * busy machine it may wait there: an agent's tool that was missed in that moment would outlive its run.
 */
async function readLoadedEnviron(entry: ProcessEntry): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const environ = await readEnviron(entry.pid);
    if (environ !== '' || tries >= LOADING_TRIES || !isStill(entry) || !(await runsProgram(entry.pid))) {
      return environ;
    }
    await sleep(LOADING_PAUSE_MS);
  }
}

/** False for a thread of the kernel, which never has an environment, and for what may not be asked. */
async function runsProgram(pid: number): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/exe`)) !== '';
  } catch {
    return false;
  }
}

async function readEnviron(pid: number): Promise<string> {
  const given = new AbortController();
  try {
    // latin1: environments hold any bytes, and a run id holds ASCII only.
    return await Promise.race([
      readFile(`/proc/${pid}/environ`, 'latin1'),
      sleep(ENVIRON_WAIT_MS, '', { signal: given.signal }),
    ]);
  } catch (error) {
    if (isGoneOrHidden(error)) return '';
    throw error;
  } finally {
    given.abort();
  }
}

function isGoneOrHidden(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM';
}
