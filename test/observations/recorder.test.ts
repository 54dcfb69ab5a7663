// Timelines are written in batches, and never at the daemon's expense.

import { expect, it } from 'vitest';
import { createRecorder } from '../../src/observations/index.ts';
import type { RecorderParts } from '../../src/observations/index.ts';
import { HandClock, rememberingLog, settled } from '../daemon/hand-clock.ts';
import { keepingStore, tickCompleted, toolEnded } from './stage.ts';

function aRecorder(over: Partial<RecorderParts> = {}) {
  const [clock, log, store] = [new HandClock(), rememberingLog(), keepingStore()];
  return { clock, log, store, recorder: createRecorder({ store, clock, log, ...over }) };
}

it('writes what came within a second together, in order', async () => {
  const { clock, store, recorder } = aRecorder();
  for (const name of ['a', 'b']) recorder.take(toolEnded(name), clock.nowMs());
  clock.pass(999);
  await settled();
  expect(store.batches).toEqual([]);
  recorder.take(toolEnded('c'), 7);
  clock.pass(1);
  await settled();
  expect(store.batches.map((batch) => batch.map(({ name }) => name))).toEqual([['a', 'b', 'c']]);
  expect(store.batches[0]?.[2]?.atMs).toBe(7);
  expect(clock.armed).toBe(0);
  recorder.take(toolEnded('d'), 8);
  clock.pass(1000);
  await settled();
  expect(store.batches).toHaveLength(2);
});

it('writes at once when there are many, so many at a time', async () => {
  const { store, recorder, clock } = aRecorder();
  for (let n = 0; n < 1_200; n += 1) recorder.take(toolEnded(String(n)), n);
  await settled();
  expect(store.batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
  expect(store.batches.flat().map(({ name }) => Number(name))).toEqual([...Array(1_200).keys()]);
  await recorder.close();
  expect(clock.armed).toBe(0);
});

it('writes nothing for notices that no timeline shows', async () => {
  const { clock, store, recorder } = aRecorder();
  recorder.take(tickCompleted(5), 0);
  expect(clock.armed).toBe(0);
  await recorder.flush();
  expect(store.batches).toEqual([]);
});

it('keeps the newest when the store is too slow, and says so once', async () => {
  const { log, store, recorder } = aRecorder({ limits: { batchEntries: 2, queueEntries: 3 } });
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  for (let n = 1; n <= 9; n += 1) recorder.take(toolEnded(String(n)), n);
  open();
  await recorder.flush();
  // The first two were under way already.
  expect(store.batches.flat().map(({ name }) => name)).toEqual(['1', '2', '7', '8', '9']);
  expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn timeline entries dropped, the store is too slow',
  ]);
});

it('loses what the store refuses, says so once, and goes on', async () => {
  const { log, store, recorder, clock } = aRecorder();
  store.failure = new Error('disk full');
  for (const name of ['a', 'b']) {
    recorder.take(toolEnded(name), 0);
    clock.pass(1000);
    await settled();
  }
  store.failure = null;
  recorder.take(toolEnded('c'), 0);
  await recorder.close();
  expect(store.batches.flat().map(({ name }) => name)).toEqual(['c']);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'timeline not written, its entries are lost',
    'timeline is written again',
  ]);
});

it('survives a store that throws before it promises anything', async () => {
  const store = {
    record: () => {
      throw new Error('closed');
    },
  };
  const { recorder, clock, log } = aRecorder({ store });
  for (let n = 0; n < 3; n += 1) {
    recorder.take(toolEnded('a'), 0);
    clock.pass(1000);
    await settled();
  }
  await recorder.flush();
  expect(log.lines).toHaveLength(1);
  expect(clock.armed).toBe(0);
});

it('writes the rest when it is closed, and takes nothing after that', async () => {
  const { clock, store, recorder } = aRecorder();
  recorder.take(toolEnded('a'), 0);
  await recorder.close();
  recorder.take(toolEnded('late'), 0);
  await recorder.close();
  expect(store.batches.flat().map(({ name }) => name)).toEqual(['a']);
  expect(clock.armed).toBe(0);
});

it('takes secrets out of what it keeps', async () => {
  const { store, recorder } = aRecorder({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
  recorder.take(toolEnded('run hunter2'), 0);
  await recorder.close();
  expect(store.batches[0]?.[0]?.name).toBe('run [redacted]');
});
