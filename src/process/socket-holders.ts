// Which processes hold which sockets: a look at every open file of every process that may be looked at. It is the most
// expensive question that /proc can be asked (a tenth of a second with 200 agents), so that one look answers all who
// asked before it began, and looks have pauses between them: no flood of questions takes more than half of the time.
// Links are read synchronously in slices: the kernel answers from memory, at a tenth of the thread pool's cost.

import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

const SLICE_MS = 4;
const LINK = /^socket:\[(\d+)\]$/;

export interface SocketHolders {
  readonly entries: readonly ProcessEntry[];
  /** By inode; several processes may hold one. Ours are not among them. */
  readonly holders: ReadonlyMap<string, readonly ProcessEntry[]>;
}

/** What it gives was seen after it was called. */
export function createHolderLook(table: ProcessTable): () => Promise<SocketHolders> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<SocketHolders> | null = null;
  return () => {
    if (next !== null) return next;
    const made = last.then(() => {
      next = null;
      const startedMs = performance.now();
      const look = lookAtAll(table);
      const pause = (): Promise<void> => sleep(performance.now() - startedMs, undefined, { ref: false });
      last = look.then(pause, pause);
      return look;
    });
    next = made;
    return made;
  };
}

async function lookAtAll(table: ProcessTable): Promise<SocketHolders> {
  const entries = await table.list();
  const holders = new Map<string, ProcessEntry[]>();
  let sliceMs = performance.now();
  for (const entry of entries) {
    if (entry.pid === process.pid) continue;
    for (const inode of socketsOf(entry.pid)) holders.set(inode, [...(holders.get(inode) ?? []), entry]);
    if (performance.now() - sliceMs < SLICE_MS) continue;
    await nextTurn();
    sliceMs = performance.now();
  }
  return { entries, holders };
}

function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  const inodes = new Set<string>();
  for (const name of orElse(() => readdirSync(folder), [])) {
    const inode = LINK.exec(orElse(() => readlinkSync(`${folder}/${name}`), ''))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** Gone meanwhile, or another user's: nothing that we could have started. */
function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
