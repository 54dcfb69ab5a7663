// The client and its governor together: a 429 pauses what it names, reads are tried again when the pause is short, and
// the caller is told when it is long.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../fake-clock.ts';
import { inTurn, json } from '../fault-server.ts';
import { connect, failure, never, serve } from '../jira-context.ts';

const call = { method: 'GET', path: '/rest/api/3/issue/10001', schema: z.object({}), signal: never } as const;
const busy = json(429, {}, { 'retry-after': '2', 'ratelimit-reason': 'jira-burst-based' });

it('sits out a short pause and tries a read again, not before its time', async () => {
  const clock = new FakeClock();
  const server = await serve(inTurn(busy, json(200, {})));
  const { client } = connect(server, { clock });
  const asking = client.request(call);
  await expect.poll(() => client.throttles().length).toBe(1);
  expect(client.throttles()[0]?.scope).toBe('GET /rest/api/3/issue/{id}');
  await clock.pass(1_999);
  expect(server.seen).toHaveLength(1);
  await clock.pass(1);
  expect(await asking).toEqual({});
  expect(server.seen).toHaveLength(2);
});

it('gives up after two more tries, and says how long to wait', async () => {
  const clock = new FakeClock();
  const server = await serve(busy);
  const { client, told } = connect(server, { clock });
  const asking = failure(client.request(call));
  for (const tries of [1, 2]) {
    await expect.poll(() => server.seen.length).toBe(tries);
    await expect.poll(() => client.throttles().length).toBe(1);
    await clock.pass(2_000);
  }
  const error = await asking;
  expect(error.kind).toBe('tracker_api_error');
  expect(error.retryAfterMs).toBe(2_000);
  expect(server.seen).toHaveLength(3);
  expect(told.map(({ message }) => message).filter((message) => message.includes('fewer'))).toHaveLength(3);
});

it('tells the caller at once of a long pause', async () => {
  const server = await serve(
    json(429, {}, { 'retry-after': '60', 'ratelimit-reason': 'jira-quota-tenant-based' }),
  );
  const { client } = connect(server);
  const error = await failure(client.request(call));
  expect(error.retryAfterMs).toBe(60_000);
  expect(error.message).toContain('429 (rate limited, jira-quota-tenant-based, Retry-After: 60)');
  expect(server.seen).toHaveLength(1);
});

it('holds back the writes of one issue only', async () => {
  const limited = json(429, {}, { 'retry-after': '60', 'ratelimit-reason': 'jira-per-issue-on-write' });
  const server = await serve(inTurn(limited, json(200, {})));
  const { client } = connect(server);
  const write = (id: string) =>
    client.send({ method: 'PUT', path: `/rest/api/3/issue/${id}`, body: {}, issueId: id, signal: never });
  expect((await failure(write('10001'))).retryAfterMs).toBe(60_000);
  expect((await failure(write('10001'))).message).toContain('not sent: Jira asked for a pause (issue 10001');
  await write('10002');
  await client.request(call);
  expect(server.seen).toHaveLength(3);
});

it('makes no more than eight reads at once', async () => {
  let atOnce = 0;
  let most = 0;
  const server = await serve((_, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    setTimeout(() => {
      atOnce -= 1;
      response.writeHead(200).end('{}');
    }, 20);
  });
  const { client } = connect(server);
  await Promise.all(Array.from({ length: 40 }, () => client.request(call)));
  expect(server.seen).toHaveLength(40);
  expect(most).toBe(8);
});
