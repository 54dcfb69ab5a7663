// What processes there are, asked in one form of both kinds of system: Linux with /proc, and the others, where
// `ps` has to do and where no process can be asked for its environment. Zombies are never listed: they are
// over, whether or not somebody fetches them (a container's pid 1 may never do so).

import { hasProc, startTicksOf } from './process-identity.ts';
import { procTable } from './proc-table.ts';
import { psTable } from './ps-table.ts';

/** More than the thread pool has threads, so that it never idles; few enough to leave others their turn. */
const MARKS_AT_ONCE = 8;

/** A live process at the moment it was looked at. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly processGroup: number;
  /** Null where the system does not tell. */
  readonly session: number | null;
  /** The same form as in a `ProcessIdentity`. */
  readonly startTime: string;
}

/** A way to look at the processes of this machine. */
export interface ProcessTable {
  /** All live processes that can be seen. Throws when the table itself cannot be read. */
  list(): Promise<ProcessEntry[]>;
  /** Those of `entries` that are still there and are the same. Cheaper than a list. */
  stillAlive(entries: readonly ProcessEntry[]): Promise<ProcessEntry[]>;
  /** Checked just before each signal: false when this pid is no longer that process. */
  isStill(entry: ProcessEntry): boolean;
  /** The value of `SORTIE_RUN_ID` that the process was started with; null when it has none or may not be asked. */
  markOf(entry: ProcessEntry): Promise<string | null>;
}

/** The best table that this system has. */
export const systemTable: ProcessTable = hasProc ? procTable : psTable;

/** Processes that no ending may touch, whatever they look like: pid 1, we, our ancestors, our own group. */
export function untouchablePids(entries: readonly ProcessEntry[]): Set<number> {
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
  const untouchable = new Set([0, 1, process.pid]);
  const ownGroup = byPid.get(process.pid)?.processGroup;
  for (const entry of entries) if (entry.processGroup === ownGroup) untouchable.add(entry.pid);
  let ancestor = byPid.get(process.pid)?.parentPid ?? process.ppid;
  while (ancestor > 1) {
    untouchable.add(ancestor);
    ancestor = byPid.get(ancestor)?.parentPid ?? 0;
  }
  return untouchable;
}

/** Adds to `pids`, in place, every process that descends from one of them and that `admits` lets in. */
export function addDescendants(
  pids: Set<number>,
  entries: readonly ProcessEntry[],
  admits: (entry: ProcessEntry) => boolean,
): void {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of entries) {
    const siblings = children.get(entry.parentPid);
    if (siblings === undefined) children.set(entry.parentPid, [entry]);
    else siblings.push(entry);
  }
  const queue = [...pids];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (pids.has(child.pid) || !admits(child)) continue;
      pids.add(child.pid);
      queue.push(child.pid);
    }
  }
}

/** A child never started before its parent; this spares asking most of a machine for its environment. */
export function mayDescend(entry: ProcessEntry, root: Pick<ProcessEntry, 'startTime'> | null): boolean {
  const rootTicks = root === null ? null : startTicksOf(root.startTime);
  const entryTicks = startTicksOf(entry.startTime);
  return rootTicks === null || entryTicks === null || entryTicks >= rootTicks;
}

/** The marks of many processes, asked a few at a time; those without one are left out. */
export async function marksOf(
  table: ProcessTable,
  entries: readonly ProcessEntry[],
): Promise<Map<number, string>> {
  const marks = new Map<number, string>();
  const waiting = entries.values();
  const ask = async (): Promise<void> => {
    for (const entry of waiting) {
      const mark = await table.markOf(entry);
      if (mark !== null) marks.set(entry.pid, mark);
    }
  };
  await Promise.all(Array.from({ length: MARKS_AT_ONCE }, ask));
  return marks;
}
