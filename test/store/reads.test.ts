// Reads write nothing, wait their turn behind writes, and the log does not grow without end.
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { park, retry, runEnded, runStarted } from './rows.ts';
import { openBelow } from './store-folder.ts';

test('no read changes a row or grows the log', async () => {
  const { store, database } = await openBelow();
  await store.apply([runStarted('r'), runEnded('r'), { kind: 'put_retry', retry: retry('1') }]);
  const changes = (): unknown => database.sqlite.prepare('select total_changes() as n').all()[0];
  const before = [changes(), statSync(`${store.path}-wal`).size];
  await store.load();
  await store.history({ limit: 5, identifier: 'DEMO-1', status: 'failed' });
  await store.findIssue('DEMO-1');
  await store.history({ limit: 5, text: 'title', state: 'to do' });
  await store.stats({ sinceMs: 0, untilMs: 1e12, bucketMs: null, group: 'label' });
  await store.samples({ sinceMs: 0, untilMs: 1e12, bucketMs: 60_000 });
  await store.timeline({ issueId: '1', limit: 5 });
  await store.operatorActions(5);
  await store.notifications.due(1e12, 5);
  await store.notifications.nextDueMs();
  await store.knownRunIds(['r']);
  await store.ping();
  expect([changes(), statSync(`${store.path}-wal`).size]).toEqual(before);
});

test('calls that are not awaited happen in their order, and close lets them finish', async () => {
  const { store } = await openBelow();
  const writes = Array.from({ length: 50 }, (_, attempt) =>
    store.apply([{ kind: 'put_retry', retry: retry('1', { attempt }) }]),
  );
  const load = store.load();
  const later = store.apply([{ kind: 'delete_retry', issueId: '1' }]);
  const closing = store.close();
  expect((await load).retries).toEqual([retry('1', { attempt: 49 })]);
  await Promise.all([...writes, later, closing]);
});

test('the log is cut back now and then, and emptied at close', async () => {
  const { store } = await openBelow();
  const detail = 'x'.repeat(2_000);
  let largest = 0;
  let cuts = 0;
  for (let n = 0; n < 2_500; n += 1) {
    await store.apply([{ kind: 'put_park', park: park(String(n % 7), { detail, attempt: n }) }]);
    const { size } = statSync(`${store.path}-wal`);
    if (size === 0) cuts += 1;
    largest = Math.max(largest, size);
  }
  expect(cuts).toBe(2);
  expect(largest).toBeLessThan(16 * 1024 * 1024);
  await store.close();
  expect(statSync(`${store.path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
});
