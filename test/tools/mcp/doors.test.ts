// Who is let in, and what those hear who are not: wrong tokens, web pages, other names, other paths and methods, bodies
// that are too large, too slow or no JSON-RPC. Each gets an answer, and the listener serves on.
import { request as httpRequest } from 'node:http';
import { connect as dial } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callOf, connect, post, raise, rpc, until } from './stage.ts';
import type { Answered, Stage } from './stage.ts';

const stillServes = async (stage: Stage): Promise<void> => {
  expect((await post(stage, rpc('ping'))).status).toBe(200);
};

/** `fetch` does not let one choose Host. */
function raw(
  stage: Stage,
  headers: Record<string, string>,
  method = 'POST',
  path = '/mcp',
): Promise<{ status: number; body: Answered; allow: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(stage.url);
    const base = { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' };
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { ...base, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (piece) => (text += piece));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: text === '' ? null : JSON.parse(text),
            allow: response.headers.allow ?? '',
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(method === 'POST' ? rpc('ping') : undefined);
  });
}

it('listens on loopback, on a port of the system’s choice', async () => {
  const { url } = await raise();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
});

it('gives each run a token of its own that nobody guesses', async () => {
  const stage = await raise();
  const call = () => Promise.reject(new Error('never'));
  const session = { runId: 'run-2', tools: () => [], call, turnedAway: () => undefined };
  const other = stage.listener.admit(session);
  expect(other.token).toMatch(/^[\w-]{43}$/);
  expect(other.token).not.toBe(stage.token);
  const listed = await post({ url: stage.url, token: other.token }, rpc('tools/list'));
  expect(listed.body.result.tools).toEqual([]);
});

it.each([
  ['no token', ''],
  ['another token', 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['another scheme', 'Basic Zm9vOmJhcg=='],
  ['a monster', `Bearer ${'x'.repeat(5000)}`],
])('answers %s with 401 and says that the run has ended', async (_what, authorization) => {
  const stage = await raise();
  const refused = await post(stage, callOf('echo'), { authorization });
  expect(refused.status).toBe(401);
  expect(refused.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { kind: 'run_ended' } });
  expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  expect(stage.calls).toEqual([]);
  await stillServes(stage);
});

it('shows an MCP client with a wrong token what is wrong', async () => {
  const { url } = await raise();
  await expect(connect({ url, token: 'wrong' })).rejects.toThrow(/run_ended/);
});

