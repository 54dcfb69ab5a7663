// Readers of one stream in a process of their own: plain sockets that ask and then throw away what comes, because
// what is measured is the sending side. Started as a program it is that process.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Bench } from './sample.ts';

export interface ReaderCounts {
  /** Of all of them together. */
  readonly bytes: number;
  /** Of the one that has read least. */
  readonly least: number;
}

export interface Readers {
  counts(): Promise<ReaderCounts>;
}

/** They are ended when the scenario ends. */
export async function startReaders(bench: Bench, url: string, readers: number): Promise<Readers> {
  const child = fork(fileURLToPath(import.meta.url), [url, String(readers)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  bench.defer(async () => {
    if (child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.disconnect();
    await exit;
  });
  const dead = once(child, 'exit').then(([code]) => {
    throw new Error(`the readers ended with ${String(code)}`);
  });
  dead.catch(() => undefined);
  return {
    async counts() {
      const told = Promise.race([once(child, 'message'), dead]);
      child.send('counts');
      return (await told)[0] as ReaderCounts;
    },
  };
}

function read(url: URL, readers: number): void {
  const counts = new Array<number>(readers).fill(0);
  const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/event-stream\r\n\r\n`;
  for (let reader = 0; reader < readers; reader += 1) {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(request));
    socket.on('data', (chunk) => {
      counts[reader] = (counts[reader] ?? 0) + chunk.length;
    });
    socket.on('close', () => process.exit(1));
  }
  process.on('message', () => {
    process.send?.({ bytes: counts.reduce((all, one) => all + one, 0), least: Math.min(...counts) });
  });
  process.on('disconnect', () => process.exit(0));
}

const [url, readers] = process.argv.slice(2);
if (process.argv[1] === fileURLToPath(import.meta.url) && url !== undefined)
  read(new URL(url), Number(readers));
