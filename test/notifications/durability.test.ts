// Nothing is lost and nothing is repeated without need: crashes, failing stores, shutdown.

import { describe, expect, it } from 'vitest';
import { createNotifier } from '../../src/notifications/index.ts';
import { settled } from '../daemon/hand-clock.ts';
import { memoryQueue, receiver, stage, status, until, webhook } from './stage.ts';

describe('a crash', () => {
  it('between sending and noting repeats the message, with the same id', async () => {
    const there = await receiver();
    const first = stage([webhook('ops', there.origin)]);
    // The process is gone before this is done.
    const died = new Promise<void>((_, reject) => setTimeout(reject, 0, new Error('killed')));
    died.catch(() => undefined);
    first.queue.before = (call) => (call === 'delivered' ? died : undefined);
    const { id } = first.tell('ops');
    await until(() => there.received.length === 1);
    await settled();
    const queue = memoryQueue();
    for (const row of first.queue.waiting) queue.push(row, row.dueAtMs);
    const second = stage([webhook('ops', there.origin)], { queue });
    second.notifier.wake();
    await until(() => queue.deliveredIds.length === 1);
    expect(there.received.map(({ headers }) => headers['x-sortie-delivery'])).toEqual([id, id]);
  });
});

describe('a store that fails', () => {
  it('to note a delivery is told again, and nobody is sent it twice', async () => {
    const there = await receiver();
    const { clock, queue, tell, log } = stage([webhook('ops', there.origin)]);
    let isFailing = true;
    queue.before = (call) => {
      if (isFailing && call === 'delivered') throw new Error('disk full');
    };
    const first = tell('ops');
    await until(() => log.lines.some(({ message }) => message === 'notification queue failed'));
    await until(() => clock.armed === 1);
    const second = tell('ops');
    clock.pass(10_000);
    await settled();
    await until(() => clock.armed === 1);
    isFailing = false;
    clock.pass(10_000);
    await until(() => queue.deliveredIds.length === 2);
    expect(queue.deliveredIds).toEqual([first.id, second.id]);
    expect(there.received).toHaveLength(2);
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(2);
  });

  it('to note a failure does not make it a hot loop', async () => {
    const there = await receiver(status(500));
    const { clock, queue, tell } = stage([webhook('ops', there.origin)]);
    queue.before = (call) => {
      if (call === 'failed') throw new Error('disk full');
    };
    tell('ops');
    await until(() => there.received.length === 1 && clock.armed === 1);
    for (let n = 0; n < 5; n += 1) await settled();
    expect(there.received).toHaveLength(1);
    clock.pass(10_000);
    await until(() => there.received.length === 2);
  });

  it('to be read is read again', async () => {
    const there = await receiver();
    const { clock, queue, tell, log } = stage([webhook('ops', there.origin)]);
    let isFailing = true;
    queue.before = () => {
      if (isFailing) throw new Error('locked');
    };
    tell('ops');
    await until(() => clock.armed === 1);
    isFailing = false;
    clock.pass(10_000);
    await until(() => queue.deliveredIds.length === 1);
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn notification queue failed',
      'info notification queue works again',
      'debug notification delivered',
    ]);
  });
});

describe('a destination', () => {
  it('that is not in the settings any more gets nothing, and a line of the log', async () => {
    const there = await receiver();
    const made = stage([webhook('ops', there.origin)]);
    made.settings = [];
    const { id } = made.tell('ops');
    await until(() => made.queue.givenUp.length === 1);
    expect(made.queue.givenUp[0]?.id).toBe(id);
    expect(made.log.lines).toMatchObject([
      { level: 'warn', message: 'notification given up', fields: { destination: 'ops' } },
    ]);
    expect(there.received).toEqual([]);
  });

  it('is where the settings say it is now', async () => {
    const [old, current] = [await receiver(), await receiver()];
    const made = stage([webhook('ops', old.origin)]);
    made.settings = [webhook('ops', current.origin)];
    made.tell('ops');
    await until(() => made.queue.deliveredIds.length === 1);
    expect([old.received.length, current.received.length]).toEqual([0, 1]);
  });

  it('is waited for in pieces when it is due in years', async () => {
    const there = await receiver();
    const { clock, queue, notifier, tell } = stage([webhook('ops', there.origin)]);
    const { id } = tell('ops');
    await until(() => queue.deliveredIds.length === 1);
    queue.push({ ...queueRow(id), id: 'later' }, clock.nowMs() + 2 ** 40);
    notifier.wake();
    await until(() => clock.armed === 1);
    expect(clock.delays.at(-1)).toBe(2 ** 31 - 1);
  });
});

function queueRow(id: string) {
  return {
    id,
    destination: 'ops',
    event: 'drained',
    atMs: 0,
    summary: 'x',
    detail: '',
    issueId: null,
    issueIdentifier: null,
    issueTitle: null,
    issueUrl: '',
    runId: null,
    code: '',
  } as const;
}

it('gives up a message that cannot be written, and goes on', async () => {
  const there = await receiver();
  const { queue, tell } = stage([webhook('ops', there.origin)]);
  const bad = tell('ops', { atMs: Number.NaN });
  const good = tell('ops');
  await until(() => queue.deliveredIds.length === 1);
  expect(queue.givenUp.map(({ id }) => id)).toEqual([bad.id]);
  expect(queue.deliveredIds).toEqual([good.id]);
});

describe('the end', () => {
  it('sends what is due before it is over', async () => {
    const there = await receiver();
    const { queue, notifier, tell, clock } = stage([webhook('ops', there.origin)]);
    for (let n = 0; n < 5; n += 1) tell('ops');
    await notifier.close();
    expect(queue.deliveredIds).toHaveLength(5);
    expect(clock.armed).toBe(0);
    tell('ops');
    await settled();
    expect(there.received).toHaveLength(5);
  });

  it('waits for a silent receiver for two seconds; the message stays queued', async () => {
    const silent = await receiver(() => undefined);
    const { queue, notifier, tell, clock, counted } = stage([webhook('ops', silent.origin)]);
    tell('ops');
    await until(() => silent.received.length === 1);
    const closed = notifier.close();
    await settled();
    clock.pass(2_000);
    await closed;
    expect(queue.waiting).toMatchObject([{ failures: 0 }]);
    expect(counted).toEqual([]);
    expect(clock.armed).toBe(0);
  });

  it('comes at once when the signal fires', async () => {
    const silent = await receiver(() => undefined);
    const stop = new AbortController();
    const { queue, notifier, tell } = stage([webhook('ops', silent.origin)], { signal: stop.signal });
    tell('ops');
    await until(() => silent.received.length === 1);
    stop.abort();
    await notifier.close();
    expect(queue.waiting).toMatchObject([{ failures: 0 }]);
  });

  it('does not end a dispatcher that was handed in', async () => {
    let ended = false;
    const dispatcher = { destroy: () => (ended = true) } as never;
    const { clock, queue, log, counted } = stage([]);
    const notifier = createNotifier({
      queue,
      settings: () => [],
      clock,
      log,
      counters: { countNotification: () => void counted.push('x') },
      version: '1',
      redact: (text) => text,
      signal: new AbortController().signal,
      dispatcher,
    });
    await notifier.close();
    expect(ended).toBe(false);
  });
});
