// Bytes that are no HTTP, or too much of it, answered in the error shape over a bare socket.
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listeningServer } from './start-server.ts';

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
});
