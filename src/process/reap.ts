// At daemon start: ends what a dead daemon left running. Only processes that can be proven to be ours are
// touched, by a recorded identity that still matches or by a mark that is in our own store; another daemon's
// mark protects its bearer even below one of ours. We, our ancestors and our own children are never touched.

import type { ProcessIdentity } from '../contract/agent.ts';
import { endProcesses } from './ending.ts';
import { isSameProcess } from './process-identity.ts';
import { addDescendants, marksOf, systemTable, untouchablePids } from './process-table.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** What the store knows about runs that a dead daemon left. */
export interface ReapOptions {
  readonly identities: readonly ProcessIdentity[];
  /** Ids of runs in this daemon's own store: marks that are ours. */
  readonly runIds: ReadonlySet<string>;
  readonly graceMs: number;
}

/** Pids that were ended, and pids that outlived SIGKILL or may not be signalled. */
export interface ReapReport {
  readonly ended: readonly number[];
  readonly resisted: readonly number[];
}

/** Ends orphans of earlier daemons; call it before anything is launched. Never rejects. */
export async function reapOrphans(
  options: ReapOptions,
  table: ProcessTable = systemTable,
): Promise<ReapReport> {
  if (options.identities.length === 0 && options.runIds.size === 0) return { ended: [], resisted: [] };
  const recorded = options.identities.filter((identity) => identity.pid > 1 && isSameProcess(identity));
  const recordedStarts = new Map(recorded.map(({ pid, startTime }) => [pid, startTime]));
  // A pid that leads its group has named it; the group of any other may hold strangers.
  const recordedGroups = new Set(
    recorded.filter((identity) => identity.processGroup === identity.pid).map(({ pid }) => pid),
  );
  const followed = new Map<number, string>();

  const find = async (): Promise<ProcessEntry[]> => {
    const entries = await table.list();
    const untouchable = untouchablePids(entries);
    const ownTree = new Set([process.pid]);
    addDescendants(ownTree, entries, () => true);
    const candidates = entries.filter((entry) => !untouchable.has(entry.pid) && !ownTree.has(entry.pid));
    const marks = await marksOf(table, candidates);
    const isOurs = (entry: ProcessEntry): boolean => {
      const mark = marks.get(entry.pid);
      return mark === undefined || options.runIds.has(mark);
    };

    for (const entry of entries) {
      const start = recordedStarts.get(entry.pid);
      if (start !== undefined && start !== entry.startTime) recordedGroups.delete(entry.pid);
    }
    const orphans = new Set<number>();
    for (const entry of candidates) {
      const isRecorded = recordedStarts.get(entry.pid) === entry.startTime;
      const isKnown = followed.get(entry.pid) === entry.startTime;
      const isNear = marks.has(entry.pid) || recordedGroups.has(entry.processGroup);
      if (isRecorded || isKnown || (isNear && isOurs(entry))) orphans.add(entry.pid);
    }
    addDescendants(orphans, candidates, isOurs);
    const found = candidates.filter((entry) => orphans.has(entry.pid));
    for (const entry of found) followed.set(entry.pid, entry.startTime);
    return found;
  };

  const report = await endProcesses({ table, find, group: null, voluntaryMs: 0, graceMs: options.graceMs });
  return { ended: report.ended, resisted: report.survivors };
}
