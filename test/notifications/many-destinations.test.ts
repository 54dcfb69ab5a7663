// Messages to one destination go one by one and in order; nobody waits for somebody else's dead receiver.

import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { StoredNotification } from '../../src/contract/notification.ts';
import { receiver, stage, status, until, webhook } from './stage.ts';
import type { Received } from './stage.ts';

const idOf = ({ headers }: Received): string => String(headers['x-sortie-delivery']);

it('sends to one destination in order and one at a time, however often it is woken', async () => {
  const there = await receiver((response) => void setImmediate(() => response.end()));
  const { queue, notifier, tell } = stage([webhook('ops', there.origin)]);
  const told = Array.from({ length: 20 }, () => {
    notifier.wake();
    return tell('ops').id;
  });
  await until(() => queue.deliveredIds.length === 20);
  expect(there.received.map(idOf)).toEqual(told);
  expect(there.mostAtOnce).toBe(1);
});

it('goes on with others while a receiver does not answer, and calls that a failure after 10 s', async () => {
  const silent = await receiver(() => undefined);
  const there = await receiver();
  const { clock, queue, tell } = stage([webhook('silent', silent.origin), webhook('ops', there.origin)]);
  tell('silent');
  for (let n = 0; n < 3; n += 1) tell('ops');
  await until(() => queue.deliveredIds.length === 3 && silent.received.length === 1);
  clock.pass(9_999);
  expect(queue.waiting[0]?.failures).toBe(0);
  clock.pass(1);
  await until(() => queue.waiting[0]?.failures === 1);
  expect(queue.waiting[0]?.lastError).toBe('no answer within 10 s');
});

it('lets the messages to a receiver that is down wait behind the first of them, and keeps their order', async () => {
  let isDown = true;
  const there = await receiver((response, request) => status(isDown ? 503 : 200)(response, request));
  const { clock, queue, tell } = stage([webhook('ops', there.origin)]);
  const told: StoredNotification[] = [tell('ops'), tell('ops'), tell('ops')];
  await until(() => queue.waiting[0]?.failures === 1);
  await until(() => clock.armed === 1);
  expect(there.received).toHaveLength(1);
  // The two behind it are due, and not looked at again and again.
  expect(clock.delays.at(-1)).toBe(10_000);
  isDown = false;
  clock.pass(10_000);
  await until(() => queue.deliveredIds.length === 3);
  expect(queue.deliveredIds).toEqual(told.map(({ id }) => id));
});

it('lets a message that its receiver stumbles over wait alone', async () => {
  const there = await receiver((response, request) =>
    status(request.body.includes('poison') ? 500 : 200)(response, request),
  );
  const { queue, tell } = stage([webhook('ops', there.origin)]);
  tell('ops', { summary: 'poison' });
  const { id } = tell('ops');
  await until(() => queue.deliveredIds.length === 1);
  expect(queue.deliveredIds).toEqual([id]);
  expect(queue.waiting).toMatchObject([{ summary: 'poison', failures: 1 }]);
});

it('finds what is due behind hundreds of messages to a receiver that is down', async () => {
  const there = await receiver();
  const { queue, tell } = stage([
    // Nothing listens there.
    webhook('dead', 'http://127.0.0.1:1/'),
    webhook('ops', there.origin),
  ]);
  for (let n = 0; n < 700; n += 1) tell('dead');
  await until(() => queue.waiting[0]?.failures === 1);
  expect(queue.waiting[0]?.lastError).toBe('not sent: ECONNREFUSED');
  tell('ops');
  await until(() => queue.deliveredIds.length === 1);
  expect(queue.waiting.filter(({ failures }) => failures > 0)).toHaveLength(1);
});

it('tries what is due for others while one is left alone for an hour', async () => {
  const resting = await receiver(status(429, { 'retry-after': '3600' }));
  let isDown = true;
  const there = await receiver((response, request) => status(isDown ? 503 : 200)(response, request));
  const { clock, queue, tell } = stage([webhook('resting', resting.origin), webhook('ops', there.origin)]);
  tell('resting');
  tell('resting');
  tell('ops');
  await until(() => queue.waiting.filter(({ failures }) => failures === 1).length === 2);
  isDown = false;
  await until(() => clock.armed === 1);
  clock.pass(10_000);
  await until(() => queue.deliveredIds.length === 1);
  expect(resting.received).toHaveLength(1);
});

it('is not made to wait for ever by a clock that is set back', async () => {
  const answers: ServerResponse[] = [];
  const there = await receiver((response) => void answers.push(response));
  const { clock, queue, tell } = stage([webhook('ops', there.origin)]);
  tell('ops');
  await until(() => answers.length === 1);
  answers[0]?.writeHead(503).end();
  await until(() => queue.waiting[0]?.failures === 1);
  clock.wallMs -= 365 * 86_400_000;
  tell('ops');
  await until(() => answers.length === 2);
  answers[1]?.end();
  await until(() => queue.deliveredIds.length === 1);
});
