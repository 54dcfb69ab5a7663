// One sample a minute of the wall clock, whatever the clock does.

import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/contract/snapshot.ts';
import { createSampler, withRequestCount } from '../../src/observations/index.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { HandClock, rememberingLog, settled } from '../daemon/hand-clock.ts';
import { snapshot } from '../http/fake-daemon.ts';
import { keepingStore, tickCompleted } from './stage.ts';

const MINUTE = 60_000;

function aSampler(shown: () => Snapshot | null = () => snapshot({ waitingTotal: 12 })) {
  const [clock, log, store] = [new HandClock(), rememberingLog(), keepingStore()];
  clock.wallMs = Date.UTC(2026, 10, 22, 12, 0, 25);
  return { clock, log, store, sampler: createSampler({ store, clock, log, snapshot: shown }) };
}

async function pass(clock: HandClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) {
    clock.pass(Math.min(left, MINUTE));
    await settled();
  }
}

const at = (text: string): number => Date.parse(`2026-11-22T${text}Z`);

it('says how things stand at the full minute, and what happened since the one before', async () => {
  const { clock, store, sampler } = aSampler();
  sampler.take(tickCompleted(1500));
  sampler.take(tickCompleted(500));
  sampler.countRequest(true);
  sampler.countRequest(false);
  await pass(clock, 35_000);
  await pass(clock, MINUTE);
  const gauges = { running: 1, retrying: 1, parked: 1, waiting: 12 };
  expect(store.samples).toEqual([
    {
      atMs: at('12:01:00'),
      ...gauges,
      trackerRequests: 2,
      trackerErrors: 1,
      polls: 2,
      pollSeconds: 2,
      pollSecondsMax: 1.5,
    },
    {
      atMs: at('12:02:00'),
      ...gauges,
      trackerRequests: 0,
      trackerErrors: 0,
      polls: 0,
      pollSeconds: 0,
      pollSecondsMax: 0,
    },
  ]);
  await sampler.close();
  expect(clock.armed).toBe(0);
});

it('waits for the minute when its timer comes early', async () => {
  const { clock, store, sampler } = aSampler();
  clock.wallMs -= 5;
  await pass(clock, 35_000);
  expect(store.samples).toEqual([]);
  await pass(clock, 5);
  expect(store.samples.map(({ atMs }) => atMs)).toEqual([at('12:01:00')]);
  await sampler.close();
});

it('makes one sample of what was before a sleep of hours, and none of the hours', async () => {
  const { clock, store, sampler } = aSampler();
  sampler.take(tickCompleted(100));
  clock.wallMs += 5 * 60 * MINUTE;
  await pass(clock, 35_000);
  await pass(clock, MINUTE);
  expect(store.samples.map(({ atMs, polls }) => [atMs, polls])).toEqual([
    [at('17:01:00'), 1],
    [at('17:02:00'), 0],
  ]);
  await sampler.close();
});

it('carries what happened while the clock stands before the last sample', async () => {
  const { clock, store, sampler } = aSampler();
  await pass(clock, 35_000);
  clock.wallMs -= 3 * MINUTE;
  for (let minute = 0; minute < 4; minute += 1) {
    sampler.take(tickCompleted(100));
    await pass(clock, MINUTE);
  }
  expect(store.samples.map(({ atMs, polls }) => [atMs, polls])).toEqual([
    [at('12:01:00'), 0],
    [at('12:02:00'), 4],
  ]);
  await sampler.close();
});

it('does not wait for years when the clock was years ahead', async () => {
  const { clock, store, sampler } = aSampler();
  clock.wallMs = Date.UTC(2038, 0, 19, 3, 14, 25);
  await pass(clock, 35_000);
  sampler.take(tickCompleted(100));
  clock.wallMs = at('12:03:00');
  await pass(clock, MINUTE);
  expect(store.samples.map(({ atMs, polls }) => [atMs, polls])).toEqual([
    [Date.UTC(2038, 0, 19, 3, 15), 0],
    [at('12:04:00'), 1],
  ]);
  await sampler.close();
});

it('counts no tick as shorter than nothing', async () => {
  const { clock, store, sampler } = aSampler();
  for (const durationMs of [-5, Number.NaN, Infinity, 250]) sampler.take(tickCompleted(durationMs));
  await pass(clock, 35_000);
  expect(store.samples[0]).toMatchObject({ polls: 4, pollSeconds: 0.25, pollSecondsMax: 0.25 });
  await sampler.close();
});

it('samples nothing before recovery, and loses nothing by that', async () => {
  let shown: Snapshot | null = null;
  const { clock, store, sampler } = aSampler(() => shown);
  sampler.countRequest(true);
  await pass(clock, 35_000);
  expect(store.samples).toEqual([]);
  shown = snapshot({ waitingTotal: 0 });
  await pass(clock, MINUTE);
  expect(store.samples).toMatchObject([{ atMs: at('12:02:00'), trackerRequests: 1 }]);
  await sampler.close();
});

it('keeps what a failing store did not take, and says so once', async () => {
  const { clock, log, store, sampler } = aSampler();
  store.failure = new Error('disk full');
  for (let minute = 0; minute < 2; minute += 1) {
    sampler.take(tickCompleted(1000));
    await pass(clock, MINUTE);
  }
  store.failure = null;
  await pass(clock, MINUTE);
  expect(store.samples).toMatchObject([{ atMs: at('12:03:00'), polls: 2, pollSeconds: 2 }]);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'sample not written',
    'samples are written again',
  ]);
  await sampler.close();
});

it('gives a store that hangs one sample and no more', async () => {
  const { clock, store, sampler } = aSampler();
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  for (let minute = 0; minute < 5; minute += 1) {
    sampler.take(tickCompleted(1000));
    await pass(clock, MINUTE);
  }
  open();
  await settled();
  await pass(clock, MINUTE);
  expect(store.samples.map(({ polls }) => polls)).toEqual([1, 4]);
  await sampler.close();
});

it('samples the last seconds when it is closed, and nothing after that', async () => {
  const { clock, store, sampler } = aSampler();
  await pass(clock, 10_000);
  sampler.countRequest(true);
  await sampler.close();
  await sampler.close();
  expect(store.samples).toMatchObject([{ atMs: at('12:00:35'), trackerRequests: 1 }]);
  await pass(clock, 2 * MINUTE);
  expect(store.samples).toHaveLength(1);
  expect(clock.armed).toBe(0);
});

it('hears of tracker requests from the counters, which count them as before', async () => {
  const heard: boolean[] = [];
  const metrics = createMetrics({ version: '1' });
  const counters = withRequestCount(metrics, { countRequest: (ok) => heard.push(ok) });
  counters.countTrackerRequest('fetch_issue', 'success');
  counters.countTrackerRequest('search', 'error');
  counters.countRetry('stall');
  expect(heard).toEqual([true, false]);
  const text = await metrics.text();
  expect(text).toContain('sortie_tracker_requests_total{operation="search",result="error"} 1');
  expect(text).toContain('sortie_retries_total{trigger="stall"} 1');
});
