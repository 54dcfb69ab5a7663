// A daemon that is killed between sending and noting, with a real store in a real process: the message comes again, and
// says that it is the same.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startChild } from '../store/child-process.ts';
import { openInFolder, storeFolder } from '../store/store-folder.ts';
import { receiver, stage, status, until, webhook } from './stage.ts';

it('sends a message again with the same id when it was killed before it could note it', async () => {
  const path = join(storeFolder(), 'sortie.db');
  // The first request gets no answer: whether it arrived, its sender will never know.
  const there = await receiver((response, request) => {
    if (there.received.length > 1) void status(200)(response, request);
  });
  const child = startChild('../notifications/child-notifies.ts', path, there.origin);
  await child.untilLines(1);
  await until(() => there.received.length === 1);
  await child.kill();

  const store = await openInFolder({ path });
  expect(await store.notifications.nextDueMs()).not.toBeNull();
  const { notifier, counted } = stage([webhook('ops', there.origin)], { queue: store.notifications });
  notifier.wake();
  await until(() => counted.length === 1);
  await notifier.close();
  const deliveries = there.received.map(({ headers }) => headers['x-sortie-delivery']);
  expect(deliveries).toEqual(['run_finished:1:ops', 'run_finished:1:ops']);
  expect(there.received[0]?.body.replace('"version":"1"', '"version":"1.2.3"')).toBe(there.received[1]?.body);
  expect(await store.notifications.nextDueMs()).toBeNull();
});
