// Receivers on real sockets, a queue that keeps the contract's promises in memory, and a notifier with a clock that goes
// on by hand. Everything is closed after the test, and no timer or socket of the notifier's may be left.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect } from 'vitest';
import type {
  NotificationQueue,
  NotificationSettings,
  QueuedNotification,
  StoredNotification,
} from '../../src/contract/notification.ts';
import { createNotifier } from '../../src/notifications/index.ts';
import type { Notifier, NotifierParts } from '../../src/notifications/index.ts';
import { HandClock, rememberingCounters, rememberingLog } from '../daemon/hand-clock.ts';
import { aNotification } from './one-notification.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly origin: string;
  readonly received: Received[];
  /** How many requests are being answered at this moment, at most so far. */
  readonly mostAtOnce: number;
}

/** May keep the response and answer later, or never. */
export type Answer = (response: ServerResponse, request: Received) => void | Promise<void>;

const servers: Server[] = [];
const notifiers: { readonly notifier: Notifier; readonly clock: HandClock }[] = [];

afterEach(async () => {
  for (const { notifier, clock } of notifiers.splice(0)) {
    const closed = notifier.close();
    clock.pass(2_000);
    await closed;
    expect(clock.armed).toBe(0);
  }
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

export function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (response) => void response.writeHead(code, headers).end(body);
}

export async function receiver(answer: Answer = status(200)): Promise<Receiver> {
  const received: Received[] = [];
  let [atOnce, mostAtOnce] = [0, 0];
  const server = createServer((request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.on('close', () => (atOnce -= 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const whole = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(whole);
      void answer(response, whole);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
}

export function webhook(name: string, url: string, secret = ''): NotificationSettings {
  return { name, kind: 'webhook', url, secret, events: ['run_finished'] };
}

export function slack(name: string, url: string): NotificationSettings {
  return { name, kind: 'slack', url, secret: '', events: ['run_finished'] };
}

export interface MemoryQueue extends NotificationQueue {
  readonly waiting: QueuedNotification[];
  readonly deliveredIds: string[];
  readonly givenUp: { readonly id: string; readonly error: string }[];
  push(notification: StoredNotification, dueAtMs: number): void;
  /** What a call does before it is carried out. */
  before: (call: 'due' | 'nextDueMs' | 'delivered' | 'failed') => void | Promise<void>;
}

export function memoryQueue(): MemoryQueue {
  let waiting: QueuedNotification[] = [];
  const queue: MemoryQueue = {
    deliveredIds: [],
    givenUp: [],
    before: () => undefined,
    get waiting() {
      return waiting;
    },
    push(notification, dueAtMs) {
      waiting.push({ ...notification, failures: 0, dueAtMs, lastError: '' });
    },
    async due(nowMs, limit) {
      await queue.before('due');
      return waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs).slice(0, limit);
    },
    async nextDueMs() {
      await queue.before('nextDueMs');
      return waiting.length === 0 ? null : Math.min(...waiting.map(({ dueAtMs }) => dueAtMs));
    },
    async delivered(id) {
      await queue.before('delivered');
      waiting = waiting.filter((row) => row.id !== id);
      queue.deliveredIds.push(id);
    },
    async failed(id, { error, dueAtMs }) {
      await queue.before('failed');
      if (dueAtMs === null) {
        queue.givenUp.push({ id, error });
        waiting = waiting.filter((row) => row.id !== id);
        return;
      }
      const later = (row: QueuedNotification): QueuedNotification =>
        row.id === id ? { ...row, failures: row.failures + 1, dueAtMs, lastError: error } : row;
      waiting = waiting.map(later);
    },
  };
  return queue;
}

export interface Stage {
  readonly clock: HandClock;
  readonly queue: MemoryQueue;
  readonly log: ReturnType<typeof rememberingLog>;
  readonly counted: string[];
  readonly notifier: Notifier;
  settings: readonly NotificationSettings[];
  /** Queues one for a destination, as the core does, and wakes the notifier. */
  tell(destination: string, over?: Partial<StoredNotification>): StoredNotification;
}

let told = 0;

export function stage(settings: readonly NotificationSettings[], over: Partial<NotifierParts> = {}): Stage {
  const clock = new HandClock();
  const queue = memoryQueue();
  const log = rememberingLog();
  const { counters, counted } = rememberingCounters();
  const notifier = createNotifier({
    queue,
    settings: () => made.settings,
    clock,
    log,
    counters,
    version: '1.2.3',
    redact: (text) => text,
    signal: new AbortController().signal,
    ...over,
  });
  notifiers.push({ notifier, clock });
  const made: Stage = {
    clock,
    queue,
    log,
    counted,
    notifier,
    settings,
    tell(destination, change = {}) {
      told += 1;
      const notification = { ...aNotification(destination, clock.nowMs(), String(told)), ...change };
      queue.push(notification, clock.nowMs());
      notifier.wake();
      return notification;
    },
  };
  return made;
}

/** Polls, since what is waited for happens on real sockets. */
export async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 5 }).toBe(true);
}
