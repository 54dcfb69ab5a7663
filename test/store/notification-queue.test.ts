// The queue of messages to people outside: as durable as the fact it came with, each id once.
import { expect, test } from 'vitest';
import type { StoreWrite } from '../../src/contract/store.ts';
import { notification, park } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const dayMs = 24 * 3_600_000;
const queued = (id: string, atMs = 1_000): StoreWrite => ({
  kind: 'queue_notification',
  notification: notification(id, { atMs }),
});
const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

test('what is queued is due at once, in the order of queueing, and still there after a restart', async () => {
  const store = await openInFolder();
  expect(await store.notifications.nextDueMs()).toBeNull();
  await store.apply([queued('b', 2_000), queued('a', 1_000), queued('c', 3_000)]);
  await store.close();
  const { notifications } = await openInFolder({ path: store.path });
  expect(await notifications.nextDueMs()).toBe(1_000);
  expect(ids(await notifications.due(2_000, 10))).toEqual(['b', 'a']);
  expect(ids(await notifications.due(9_000, 2))).toEqual(['b', 'a']);
  expect(await notifications.due(1_000, 10)).toEqual([
    { ...notification('a'), failures: 0, dueAtMs: 1_000, lastError: '' },
  ]);
});

test('a batch that fails queues nothing', async () => {
  const store = await openInFolder();
  const detail = new Date() as unknown as string;
  const broken = store.apply([queued('a'), { kind: 'put_park', park: park('1', { detail }) }]);
  await expect(broken).rejects.toMatchObject({ kind: 'write_failed' });
  expect(await store.notifications.nextDueMs()).toBeNull();
});

test('a failed try is due again when it is told, with its count and its last error', async () => {
  const { apply, notifications } = await openInFolder();
  await apply([queued('a')]);
  await notifications.failed('a', { error: '503', dueAtMs: 11_000 });
  await notifications.failed('a', { error: 'timed out', dueAtMs: 21_000 });
  expect(await notifications.due(20_999, 10)).toEqual([]);
  expect(await notifications.nextDueMs()).toBe(21_000);
  expect(await notifications.due(21_000, 10)).toMatchObject([{ failures: 2, lastError: 'timed out' }]);
});

test.for(['delivered', 'given up', 'waiting'] as const)(
  'an id that is %s is not queued again',
  async (how) => {
    const { store, database } = await openBelow();
    await store.apply([queued('a')]);
    if (how === 'delivered') await store.notifications.delivered('a', 5_000);
    if (how === 'given up') await store.notifications.failed('a', { error: 'gone', dueAtMs: null });
    const told = {
      kind: 'queue_notification',
      notification: notification('a', { summary: 'Again' }),
    } as const;
    await store.apply([told, told]);
    const left = await store.notifications.due(1e12, 10);
    expect(left).toMatchObject(how === 'waiting' ? [{ id: 'a', summary: 'DEMO-1 is parked' }] : []);
    expect(await store.notifications.nextDueMs()).toBe(how === 'waiting' ? 1_000 : null);
    const { text } = database.sqlite
      .prepare('select summary || detail || coalesce(title, issue_url) as text from notifications')
      .all()[0] as { text: string };
    expect(text === '', 'only the id of one that is over is kept').toBe(how !== 'waiting');
  },
);

test('what is over stays over: a late answer about it, or about an unknown id, changes nothing', async () => {
  const { apply, notifications } = await openInFolder();
  await apply([queued('a')]);
  await notifications.delivered('a', 5_000);
  await notifications.failed('a', { error: 'late', dueAtMs: 6_000 });
  await notifications.delivered('never', 5_000);
  await notifications.failed('never', { error: 'late', dueAtMs: 6_000 });
  expect(await notifications.nextDueMs()).toBeNull();
});

test('the id of one that is over is forgotten after 90 days, one that waits never', async () => {
  let now = 0;
  const { apply, notifications } = await openInFolder({ now: () => now });
  await apply([queued('delivered'), queued('given up'), queued('waits'), queued('late')]);
  await notifications.delivered('delivered', 10_000);
  now = 20_000;
  await notifications.failed('given up', { error: '410', dueAtMs: null });

  await notifications.delivered('late', 10_000 + 90 * dayMs);
  await apply([queued('delivered'), queued('given up')]);
  expect(ids(await notifications.due(1e12, 10)), 'not a moment before').toEqual(['waits']);

  now = 15_000 + 90 * dayMs;
  await apply([queued('x')]);
  await notifications.failed('x', { error: '410', dueAtMs: null });
  await apply([queued('delivered'), queued('given up')]);
  expect(ids(await notifications.due(1e12, 10))).toEqual(['waits', 'delivered']);
});
