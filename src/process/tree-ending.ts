// Finds everything that grew from one launched program and has it ended: the members of its group and session,
// their descendants, and whoever carries its mark, because agents start their shell tools in sessions of their
// own. Once met, a process is followed even when its parent has gone. Others are never touched.

import { endProcesses } from './ending.ts';
import type { EndingReport } from './ending.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { addDescendants, marksOf, mayDescend, systemTable, untouchablePids } from './process-table.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** The root of a tree and how to end it. */
export interface TreeEnding {
  /** The launched program, which leads its own group and session; null when unknown, then only the mark counts. */
  readonly root: ProcessIdentity | null;
  /** Its `SORTIE_RUN_ID`; null when it has none. */
  readonly mark: string | null;
  /** Time for leftovers to go by themselves before the first signal. */
  readonly voluntaryMs: number;
  readonly graceMs: number;
  readonly table?: ProcessTable;
}

/** Ends a tree. Never rejects, and is bounded in time. */
export function endTree(ending: TreeEnding): Promise<EndingReport> {
  const { root, mark, voluntaryMs, graceMs, table = systemTable } = ending;
  const followed = new Map<number, string>();

  const find = async (): Promise<ProcessEntry[]> => {
    const entries = await table.list();
    const untouchable = untouchablePids(entries);
    const candidates = entries.filter((entry) => !untouchable.has(entry.pid));
    const ownGroup = root !== null && !entries.some((entry) => isRecycled(entry, root)) ? root.pid : null;
    const members = new Set<number>();
    for (const entry of candidates) {
      const inGroup = ownGroup !== null && (entry.processGroup === ownGroup || entry.session === ownGroup);
      if (inGroup || followed.get(entry.pid) === entry.startTime) members.add(entry.pid);
    }
    if (mark !== null) {
      const others = candidates.filter((entry) => !members.has(entry.pid) && mayDescend(entry, root));
      for (const [pid, found] of await marksOf(table, others)) if (found === mark) members.add(pid);
    }
    addDescendants(members, candidates, () => true);
    const found = candidates.filter((entry) => members.has(entry.pid));
    for (const entry of found) followed.set(entry.pid, entry.startTime);
    return found;
  };

  return endProcesses({ table, find, group: root?.pid ?? null, voluntaryMs, graceMs });
}

function isRecycled(entry: ProcessEntry, root: ProcessIdentity): boolean {
  return entry.pid === root.pid && entry.startTime !== root.startTime;
}
