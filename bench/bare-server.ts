// What answering a call costs those who check nothing: a node:http server that reads JSON and gives JSON back, alone or
// after one durable row in a table of its own.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { builtSqlite } from './built.ts';
import type { Bench } from './sample.ts';

export interface BareServers {
  readonly echo: string;
  readonly echoAndRow: string;
}

/** They are closed when the scenario ends. */
export async function startBareServers(bench: Bench): Promise<BareServers> {
  const row = await durableRow(bench);
  return {
    echo: await listen(bench, () => undefined),
    echoAndRow: await listen(bench, row),
  };
}

/** Stores a text, on the disk when it returns: the store's own driver and pragmas. */
export async function durableRow({ folder, defer }: Bench): Promise<(text: string) => void> {
  const { loadSqlite } = await builtSqlite();
  const db = (await loadSqlite())(join(folder, 'bare.db'));
  defer(async () => {
    db.close();
  });
  db.exec('pragma journal_mode = wal; pragma synchronous = full');
  db.exec('create table calls (seq integer primary key, line text) strict');
  const insert = db.prepare('insert into calls (line) values (?)');
  return (text) => {
    db.exec('begin');
    insert.run(text);
    db.exec('commit');
  };
}

function listen({ defer }: Bench, before: (text: string) => void): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const answer = JSON.stringify(JSON.parse(text));
      before(answer);
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
        .end(answer);
    });
  });
  defer(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}
