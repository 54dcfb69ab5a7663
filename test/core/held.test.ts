// A held issue is not started until `unhold`, whatever happens to it, to the workflow or to the daemon.

import { describe, expect, it } from 'vitest';
import { issueSnapshotOf } from '../../src/core/snapshot.ts';
import { aCore, type Core } from './driver.ts';
import { issue, REVIEW, storedIssue, storedPark, storedRetry } from './issues.ts';

const HELD = storedPark('1', { reason: 'held', detail: 'held by bob: later' });

function held(): Core {
  return aCore({ stored: { parks: [HELD] } });
}

describe('hold', () => {
  it('of an issue that nobody has a claim on makes a durable claim that never starts', () => {
    const core = aCore();
    expect(core.sayOf('hold', '1', issue('1'))).toEqual({
      kind: 'accepted',
      message: 'DEMO-1 is held until unhold',
    });
    expect(core.saved('put_park')).toMatchObject([
      { park: { issueId: '1', reason: 'held', detail: 'held by alice', baseline: null } },
    ]);
    for (let ticks = 0; ticks < 3; ticks += 1) core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.verdict('DEMO-1')).toBe('held');
    expect(core.snapshot().parked).toMatchObject([{ reason: 'held', endsOn: ['unhold'] }]);
  });

  it('takes a queued retry out of the queue', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { attempt: 2 })] } });
    core.sayOf('hold', '1');
    expect(core.saved('delete_retry')).toHaveLength(1);
    expect(core.park('1')).toMatchObject({ reason: 'held', attempt: 2, failures: 1 });
    expect(core.timers.has('retry:1')).toBe(false);
  });

  it.each(['handoff', 'review'] as const)('does not forget a %s that finished work is owed', (step) => {
    const retry = storedRetry('1', { step, attempt: 2, dueAtMs: 1e15 });
    const core = aCore({ settings: REVIEW, stored: { retries: [retry] } });
    expect(core.sayOf('hold', '1')).toEqual({
      kind: 'refused',
      code: 'invalid_state',
      message:
        'the work of DEMO-1 is done and only its handoff is owed, which a hold would forget: ' +
        'wait for it, or release the issue; possible now: dispatch, retry, release',
    });
    expect(core.ordered()).toEqual(['answer_control']);
    expect(issueSnapshotOf(core.state, 'DEMO-1')?.controls).toEqual(['dispatch', 'retry', 'release']);
    core.sayOf('retry', '1');
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.opened('transition_issue')).toHaveLength(1);
  });

  it('takes the place of another park, which cannot end any more', () => {
    const park = storedPark('1', { reason: 'quota', untilMs: 1e15, attempt: 2 });
    const core = aCore({ stored: { parks: [park] }, settings: { tracker: { parkLabel: 'parked' } } });
    core.sayOf('hold', '1');
    expect(core.saved('put_park')).toMatchObject([{ park: { reason: 'held', untilMs: null, attempt: 2 } }]);
    expect(core.saved('delete_park')).toEqual([]);
    expect(core.opened('label_issue')).toEqual([]);
    expect(core.timers.has('park:1')).toBe(false);
    core.post({ kind: 'timer_fired', timer: 'park:1' });
    expect(core.stageOf('1')).toBe('parked');
  });

  it('lets all who wait for an agent try again when the one parked for it is held', () => {
    const core = aCore();
    core.start(issue('1'));
    core.ended('1', { kind: 'failed', failure: { kind: 'agent_not_found', message: 'no claude' } });
    expect(core.snapshot().pauses).toHaveLength(1);
    core.sayOf('hold', '1');
    expect(core.snapshot().pauses).toEqual([]);
  });

  it('drops the answer of a look at the park before', () => {
    const core = aCore({ stored: { parks: [storedPark('1')] } });
    core.tick();
    core.sayOf('hold', '1');
    core.found('1', issue('1', { state: 'Done' }));
    expect(core.park('1')).toMatchObject({ reason: 'held', baseline: null });
  });
});

describe('a hold', () => {
  it('outlives a restart, a reload, a change of the issue and a touch', () => {
    const core = held();
    core.reload({}, true);
    core.tick([issue('1', { title: 'Another' })]);
    core.post({ kind: 'issue_touched', issueId: '1' });
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.park('1')).toEqual(HELD);
  });

  it('outlives the active states, and keeps the workspace until it ends', () => {
    const issues = [storedIssue('1', { workspacePath: '/w/1' }), storedIssue('2', { workspacePath: '/w/2' })];
    const core = aCore({ stored: { parks: [HELD], issues } });
    expect(core.one('fetch_states_by_identifier').identifiers).toEqual(['DEMO-2']);
    core.sweepStates({ 'DEMO-1': 'Done', 'DEMO-2': 'Todo' });
    expect(core.opened('remove_workspace')).toEqual([]);
    expect(core.stageOf('1')).toBe('parked');
    core.sayOf('unhold', '1');
    for (let ticks = 1; ticks < 60; ticks += 1) core.tick();
    core.fire('tick');
    core.sweepStates({ 'DEMO-1': 'Done', 'DEMO-2': 'Todo' });
    expect(core.one('remove_workspace').path).toBe('/w/1');
  });

  it('ends by unhold alone: the claim is gone, and the next tick judges the issue anew', () => {
    const core = held();
    expect(core.sayOf('unhold', '1')).toMatchObject({ kind: 'accepted' });
    expect(core.saved('delete_park')).toHaveLength(1);
    expect(core.told('released')).toMatchObject([{ why: 'no longer held by alice' }]);
    core.tick([issue('1')]);
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(0);
  });

  it('is told with the label and the living comment like any park', () => {
    const comments = { onDispatch: false, onCompletion: false, onFailure: true, style: 'living' } as const;
    const core = aCore({ settings: { tracker: { parkLabel: 'parked', comments } } });
    core.start(issue('1'));
    core.sayOf('cancel', '1');
    expect(core.opened('label_issue')).toEqual([]);
    core.ended('1', { kind: 'cancelled', reason: 'operator' });
    expect(core.one('label_issue').add).toEqual(['parked']);
    expect(core.one('comment_issue').facts).toMatchObject({ standing: 'parked', attempt: 0 });
  });
});