it('knows itself only by names of loopback and its own port', async () => {
  const stage = await raise();
  const { port } = new URL(stage.url);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    expect((await raw(stage, { host })).status).toBe(200);
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:1`,
    `a@127.0.0.1:${port}`,
    'x y',
    `127.0.0.1.nip.io:${port}`,
  ]) {
    const refused = await raw(stage, { host });
    expect([host, refused.status]).toEqual([host, 403]);
  }
});

it('refuses every web page, one of this machine too', async () => {
  const stage = await raise();
  for (const origin of [
    'https://evil.example',
    'http://127.0.0.1:7678',
    new URL(stage.url).origin,
    'null',
    '',
  ]) {
    expect([origin, (await raw(stage, { origin })).status]).toEqual([origin, 403]);
  }
});

it('has one path and one method', async () => {
  const stage = await raise();
  expect((await raw(stage, {}, 'POST', '/')).status).toBe(404);
  expect((await raw(stage, {}, 'POST', '/mcp/../mcp')).status).toBe(404);
  expect((await raw(stage, {}, 'GET', '/.well-known/oauth-protected-resource')).status).toBe(404);
  for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS']) {
    expect(await raw(stage, { accept: 'text/event-stream' }, method)).toMatchObject({
      status: 405,
      allow: 'POST',
    });
  }
  expect((await raw(stage, {}, 'POST', '/mcp?x=1')).status).toBe(200);
});

it('takes JSON alone, and nothing packed', async () => {
  const stage = await raise();
  expect((await post(stage, rpc('ping'), { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post(stage, rpc('ping'), { 'content-encoding': 'gzip' })).status).toBe(415);
  expect((await post(stage, rpc('ping'), { 'content-type': 'application/json; charset=utf-8' })).status).toBe(
    200,
  );
});

it('refuses what is larger than a MiB, said beforehand or not, and takes what is a little smaller', async () => {
  const stage = await raise();
  const large = callOf('echo', { text: 'x'.repeat(1024 * 1024) });
  const refused = await post(stage, large);
  expect(refused).toMatchObject({ status: 413, body: { error: { kind: 'too_large' } } });
  const pieces = new ReadableStream({
    start(controller) {
      for (let piece = 0; piece < 32; piece += 1)
        controller.enqueue(new TextEncoder().encode(' '.repeat(65_536)));
      controller.close();
    },
  });
  const streamed = await fetch(stage.url, {
    method: 'POST',
    body: pieces,
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    duplex: 'half',
  } as RequestInit);
  expect(streamed.status).toBe(413);
  await streamed.text();
  expect(stage.calls).toEqual([]);
  const fits = await post(stage, callOf('echo', { text: 'x'.repeat(1024 * 1000) }));
  expect(fits.body.result.structuredContent.data.got.text).toHaveLength(1024 * 1000);
});

it('ends a request that is not sent in time', async () => {
  const stage = await raise({}, { requestTimeoutMs: 300 });
  const { port } = new URL(stage.url);
  const socket = dial({ host: '127.0.0.1', port: Number(port) });
  let heard = '';
  let isClosed = false;
  socket.on('data', (piece) => (heard += piece.toString()));
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => undefined);
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${stage.token}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"jsonrpc"',
  );
  await until(() => isClosed);
  expect(heard).toContain('408');
  await stillServes(stage);
});

it.each([
  ['no JSON', '{"jsonrpc":', -32700],
  ['nothing', '', -32700],
  ['bytes', '\u0000\uffff', -32700],
  ['a batch', `[${rpc('ping')}]`, -32600],
  ['an empty batch', '[]', -32600],
  ['a number', '7', -32600],
  ['null', 'null', -32600],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
  ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
  ['a method that is none', '{"jsonrpc":"2.0","id":1,"method":7}', -32600],
  ['a method without end', rpc('x'.repeat(100_000)), -32600],
  ['an id that is an object', rpc('ping', undefined, { a: 1 }), -32600],
  ['an id that is null', rpc('ping', undefined, null), -32600],
  ['a huge id', rpc('ping', undefined, 'x'.repeat(500_000)), -32600],
  ['an id that is no whole number', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}', -32600],
  ['parameters in a list', rpc('ping', [1]), -32602],
  [
    'a hundred thousand levels',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'['.repeat(100_000)}`,
    -32600,
  ],
])('answers %s with an error of JSON-RPC', async (_what, body, code) => {
  const stage = await raise();
  const answer = await post(stage, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe(code);
  expect(JSON.stringify(answer.body).length).toBeLessThan(500);
  await stillServes(stage);
});

it('refuses a call without the name of a tool', async () => {
  const stage = await raise();
  for (const params of [{}, { name: 5 }, { name: null, arguments: {} }]) {
    expect((await post(stage, rpc('tools/call', params))).body.error.code).toBe(-32602);
  }
  expect(stage.calls).toEqual([]);
});

it('answers whatever JSON comes, and never breaks', async () => {
  const stage = await raise();
  const message = fc.oneof(
    fc.json({ maxDepth: 6 }),
    fc
      .record(
        {
          jsonrpc: fc.constantFrom('2.0', 2),
          id: fc.anything(),
          method: fc.constantFrom('tools/call', 'tools/list', 'initialize', 'server/discover', 'x', 5),
          params: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map(
        (value) =>
          JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? String(one) : (one as unknown))) ??
          '',
      ),
  );
  await fc.assert(
    fc.asyncProperty(message, async (body) => {
      const answer = await post(stage, body);
      expect([200, 202, 400, 404]).toContain(answer.status);
      if (answer.status !== 202) expect(answer.body).toMatchObject({ jsonrpc: '2.0' });
    }),
    { numRuns: 200 },
  );
  expect(stage.logged.filter(({ level }) => level === 'error')).toEqual([]);
});
