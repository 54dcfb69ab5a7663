// Which run, if any, is at the other end of a loopback connection: so that an agent cannot pass for the operator by
// opening the operator's port. Linux only, and no wall: who leaves the tree and clears the environment is not known
// again. Who sends something and is gone before anybody can look is told apart; whatever else cannot be told is nobody.

import { marksOf, systemTable } from './process-table.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';
import { createHolderLook } from './socket-holders.ts';
import { readTcpTable } from './tcp-table.ts';

/** The two ports of a TCP connection within this machine, as the answering side sees them. */
export interface LoopbackPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

/** `run`: a process of that run. `gone`: it has closed its end. `other`: anybody else, or it cannot be told. */
export type Peer =
  { readonly kind: 'run'; readonly runId: string } | { readonly kind: 'gone' } | { readonly kind: 'other' };

/** The run id that the peer's process, or one that it descends from, is marked with. Never rejects. */
export type RunOfPeer = (ports: LoopbackPorts) => Promise<Peer>;

export function createRunOfPeer(table: ProcessTable): RunOfPeer {
  const look = createHolderLook(table);

  const runOf = async ({ localPort, remotePort }: LoopbackPorts): Promise<Peer> => {
    const sockets = await readTcpTable();
    if (!sockets.knows(localPort)) return { kind: 'other' };
    const inodes = sockets.heldEnds(remotePort, localPort);
    if (inodes.length === 0) return { kind: 'gone' };
    const { entries, holders } = await look();
    const found = inodes.flatMap((inode) => holders.get(inode) ?? []);
    const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
    for (const holder of found) {
      const line = lineage(holder, byPid);
      const marks = await marksOf(table, line);
      const runId = line.map(({ pid }) => marks.get(pid)).find((mark) => mark !== undefined);
      if (runId !== undefined) return { kind: 'run', runId };
    }
    // Asked too late, it has no mark; held by nobody that we may look at, it is still there.
    const isLeft = found.length > 0 && !found.some((entry) => table.isStill(entry));
    const isClosed = (await readTcpTable()).heldEnds(remotePort, localPort).length === 0;
    return { kind: isLeft || isClosed ? 'gone' : 'other' };
  };
  return (ports) => runOf(ports).catch(() => ({ kind: 'other' }));
}

/** {@link RunOfPeer} on this machine. */
export const runOfPeer: RunOfPeer = createRunOfPeer(systemTable);

/** The process, its parent, and so on, as far as they are not ours. */
function lineage(entry: ProcessEntry, byPid: ReadonlyMap<number, ProcessEntry>): ProcessEntry[] {
  const line: ProcessEntry[] = [];
  let next: ProcessEntry | undefined = entry;
  while (next !== undefined && next.pid > 1 && next.pid !== process.pid && !line.includes(next)) {
    line.push(next);
    next = byPid.get(next.parentPid);
  }
  return line;
}
