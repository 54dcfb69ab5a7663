// The review limit: with so many issues in the handoff state nothing new is begun, what is under way goes on, and the
// tracker is asked only when the answer matters.

import { describe, expect, it } from 'vitest';
import { aCore, failed, noticesOf, type Core } from './driver.ts';
import { failure, issue, type SettingsChange } from './issues.ts';

function limit(maxInHandoff: number, agent: SettingsChange['agent'] = {}): SettingsChange {
  return { tracker: { handoffState: 'Review', maxInHandoff }, agent };
}

/** In a tick, its preflight passed. */
function inTick(change: SettingsChange): Core {
  const core = aCore({ settings: change, inFirstTick: true });
  core.preflight();
  return core;
}

/** A whole tick in which so many are counted. */
function tick(core: Core, count: number, ids: readonly string[]): void {
  core.fire('tick');
  if (core.opened('fetch_states').length > 0) core.states({});
  core.preflight();
  core.counted(count);
  core.candidates(ids.map((id) => issue(id)));
}

const claimed = (core: Core): string[] => [...core.state.claims.keys()];

describe('the review limit', () => {
  it('is asked about before the candidates are', () => {
    const core = inTick(limit(3));
    expect(core.one('count_handoff').state).toBe('Review');
    expect(core.opened('fetch_candidates')).toEqual([]);
    core.counted(0);
    core.candidates([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it.each([
    ['is 0', { tracker: { handoffState: 'Review', maxInHandoff: 0 } }],
    ['has no handoff state', { tracker: { handoffState: '', maxInHandoff: 3 } }],
  ])('asks nothing where it %s', (_, change) => {
    const core = inTick(change);
    expect(core.opened('count_handoff')).toEqual([]);
    core.candidates([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
    expect(core.snapshot().handoff).toBeNull();
  });

  it('asks nothing where no slot is free', () => {
    const core = inTick(limit(3, { maxConcurrentAgents: 1 }));
    core.counted(0);
    core.candidates([issue('1')]);
    core.found('1', issue('1'));
    core.fire('tick');
    core.states({ 1: 'Todo' });
    core.preflight();
    expect(core.opened('count_handoff')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success' }]);
  });

  it('reads no candidates when the last slot was taken while it was asked', () => {
    const core = inTick(limit(3, { maxConcurrentAgents: 1 }));
    core.reload(limit(3, { maxConcurrentAgents: 0 }));
    core.counted(0);
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success' }]);
  });

  it('asks nothing while nothing may be started anyway', () => {
    const core = inTick(limit(3));
    core.counted(0);
    core.candidates([issue('1')]);
    core.found('1', issue('1'));
    core.ended('1', failed('turn_failed', { reason: 'quota' }));
    core.fire('tick');
    core.preflight();
    expect(core.opened('count_handoff')).toEqual([]);
    core.candidates([issue('2')]);
    expect(core.state.verdicts.get('2')?.verdict).toBe('paused');
  });

  it('keeps new issues back once it is reached, and says so', () => {
    const core = inTick(limit(3));
    core.counted(3);
    core.candidates([issue('1'), issue('2')], 'page 2');
    expect(claimed(core)).toEqual([]);
    expect(core.state.verdicts.get('1')).toMatchObject({
      verdict: 'handoff_limit',
      detail: 'no more than 3 issues may wait in Review (tracker.max_in_handoff)',
    });
    // One page shows people why; the rest of the backlog is left alone, and a person has to do something.
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success', nothingEligible: true }]);
    expect(core.snapshot().handoff).toEqual({ limit: 3, count: 3, asOfMs: core.atMs });
    expect(core.snapshot().pauses).toEqual([
      {
        reason: 'handoff_limit',
        agentKind: null,
        detail: '3 issues wait in Review; tracker.max_in_handoff is 3',
        untilMs: null,
      },
    ]);
  });

  it('is told once when it is reached and once when people have room again', () => {
    const core = inTick(limit(3));
    core.counted(4);
    expect(core.told('dispatch_paused')).toMatchObject([{ reason: 'handoff_limit', agentKind: null }]);
    core.candidates([issue('1')]);
    tick(core, 5, ['1']);
    tick(core, 3, ['1']);
    tick(core, 2, ['1']);
    expect(claimed(core)).toEqual(['1']);
    expect(noticesOf(core.all, 'dispatch_paused')).toHaveLength(1);
    expect(noticesOf(core.all, 'dispatch_resumed')).toMatchObject([{ reason: 'handoff_limit' }]);
  });

  it('begins no more in a tick than people have room for', () => {
    const core = inTick(limit(5));
    core.counted(3);
    core.candidates([issue('1')], 'page 2');
    core.candidates([issue('2'), issue('3')], 'page 3');
    expect(claimed(core)).toEqual(['1', '2']);
    expect(core.state.verdicts.get('3')).toMatchObject({
      verdict: 'handoff_limit',
      detail: '2 of 5 places in Review are kept for runs that this tick has just started',
    });
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ dispatched: 2, nothingEligible: false }]);
    expect(core.snapshot().pauses).toEqual([]);
  });

  it('is not what is in the way when no slot is left either', () => {
    const core = inTick(limit(2, { maxConcurrentAgents: 2 }));
    core.counted(0);
    core.candidates([issue('1'), issue('2'), issue('3')]);
    expect(claimed(core)).toEqual(['1', '2']);
    expect(core.state.verdicts.get('3')?.verdict).toBe('no_global_slot');
  });

  it('counts what is being handed off as if it waited already, and what runs not at all', () => {
    const core = inTick(limit(3));
    core.counted(0);
    core.candidates([issue('1'), issue('2')]);
    core.found('1', issue('1'));
    core.found('2', issue('2'));
    core.ended('1', { kind: 'normal', end: 'status_needs_human_review', state: 'Todo', evidence: null });
    expect(core.stageOf('1')).toBe('handing_off');
    tick(core, 1, ['3', '4']);
    expect(core.stageOf('3')).toBe('checking');
    expect(core.stageOf('4')).toBe('unclaimed');
  });

  it('adds what was handed off since it was counted', () => {
    const core = inTick(limit(3));
    core.counted(2);
    core.candidates([issue('1')]);
    core.found('1', issue('1'));
    core.ended('1', { kind: 'normal', end: 'status_needs_human_review', state: 'Todo', evidence: null });
    core.wrote(core.one('transition_issue'));
    expect(core.snapshot().handoff?.count).toBe(3);
    expect(core.told('dispatch_paused')).toMatchObject([{ reason: 'handoff_limit' }]);
  });

  it('lets retries go on', () => {
    const core = inTick(limit(3));
    core.counted(0);
    core.candidates([issue('1')]);
    core.found('1', issue('1'));
    core.ended('1', failed());
    tick(core, 9, ['2']);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('running');
    expect(core.stageOf('2')).toBe('unclaimed');
  });

  it('gives a candidate back that was being looked at when it was reached', () => {
    const core = inTick(limit(3));
    core.counted(2);
    core.candidates([issue('1')]);
    tick(core, 3, []);
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'handoff_limit' }]);
  });

  it('begins nothing new in a tick in which it could not be counted', () => {
    const core = inTick(limit(3));
    core.fail(core.one('count_handoff'), failure({ message: 'the tracker is away' }));
    expect(core.told('fetch_failed')).toMatchObject([{ what: 'count_handoff' }]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'error', error: 'the tracker is away' }]);
    expect(core.opened('fetch_candidates')).toEqual([]);
    tick(core, 0, ['1']);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('ends the tick where the tracker asked for peace meanwhile', () => {
    const core = inTick(limit(3));
    core.fail(core.one('count_handoff'), failure({ retryAfterMs: 60_000 }));
    core.pass(60_000);
    tick(core, 0, []);
    core.fire('tick');
    core.preflight();
    core.state.trackerNotBeforeMs = core.atMs + 1_000;
    core.counted(0);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'error', throttled: true }]);
  });
});

