// Closing: at once, whatever clients do; and a port that is taken.
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { HttpServerError } from '../../src/http/index.ts';
import { listeningServer, testServer } from './start-server.ts';

/** A connection that is only kept alive would be waited for 10 s, half a request 30 s, a stream for ever. */
const CLOSE_LIMIT_MS = 8_000;

async function opened(url: string, send = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  if (send !== '') socket.write(send);
  return socket;
}

async function closeTime(close: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await close();
  return performance.now() - before;
}

describe('closing', () => {
  it('ends an open event stream at once, cleanly', async () => {
    const { url, server } = await listeningServer();
    const { body } = await request(`${url}/api/v1/events`);
    const ended = new Promise((resolve) => body.on('end', resolve));
    body.resume();
    expect(await closeTime(() => server.close())).toBeLessThan(CLOSE_LIMIT_MS);
    await ended;
  });

  it('does not wait for keep-alive connections', async () => {
    const { url, server } = await listeningServer();
    const agent = new Agent({ keepAliveTimeout: 60_000, pipelining: 1 });
    const answer = await request(`${url}/livez`, { dispatcher: agent });
    await answer.body.dump();
    expect(await closeTime(() => server.close())).toBeLessThan(CLOSE_LIMIT_MS);
    await agent.close();
  });

  it('does not wait for a client that says nothing, half a request, or never reads its stream', async () => {
    const { url, server, daemon } = await listeningServer();
    const silent = await opened(url);
    const half = await opened(url, 'GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const deaf = await opened(url, 'GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    deaf.pause();
    await expect.poll(() => daemon.listeners.size).toBe(1);
    expect(await closeTime(() => server.close())).toBeLessThan(CLOSE_LIMIT_MS);
    for (const socket of [silent, half, deaf]) socket.destroy();
    expect(daemon.listeners.size).toBe(0);
  });

  it('may be asked for twice, and leaves the port free', async () => {
    const { url, server } = await listeningServer();
    await Promise.all([server.close(), server.close()]);
    expect(server.address).toBeNull();
    const port = Number(new URL(url).port);
    const again = testServer({ settings: { host: '127.0.0.1', port, token: '', allowedHosts: [] } });
    expect(await again.server.listen()).toBe(url);
    expect(again.server.address).toBe(url);
  });
});

describe('a port that is taken', () => {
  it('is an error that names the place and what to do', async () => {
    const other = createTcpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { server } = testServer({ settings: { host: '127.0.0.1', port, token: '', allowedHosts: [] } });
    const error = await server.listen().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpServerError);
    expect(error).toMatchObject({ kind: 'port_in_use' });
    expect((error as Error).message).toContain(`127.0.0.1:${port} is taken`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('differs from an address that this machine does not have', async () => {
    const settings = { host: '192.0.2.1', port: 0, token: 'secret-token', allowedHosts: [] };
    const { server } = testServer({ settings });
    const error = await server.listen().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'listen_failed' });
    expect((error as Error).message).not.toContain('secret-token');
  });
});
