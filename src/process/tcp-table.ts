// The TCP connections of this machine (of this network namespace) as Linux lists them. Only ports are read: a connection
// within the machine has both of its ends here, each with the other's ports.

import { readFile } from 'node:fs/promises';

/** What the kernel shows for an end that no process holds any more: closed, and only its last bytes are under way. */
const NOBODY = '0';

export interface TcpTable {
  /** Whether something here has this port; false of our own = the list cannot be relied upon. */
  knows(port: number): boolean;
  /** Inodes of the ends that a process holds. */
  heldEnds(ownPort: number, otherPort: number): readonly string[];
}

export async function readTcpTable(): Promise<TcpTable> {
  const files = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => ''));
  const rows = (await Promise.all(files)).flatMap((text) => text.split('\n').slice(1)).map(readRow);
  return {
    knows: (port) => rows.some(({ own }) => own === port),
    heldEnds: (ownPort, otherPort) =>
      rows
        .filter(({ own, other, inode }) => own === ownPort && other === otherPort && inode !== NOBODY)
        .map(({ inode }) => inode),
  };
}

interface Row {
  readonly own: number;
  readonly other: number;
  readonly inode: string;
}

function readRow(line: string): Row {
  const fields = line.trim().split(/\s+/);
  return { own: portOf(fields[1]), other: portOf(fields[2]), inode: fields[9] ?? NOBODY };
}

function portOf(address: string | undefined): number {
  return Number.parseInt(address?.split(':')[1] ?? '', 16);
}
