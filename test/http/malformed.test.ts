// Bytes that are no HTTP, or too much of it, answered in the error shape over a bare socket.
import { once } from 'node:events';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerClientError } from '../../src/http/error-answers.ts';
import { listeningServer } from './start-server.ts';

/** Far above the second that a refused client gets to read why. */
const GONE_LIMIT_MS = 40_000;

async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('malformed requests', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_request'],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, ''],
    ['no Host in HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 421, 'host_not_allowed'],
    [
      'two Hosts',
      'GET /livez HTTP/1.1\r\nHost: a.example\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      4,
      '',
    ],
    [
      'a foreign name in an absolute path',
      'GET http://attacker.example/api/v1/state HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n',
      421,
      'host_not_allowed',
    ],
    [
      'too many headers',
      `GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'both lengths',
      'POST /api/v1/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'invalid_request',
    ],
  ])('%s', async (_what, bytes, status, code) => {
    const { url } = await listeningServer();
    const answer = await exchange(url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    if (code !== '') expect(answer).toContain(`{"error":{"code":"${code}"`);
    expect(answer).not.toMatch(/stack|node_modules/);
  });

  it('lets go of a refused client that never closes its half', async () => {
    // Node's HTTP server keeps half-open connections, too.
    const server = createTcpServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.resume();
    const [ours] = (await once(server, 'connection')) as [Socket];
    const closed = once(ours, 'close', { signal: AbortSignal.timeout(GONE_LIMIT_MS) });
    try {
      answerClientError(new Error('bytes that are no HTTP'), ours);
      await once(client, 'end');
      await closed;
      expect(ours.destroyed).toBe(true);
    } finally {
      client.destroy();
      ours.destroy();
      server.close();
    }
  });
});
