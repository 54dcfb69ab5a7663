// Whether anything of a run is left, asked of the kernel and not of the code under test. Marks in the environment
// are only readable where there is a `/proc`; elsewhere the reported processes are all that can be checked.

import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';

/** True while a process runs; a zombie is over. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Pids of all processes that carry a run's mark. */
export function markedWith(runId: string): number[] {
  const wanted = `SORTIE_RUN_ID=${runId}`;
  return pids().filter((pid) => environmentOf(pid).split('\0').includes(wanted) && !isZombie(pid));
}

/** Fails when a process of the run is alive. */
export function assertNothingLeft(runId: string, reported: readonly { readonly pid: number }[]): void {
  const alive = reported.map(({ pid }) => pid).filter(isRunning);
  assert.deepEqual(alive, [], 'a reported process is still running');
  assert.deepEqual(markedWith(runId), [], 'a process with the mark of the run is still running');
}

function pids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
