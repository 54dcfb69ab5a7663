// A server over the fake daemon for one test; every server made here is closed when the test ends, and the
// warnings that it gave are kept for looking at.

import { afterEach } from 'vitest';
import { createServer, type HttpServer, type HttpServerOptions } from '../../src/http/index.ts';
import { fakeDaemon, NOW_MS, type FakeDaemon } from './fake-daemon.ts';

export interface TestServer {
  readonly server: HttpServer;
  readonly daemon: FakeDaemon;
  readonly warnings: { message: string; fields: Readonly<Record<string, unknown>> }[];
}

const open: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

export function testServer(over: Partial<HttpServerOptions> = {}): TestServer {
  const daemon = fakeDaemon();
  const warnings: TestServer['warnings'] = [];
  const server = createServer({
    view: daemon.view,
    store: daemon.store,
    transcripts: daemon.transcripts,
    tools: daemon.tools,
    settingsView: daemon.settingsView,
    nowMs: () => NOW_MS,
    metrics: { text: async () => 'sortie_up 1\n', contentType: 'text/plain; version=0.0.4; charset=utf-8' },
    settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    version: '0.1.0',
    pageDirectory: null,
    warn: (message, fields) => warnings.push({ message, fields }),
    ...over,
  });
  open.push(server);
  return { server, daemon, warnings };
}

/** The same, listening on a free port of the loopback; `url` has no slash at its end. */
export async function listeningServer(
  over: Partial<HttpServerOptions> = {},
): Promise<TestServer & { url: string }> {
  const made = testServer(over);
  return { ...made, url: await made.server.listen() };
}
