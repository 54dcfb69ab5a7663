// Those who look on, put together over a real store: what is queued is sent once it is durable, notices become
// timelines, and closing leaves nothing behind.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createObservers } from '../../src/app/observers.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { NotificationSettings, StoredNotification } from '../../src/contract/index.ts';
import { openStore, type SqliteStore } from '../../src/store/index.ts';
import { rememberingCounters, rememberingLog } from '../daemon/hand-clock.ts';

let folder = '';
let store: SqliteStore;
let receiver: Server;
const received: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sortie-observers-'));
  store = await openStore({
    path: join(folder, 'db'),
    tracker: { kind: 'file', identity: 'x' },
    redact: (text) => text,
  });
  received.length = 0;
  receiver = createServer((request, response) => {
    received.push(String(request.headers['x-sortie-delivery']));
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await store.close();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(folder, { recursive: true });
});

function observers(apply: SqliteStore['apply'] = store.apply) {
  const { port } = receiver.address() as AddressInfo;
  const destination: NotificationSettings = {
    name: 'here',
    kind: 'webhook',
    url: `http://127.0.0.1:${port}/hook`,
    secret: '',
    events: ['run_finished'],
  };
  const { counters, counted } = rememberingCounters();
  const made = createObservers({
    store: { ...store, apply },
    snapshot: () => null,
    notifications: () => [destination],
    clock: systemClock,
    log: rememberingLog() as never,
    counters,
    version: '1',
    redact: (text) => text,
  });
  return { made, counted };
}

const notification: StoredNotification = {
  id: 'run_finished:r1:here',
  destination: 'here',
  event: 'run_finished',
  atMs: Date.now(),
  summary: 'X-1 ended',
  detail: '',
  issueId: '1',
  issueIdentifier: 'X-1',
  issueTitle: 'one',
  issueUrl: '',
  runId: 'r1',
  code: 'succeeded',
};

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue).toBe(true);
}

it('sends what was queued as soon as it is durable', async () => {
  const { made, counted } = observers();
  await made.apply([{ kind: 'queue_notification', notification }]);
  await until(() => counted.length > 0);
  await made.close();
  expect(received).toEqual(['run_finished:r1:here']);
  expect(counted).toEqual(['countNotification webhook success']);
});

it('sends nothing that the store has not taken', async () => {
  const { made } = observers(() => Promise.reject(new Error('disk full')));
  await expect(made.apply([{ kind: 'queue_notification', notification }])).rejects.toThrow('disk full');
  await made.close();
  expect(received).toEqual([]);
});

it('keeps what it heard when it is closed', async () => {
  const { made } = observers();
  made.take({
    kind: 'parked',
    reason: 'blocked',
    detail: 'asks for a key',
    issueId: '1',
    issueIdentifier: 'X-1',
    runId: null,
    sessionId: null,
    attempt: 0,
  });
  await made.close();
  const { entries } = await store.timeline({ issueId: '1', limit: 10 });
  expect(entries).toMatchObject([{ kind: 'parked', name: 'blocked' }]);
});
