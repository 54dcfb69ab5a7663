// Which run, if any, is at the other end of a loopback connection: so that an agent cannot pass for the operator by
// opening the operator's port. Linux only, and no wall: who leaves the tree and clears the environment is not known
// again. Whatever cannot be told is null.

import { readdir, readFile, readlink } from 'node:fs/promises';
import { marksOf, systemTable } from './process-table.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** The two ports of a TCP connection within this machine, as the answering side sees them. */
export interface LoopbackPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

/** The run id that the peer's process, or one that it descends from, is marked with. Never rejects. */
export async function runOfPeer(
  ports: LoopbackPorts,
  table: ProcessTable = systemTable,
): Promise<string | null> {
  try {
    const sockets = await socketsOf(ports);
    if (sockets.size === 0) return null;
    const entries = await table.list();
    const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
    for (const entry of entries) {
      if (entry.pid === process.pid || !(await holds(entry.pid, sockets))) continue;
      const line = lineage(entry, byPid);
      const marks = await marksOf(table, line);
      for (const { pid } of line) {
        const mark = marks.get(pid);
        if (mark !== undefined) return mark;
      }
    }
    return null;
  } catch {
    return null;
  }
}

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

/** `socket:[inode]` of the peer's end. Its local port is our remote one. */
async function socketsOf({ localPort, remotePort }: LoopbackPorts): Promise<Set<string>> {
  const found = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(file, 'latin1').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (portOf(fields[1]) === remotePort && portOf(fields[2]) === localPort)
        found.add(`socket:[${fields[9]}]`);
    }
  }
  return found;
}

function portOf(address: string | undefined): number {
  return Number.parseInt(address?.split(':')[1] ?? '', 16);
}

async function holds(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  // Gone, or another user's: nothing that we could have started.
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (sockets.has(await readlink(`${folder}/${name}`).catch(() => ''))) return true;
  }
  return false;
}
