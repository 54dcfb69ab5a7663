// 200 readers of GET /api/v1/events while 50 running issues change 4 times a second, against a bare server that writes
// the same bytes to as many connections at the same pace. The readers are a process of their own; what is measured is
// the processor time that the sending side uses in a second of the clock: 100 ms = 10 % of a core.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep, until } from '../pause.ts';
import type { Bench, Scenario } from '../sample.ts';
import { showDaemon } from '../shown-daemon.ts';
import { startReaders } from '../stream-readers.ts';

const READERS = 200;
const RUNNING = 50;
const CHANGE_MS = 250;
const WINDOWS = 10;
const WINDOW_MS = 2_000;

export const scenario: Scenario = {
  parts: ['ours', 'floor'],
  limitMs: 60_000,
  async measure(bench) {
    const { part: side, record } = bench;
    if (side === 'both') throw new Error('each side needs a process of its own');
    const { url, change } = side === 'ours' ? await throughServer(bench) : await byHand(bench);
    const readers = await startReaders(bench, url, READERS);
    const timer = setInterval(change, CHANGE_MS);
    bench.defer(async () => {
      clearInterval(timer);
    });
    await until('every reader to have read', 20_000, async () => (await readers.counts()).least > 0);
    await sleep(1_000);
    for (let window = 0; window < WINDOWS; window += 1) {
      const [before, cpu, startMs] = [await readers.counts(), process.cpuUsage(), performance.now()];
      await sleep(WINDOW_MS);
      const used = process.cpuUsage(cpu);
      const seconds = (performance.now() - startMs) / 1_000;
      const after = await readers.counts();
      record(
        'streams, 200 readers: processor time of a second',
        'ms',
        side,
        (used.user + used.system) / 1_000 / seconds,
      );
      record(
        'streams, 200 readers: bytes sent',
        'MiB',
        side,
        (after.bytes - before.bytes) / seconds / 2 ** 20,
      );
    }
  },
};

interface Source {
  readonly url: string;
  readonly change: () => void;
}

async function throughServer(bench: Bench): Promise<Source> {
  const shown = await showDaemon(bench, RUNNING);
  return { url: `${shown.url}/api/v1/events`, change: shown.change };
}

async function byHand(bench: Bench): Promise<Source> {
  const shown = await showDaemon(bench, RUNNING);
  const state = await (await fetch(`${shown.url}/api/v1/state`)).text();
  const open = new Set<ServerResponse>();
  let id = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    open.add(response);
    response.on('close', () => open.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.defer(async () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const change = (): void => {
    id += 1;
    const frame = Buffer.from(`id: ${id}\nevent: state\ndata: ${state}\n\n`);
    for (const response of open) response.write(frame);
  };
  return { url: `http://127.0.0.1:${port}/`, change };
}
