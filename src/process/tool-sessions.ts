// Which sessions an agent's tools run in. Coding agents start their shell tools as leaders of sessions of their own,
// so a process that carries the run's mark and is in another session than the agent is such a tool, or what it left.

import { marksOf, mayDescend, systemTable, untouchablePids } from './process-table.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * Pids of the leaders of those sessions, rising. Empty where the system tells neither sessions nor marks, and when the
 * table cannot be read. @param rootPid the agent, as launched. @param mark its run id.
 */
export async function toolSessions(
  mark: string,
  rootPid: number,
  table: ProcessTable = systemTable,
): Promise<readonly number[]> {
  try {
    const entries = await table.list();
    const strangers = untouchablePids(entries);
    const root = entries.find(({ pid }) => pid === rootPid);
    const elsewhere = entries.filter(
      (entry) =>
        entry.session !== null &&
        entry.session !== rootPid &&
        !strangers.has(entry.pid) &&
        mayDescend(entry, root ?? null),
    );
    const marks = await marksOf(table, elsewhere);
    const sessions = elsewhere.flatMap(({ pid, session }) =>
      marks.get(pid) === mark && session !== null ? [session] : [],
    );
    return [...new Set(sessions)].sort((a, b) => a - b);
  } catch {
    return [];
  }
}
