// Who a process is, so that it can be recognised after the daemon has been restarted. A pid alone is not
// enough: the kernel hands it out again. The start time makes it unique, and on Linux the boot id makes it
// unique across reboots. Whatever cannot be established counts as "somebody else": it is never signalled.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../contract/agent.ts';

export type { ProcessIdentity } from '../contract/agent.ts';

/** The fields of one `/proc/PID/stat` line that matter here. */
export interface ProcStat {
  readonly state: string;
  readonly parentPid: number;
  readonly processGroup: number;
  readonly session: number;
  /** Field 22, clock ticks since boot. */
  readonly startTicks: string;
}

/** True where `/proc` tells about processes, which is the only kind of system with environment marks. */
export const hasProc: boolean = existsSync('/proc/self/stat');

let knownBootId: string | undefined;

/** The id that this boot of the kernel got; a reboot never repeats it. */
function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
}

/**
 * Parses `/proc/PID/stat`. The command name in brackets may itself hold spaces and brackets, so the fields are
 * counted from the last `)`. Null when the line is not of that form.
 */
export function parseProcStat(line: string): ProcStat | null {
  const fields = line
    .slice(line.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  // Field numbers of proc(5) count from 1 with pid and name first; `fields` starts at number 3.
  const [state, parentPid, processGroup, session] = fields;
  const startTicks = fields[22 - 3];
  if (state === undefined || startTicks === undefined || !line.includes(')')) return null;
  return {
    state,
    parentPid: Number(parentPid),
    processGroup: Number(processGroup),
    session: Number(session),
    startTicks,
  };
}

/** The identity of a process, or null when there is no such process or nothing certain can be said. */
export function readIdentity(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid < 1) return null;
  try {
    return hasProc ? readFromProc(pid) : readFromPs(pid);
  } catch {
    return null;
  }
}

/**
 * True only when the process is there and is the very one that was recorded (a zombie still is).
 * Unknown is false: do not kill.
 */
export function isSameProcess(identity: ProcessIdentity): boolean {
  const now = readIdentity(identity.pid);
  return now !== null && identity.startTime !== '' && now.startTime === identity.startTime;
}

/** Start time in the form that an identity keeps on Linux: `<boot id>/<clock ticks since boot>`. */
export function linuxStartTime(startTicks: string): string {
  return `${bootId()}/${startTicks}`;
}

/** The clock ticks of {@link linuxStartTime}; null for a start time of another form. */
export function startTicksOf(startTime: string): number | null {
  const match = /\/(\d+)$/.exec(startTime);
  return match?.[1] === undefined ? null : Number(match[1]);
}

function readFromProc(pid: number): ProcessIdentity | null {
  const stat = parseProcStat(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  if (stat === null) return null;
  return { pid, processGroup: stat.processGroup, startTime: linuxStartTime(stat.startTicks) };
}

function readFromPs(pid: number): ProcessIdentity | null {
  const line = execFileSync('ps', ['-o', 'pgid=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 2000,
  });
  const match = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { pid, processGroup: Number(match[1]), startTime: match[2] };
}
