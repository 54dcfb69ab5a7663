// One timer a key; long waits in pieces; a replaced timer says nothing.

import { describe, expect, it } from 'vitest';
import { createTimers, LONGEST_WAIT_MS } from '../../src/daemon/timers.ts';
import { HandClock } from './hand-clock.ts';

function timers() {
  const clock = new HandClock();
  const fired: string[] = [];
  return { clock, fired, timers: createTimers(clock, (timer) => fired.push(timer)) };
}

describe('timers', () => {
  it('fire once, when due', () => {
    const { clock, fired, timers: all } = timers();
    all.arm('tick', clock.nowMs() + 1_000);
    clock.pass(999);
    expect(fired).toEqual([]);
    clock.pass(1);
    clock.pass(10_000);
    expect(fired).toEqual(['tick']);
  });

  it('fire at once when they are overdue', () => {
    const { clock, fired, timers: all } = timers();
    all.arm('retry:1', clock.nowMs() - 5_000);
    clock.pass(0);
    expect(fired).toEqual(['retry:1']);
  });

  it('wait longer than 2^31−1 ms without firing early', () => {
    const { clock, fired, timers: all } = timers();
    const yearMs = 365 * 86_400_000;
    all.arm('park:1', clock.nowMs() + yearMs);
    clock.pass(yearMs - 1);
    expect(fired).toEqual([]);
    clock.pass(1);
    expect(fired).toEqual(['park:1']);
    expect(Math.max(...clock.delays)).toBe(LONGEST_WAIT_MS);
  });

  it('are replaced when armed again, by a later or an earlier time', () => {
    const { clock, fired, timers: all } = timers();
    const start = clock.nowMs();
    all.arm('tick', start + 1_000);
    all.arm('tick', start + 2_000);
    clock.pass(1_500);
    expect(fired).toEqual([]);
    all.arm('tick', start + 1_600);
    clock.pass(100);
    expect(fired).toEqual(['tick']);
    clock.pass(10_000);
    expect(fired).toEqual(['tick']);
    expect(clock.armed).toBe(0);
  });

  it('say nothing when a clock fires one that was replaced', () => {
    const fires: (() => void)[] = [];
    const fired: string[] = [];
    const clock = {
      nowMs: () => 0,
      monotonicMs: () => 0,
      after: (_ms: number, fire: () => void) => (fires.push(fire), () => undefined),
    };
    const all = createTimers(clock, (timer) => fired.push(timer));
    all.arm('tick', 0);
    all.arm('tick', 0);
    fires[0]?.();
    expect(fired).toEqual([]);
    fires[1]?.();
    expect(fired).toEqual(['tick']);
    fires[1]?.();
    expect(fired).toEqual(['tick']);
  });

  it('wait again when the wall clock was set back', () => {
    const { clock, fired, timers: all } = timers();
    all.arm('retry:1', clock.nowMs() + 1_000);
    clock.pass(500);
    clock.wallMs -= 60_000;
    clock.pass(500);
    expect(fired).toEqual([]);
    clock.pass(60_000);
    expect(fired).toEqual(['retry:1']);
  });

  it('do not disturb each other, and can all be disarmed', () => {
    const { clock, fired, timers: all } = timers();
    for (const timer of ['tick', 'retry:1', 'retry:2'] as const) all.arm(timer, clock.nowMs() + 10);
    all.disarm('retry:1');
    all.disarm('park:nobody');
    clock.pass(10);
    expect(fired).toEqual(['tick', 'retry:2']);
    all.arm('tick', clock.nowMs() + 10);
    all.arm('shutdown', clock.nowMs() + 10);
    all.disarmAll();
    expect(clock.armed).toBe(0);
  });
});
