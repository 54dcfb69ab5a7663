// Networks that fail: nobody there, resets, silence, bodies that drip, redirects. And callers that change their mind.
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { inTurn, json, type Answerer } from '../fault-server.ts';
import { connect, failure, never, serve } from '../jira-context.ts';

const call = { method: 'GET', path: '/rest/api/3/myself', schema: z.object({}), signal: never } as const;

const reset: Answerer = (_, response) => {
  response.socket?.resetAndDestroy();
};
const resetInTheMiddle: Answerer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"a":', () => response.socket?.resetAndDestroy());
};
const endInTheMiddle: Answerer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"a":', () => response.socket?.end());
};
const endOfChunksInTheMiddle: Answerer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.write('xx', () => response.socket?.end());
};

it.each([
  ['a reset', reset],
  ['a reset in the middle', resetInTheMiddle],
  ['an end in the middle', endInTheMiddle],
  ['an end between the chunks of a packed body', endOfChunksInTheMiddle],
])('takes %s for a transport error, after three tries of a read', async (_, answer) => {
  const server = await serve(answer);
  const error = await failure(connect(server).client.request(call));
  expect(error.kind).toBe('tracker_transport_error');
  expect(error.message).toMatch(
    /^tracker: tracker_transport_error: GET \/rest\/api\/3\/myself: the connection /,
  );
  expect(error.message).toContain('(tried 3 times)');
  expect(server.seen).toHaveLength(3);
});

it('never sends a write again whose answer was lost', async () => {
  for (const answer of [reset, resetInTheMiddle, json(500, {}), json(503, {}), json(429, {})]) {
    const server = await serve(answer);
    const write = { method: 'POST', path: '/rest/api/3/issue/1/comment', body: {}, signal: never } as const;
    await failure(connect(server).client.send(write));
    expect(server.seen).toHaveLength(1);
  }
});

it('has the answer of a later try', async () => {
  const server = await serve(inTurn(reset, json(502, 'bad'), json(200, { a: 1 })));
  expect(await connect(server).client.request({ ...call, schema: z.object({ a: z.number() }) })).toEqual({
    a: 1,
  });
  expect(server.seen).toHaveLength(3);
});

it('tries a search by POST and an idempotent write again, as their callers say', async () => {
  const server = await serve(inTurn(json(500, {}), json(200, {}), json(500, {}), json(200, {})));
  const { client } = connect(server);
  await client.request({ ...call, method: 'POST', body: {}, access: 'read' });
  await client.send({ ...call, method: 'PUT', body: {}, idempotent: true });
  expect(server.seen).toHaveLength(4);
});

it('says that nobody listens, and that a host is not known', async () => {
  const server = await serve(json(200, {}));
  const { origin } = server;
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const refused = connect(server, {}, { api_base: `http://127.0.0.1:${port}` });
  expect((await failure(refused.client.request(call))).message).toContain(
    'the connection was refused (ECONNREFUSED)',
  );
  const unknown = connect(server, {}, { api_base: 'http://no-such-host.invalid' });
  const error = await failure(unknown.client.request(call));
  expect(error.kind).toBe('tracker_transport_error');
  expect(error.message).toMatch(/the host is not known|the name service does not answer/);
  expect(origin).not.toBe('');
});

it('takes what is not HTTP, and a server without TLS, for transport errors', async () => {
  const plain = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  }).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const { port } = plain.address() as AddressInfo;
  const server = await serve(json(200, {}));
  for (const scheme of ['http', 'https']) {
    const { client } = connect(server, {}, { api_base: `${scheme}://127.0.0.1:${port}` });
    expect((await failure(client.request(call))).kind).toBe('tracker_transport_error');
  }
  plain.close();
  await once(plain, 'close');
});

const silent: Answerer = () => undefined;
const silentBody: Answerer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
};
const dripping: Answerer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drip = setInterval(() => response.write(' '), 20);
  response.on('close', () => {
    clearInterval(drip);
  });
};

it.each([
  ['no answer', silent],
  ['a body that never comes', silentBody],
  ['a body that drips', dripping],
])('ends %s when the time for the whole exchange is over', async (_, answer) => {
  const server = await serve(answer);
  const startedMs = performance.now();
  const error = await failure(connect(server, { timeoutMs: 200 }).client.request(call));
  expect(error.kind).toBe('tracker_transport_error');
  expect(error.message).toContain('no complete answer within 0.2 s');
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  // It is not tried again; on a busy machine it may not even have arrived.
  expect(server.seen.length).toBeLessThanOrEqual(1);
});

it.each([
  ['before it is sent', null],
  ['while nobody answers', silent],
  ['while the body drips', dripping],
  ['between two tries', json(500, {})],
])('stops %s when the caller aborts, with the reason of the caller', async (_, answer) => {
  const server = await serve(answer ?? json(200, {}));
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  if (answer === null) controller.abort(reason);
  const asking = connect(server, { random: () => 0.999 }).client.request({
    ...call,
    signal: controller.signal,
  });
  const ended = expect(asking).rejects.toBe(reason);
  if (answer !== null) {
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort(reason);
  }
  await ended;
  expect(server.seen.length).toBe(answer === null ? 0 : 1);
});

it('closes the socket of what was aborted', async () => {
  let closed = false;
  const server = await serve((_, response) => {
    response.on('close', () => {
      closed = true;
    });
  });
  const controller = new AbortController();
  const asking = connect(server).client.request({ ...call, signal: controller.signal });
  await expect.poll(() => server.seen.length).toBe(1);
  controller.abort();
  await expect(asking).rejects.toThrow();
  await expect.poll(() => closed).toBe(true);
});

it.each([301, 302, 303, 307, 308])('never follows a %i, and names only where it leads', async (status) => {
  const other = await serve(json(200, {}));
  const server = await serve(json(status, '', { location: `${other.origin}/login?token=abc` }));
  const { client } = connect(server);
  for (const method of ['GET', 'POST'] as const) {
    const error = await failure(client.request({ ...call, method }));
    expect(error.kind).toBe('tracker_api_error');
    expect(error.message).toContain(`${status} (redirects to ${other.origin}, which is never followed`);
    expect(error.message).not.toContain('abc');
  }
  expect(other.seen).toHaveLength(0);
});

it('does not follow a redirect within the site either', async () => {
  const server = await serve(json(302, '', { location: '/login' }));
  const error = await failure(connect(server).client.request(call));
  expect(error.message).toContain('redirects to another path of the same site');
  expect(server.seen).toHaveLength(1);
});

it('uses one connection again for requests that follow each other', async () => {
  const ports = new Set<number | undefined>();
  const server = await serve((_, response) => {
    ports.add(response.socket?.remotePort);
    response.writeHead(200).end('{}');
  });
  // Two adapters, as before and after a reload.
  for (const { client } of [connect(server), connect(server)]) {
    for (let index = 0; index < 3; index += 1) await client.request(call);
  }
  // A pool may open a second one while the first has its last answer on the way.
  expect(ports.size).toBeLessThanOrEqual(2);
});