describe('a reload', () => {
  it.each([
    ['another limit', { tracker: { handoffState: 'Review', maxInHandoff: 9 } }],
    ['another state', { tracker: { handoffState: 'Checked', maxInHandoff: 3 } }],
    ['no limit', { tracker: { handoffState: 'Review', maxInHandoff: 0 } }],
  ])('to %s forgets the count', (_, change) => {
    const core = inTick(limit(3));
    core.counted(3);
    core.candidates([]);
    core.reload(change);
    expect(core.snapshot().handoff).toBeNull();
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'handoff_limit' }]);
  });

  it('of anything else keeps it', () => {
    const core = inTick(limit(3));
    core.counted(3);
    core.reload(limit(3, { maxConcurrentAgents: 2 }));
    expect(core.snapshot().handoff?.count).toBe(3);
  });

  it('to another state while the old one is being counted has the new one counted in the same tick', () => {
    const core = inTick(limit(3));
    core.reload({ tracker: { handoffState: 'Checked', maxInHandoff: 3 } });
    core.counted(3);
    expect(core.one('count_handoff').state).toBe('Checked');
    core.counted(0);
    core.candidates([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('to no limit while it is being counted goes on with the candidates', () => {
    const core = inTick(limit(3));
    core.reload({ tracker: { handoffState: 'Review', maxInHandoff: 0 } });
    core.counted(3);
    core.candidates([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('to a limit while candidates are being read begins nothing before they were counted', () => {
    const core = inTick({ tracker: { handoffState: 'Review' } });
    core.reload(limit(3));
    core.candidates([issue('1')]);
    expect(core.state.verdicts.get('1')?.verdict).toBe('handoff_limit');
    tick(core, 0, ['1']);
    expect(core.stageOf('1')).toBe('checking');
  });
});

it('a shutdown drops the answer', () => {
  const core = inTick(limit(3));
  core.counted(0);
  core.candidates([issue('1')]);
  core.found('1', issue('1'));
  core.fire('tick');
  core.states({ 1: 'Todo' });
  core.preflight();
  core.shutdown();
  core.counted(0);
  expect(core.state.mode).toBe('draining');
  expect(core.last).toEqual([]);
});
