// Which run ids the processes of this machine are marked with, ours and any other daemon's. Whose they are is for
// the caller's store to say.

import { marksOf, systemTable } from './process-table.ts';

/** Never rejects: without a readable process table there are no marks. */
export async function runMarks(): Promise<ReadonlySet<string>> {
  try {
    return new Set((await marksOf(systemTable, await systemTable.list())).values());
  } catch {
    return new Set();
  }
}
