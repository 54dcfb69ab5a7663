// Whether a write that failed was applied: by what came back, by whether anything went out, and over several tries. And
// that a write which may have been applied is never sent again.
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { JiraCall } from '../../../../../adapters/trackers/jira/client.ts';
import { Governor } from '../../../../../adapters/trackers/jira/governor/governor.ts';
import { connectJira } from '../../../../../adapters/trackers/jira/connection.ts';
import { connect, failure, jiraContext, never, serve } from '../jira-context.ts';

const path = '/rest/api/3/issue';
const write: JiraCall = { method: 'POST', path, body: {}, signal: never };
const read: JiraCall = { method: 'GET', path, signal: never };
const search: JiraCall = { method: 'POST', path, body: {}, access: 'read', signal: never };
const repeatable: JiraCall = { method: 'PUT', path, body: {}, idempotent: true, signal: never };

type Headers = Record<string, string>;
type Row = readonly [status: number, headers: Headers, applied: 'no' | 'unknown'];
const failed = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' };
const rows: Row[] = [
  [302, { location: 'https://x.example' }, 'no'],
  [400, {}, 'no'],
  [401, {}, 'no'],
  [403, {}, 'no'],
  [404, {}, 'no'],
  [408, {}, 'unknown'],
  [409, {}, 'no'],
  [413, {}, 'no'],
  [422, {}, 'no'],
  [429, { 'retry-after': '1' }, 'no'],
  [500, {}, 'unknown'],
  [502, {}, 'unknown'],
  [503, {}, 'unknown'],
  [503, { 'retry-after': '1' }, 'unknown'],
  [504, {}, 'unknown'],
  [200, failed, 'unknown'],
  [404, failed, 'no'],
  [503, failed, 'unknown'],
];

it.each(rows)('a write answered with %i %o: %s', async (status, headers, applied) => {
  let requests = 0;
  const server = await serve((_, response) => {
    requests += 1;
    response.writeHead(status, headers).end('{}');
  });
  expect((await failure(connect(server).client.send(write))).applied).toBe(applied);
  expect(requests).toBe(1);
});

it.each(['not json', '[]', ''])('a write whose 201 is %j: unknown, of whatever kind', async (body) => {
  const server = await serve((_, response) => response.writeHead(201).end(body));
  const schema = z.object({ id: z.string() });
  expect((await failure(connect(server).client.request({ ...write, schema }))).applied).toBe('unknown');
});

it.each(['before', 'within'] as const)(
  'a write whose answer broke %s: unknown, and sent once',
  async (where) => {
    let requests = 0;
    const server = await serve((_, response) => {
      requests += 1;
      if (where === 'within') response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => response.socket?.destroy());
    });
    expect((await failure(connect(server).client.send(write))).applied).toBe('unknown');
    expect(requests).toBe(1);
  },
);

it('a write without an answer in time: unknown, and sent once', async () => {
  let requests = 0;
  const server = await serve(() => {
    requests += 1;
  });
  expect((await failure(connect(server, { timeoutMs: 2_000 }).client.send(write))).applied).toBe('unknown');
  expect(requests).toBe(1);
});

async function clientOf(endpoint: string) {
  return connectJira(jiraContext({ endpoint }), {
    governor: new Governor({ random: () => 0 }),
    random: () => 0,
  }).client;
}

it('a write to a port where nobody listens, or a host that does not exist: no', async () => {
  const port = await new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  expect((await failure((await clientOf(`http://127.0.0.1:${port}`)).send(write))).applied).toBe('no');
  expect((await failure((await clientOf('http://no-such-host.invalid')).send(write))).applied).toBe('no');
});

it('a write that the governor held back: no', async () => {
  const server = await serve((_, response) => response.writeHead(429, { 'retry-after': '600' }).end());
  const { client } = connect(server);
  await failure(client.send(write));
  const held = await failure(client.send(write));
  expect([held.message.includes('not sent'), held.applied]).toEqual([true, 'no']);
});

it.each([
  ['a read', read],
  ['a search by POST', search],
])('%s changes nothing, whatever happens: no', async (_, call) => {
  const server = await serve((_seen, response) => void response.socket?.destroy());
  expect((await failure(connect(server).client.send(call))).applied).toBe('no');
});

it('a repeated write whose first answer was lost stays unknown, though the last try was refused', async () => {
  let requests = 0;
  const server = await serve((_, response) => {
    requests += 1;
    if (requests === 1) response.socket?.destroy();
    else response.writeHead(400).end('{}');
  });
  expect((await failure(connect(server).client.send(repeatable))).applied).toBe('unknown');
  expect(requests).toBe(2);
});

it('a repeated write that was refused each time: no', async () => {
  const server = await serve((_, response) => response.writeHead(429, { 'retry-after': '0' }).end());
  expect((await failure(connect(server).client.send(repeatable))).applied).toBe('no');
});
