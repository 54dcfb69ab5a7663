// What HTTP may see: snapshots that a crowd of readers can share, and change notices that do not flood.

import { describe, expect, it } from 'vitest';
import { createStateView } from '../../src/daemon/view.ts';
import { aCore, failed } from '../core/driver.ts';
import { issue } from '../core/issues.ts';
import { HandClock } from './hand-clock.ts';

function aView() {
  const core = aCore();
  const clock = new HandClock();
  let refreshes = 0;
  const view = createStateView({ state: core.state, clock, requestRefresh: () => (refreshes += 1) });
  return { core, clock, view, refreshes: () => refreshes };
}

describe('the view', () => {
  it('builds one snapshot for all who ask within a moment', () => {
    const { core, clock, view } = aView();
    const first = view.snapshot();
    core.tick([issue('1')]);
    clock.pass(99);
    expect(view.snapshot()).toBe(first);
    clock.pass(1);
    expect(view.snapshot()).not.toBe(first);
    expect(view.snapshot()?.running).toHaveLength(1);
  });

  it('is null before recovery', () => {
    const { core, view } = aView();
    core.state.mode = 'recovering';
    expect(view.snapshot()).toBeNull();
    expect(view.activity()).toBeNull();
  });

  it('tells at most four times a second that something changed, and then shows it', () => {
    const { core, clock, view } = aView();
    const seen: (number | undefined)[] = [];
    view.onChange(() => seen.push(view.snapshot()?.running.length));
    view.snapshot();
    for (let times = 0; times < 100; times += 1) {
      if (times === 3) core.tick([issue('1')]);
      view.changed();
      clock.pass(10);
    }
    expect(seen.length).toBeLessThanOrEqual(4);
    expect(seen[0]).toBe(1);
    clock.pass(250);
    expect(clock.armed).toBe(0);
  });

  it('arms nothing while nobody listens, and nothing after it was closed', () => {
    const { clock, view } = aView();
    view.changed();
    expect(clock.armed).toBe(0);
    let told = 0;
    const stop = view.onChange(() => (told += 1));
    view.changed();
    view.close();
    expect(clock.armed).toBe(0);
    view.changed();
    stop();
    clock.pass(1_000);
    expect(told).toBe(0);
  });

  it('takes a listener off', () => {
    const { clock, view } = aView();
    let told = 0;
    const stop = view.onChange(() => (told += 1));
    view.changed();
    clock.pass(250);
    stop();
    view.changed();
    clock.pass(250);
    expect(told).toBe(1);
  });

  it('answers a refresh at once and asks for one tick, however many came', () => {
    const { clock, view, refreshes } = aView();
    expect(view.refresh()).toEqual({
      queued: true,
      coalesced: false,
      requestedAtMs: clock.wallMs,
      operations: ['reconcile', 'poll'],
    });
    expect(view.refresh()?.coalesced).toBe(true);
    expect(refreshes()).toBe(0);
    clock.pass(0);
    expect(refreshes()).toBe(1);
    expect(view.refresh()?.coalesced).toBe(false);
  });

  it('says that a refresh joins the one that is remembered already', () => {
    const { core, view } = aView();
    core.fire('tick');
    core.post({ kind: 'refresh_requested' });
    expect(view.refresh()?.coalesced).toBe(true);
  });

  it('takes no refresh while draining', () => {
    const { core, view, clock } = aView();
    core.shutdown();
    expect(view.refresh()).toBeNull();
    expect(clock.armed).toBe(0);
  });

  it('shows one issue, and counts what is under way at this very moment', () => {
    const { core, view } = aView();
    core.start(issue('1'), issue('2'), issue('3'));
    core.ended('2', failed());
    core.ended('3', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
    expect(view.issue('demo-1')?.status).toBe('running');
    expect(view.activity()).toEqual({ running: 1, retrying: 1, paused: '' });
  });
});
