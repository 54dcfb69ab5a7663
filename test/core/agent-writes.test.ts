// Writes that agents asked for: they are ours, so they end no park and stop no turn, and what was read before them is
// outdated.

import { describe, expect, it } from 'vitest';
import { aCore, Core, NOTHING_STORED } from './driver.ts';
import { issue, REVIEW, settings, storedPark, storedRetry } from './issues.ts';
import { fingerprintOf } from '../../src/core/fingerprint.ts';

function running(): Core {
  const core = aCore();
  core.start(issue('1'));
  core.inTurn('1');
  return core;
}

function parked(): Core {
  const core = aCore();
  core.tick([issue('1')]);
  core.found('1', issue('1'));
  core.ended('1', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
  core.found('1', issue('1'));
  return core;
}

const writing = { kind: 'issue_writing', writeId: 'w', issueId: '1' } as const;
const written = (runId: string | null, state: string | null) =>
  ({ kind: 'issue_written', writeId: 'w', issueId: '1', runId, state }) as const;

describe('a run whose own tool call moves its issue', () => {
  it('may finish its turn', () => {
    const core = running();
    core.post(writing);
    core.post(written(core.run('1').runId, 'In Review'));
    core.fire('tick');
    core.states({ 1: 'In Review' });
    expect(core.opened('stop_run')).toEqual([]);
    expect(core.snapshot().running.map(({ state }) => state)).toEqual(['In Review']);
  });

  it('is stopped when the state is terminal', () => {
    const core = running();
    core.post(writing);
    core.post(written(core.run('1').runId, 'Done'));
    core.fire('tick');
    core.states({ 1: 'Done' });
    expect(core.opened('stop_run')).toMatchObject([{ issueId: '1', reason: 'terminal' }]);
  });

  it('is stopped when it was a write of an earlier run, which a person has allowed meanwhile', () => {
    const core = running();
    core.post(writing);
    core.post(written('an-earlier-run', 'In Review'));
    core.fire('tick');
    core.states({ 1: 'In Review' });
    expect(core.opened('stop_run')).toMatchObject([{ issueId: '1', reason: 'not_active' }]);
  });

  it('is not judged by a state that was read before the write', () => {
    const core = running();
    core.fire('tick');
    core.post(writing);
    core.post(written(core.run('1').runId, null));
    core.states({ 1: 'Backlog' });
    expect(core.opened('stop_run')).toEqual([]);
  });
});

describe('a parked issue', () => {
  it('stays parked when an approved write changes it', () => {
    const core = parked();
    const changed = issue('1', { labels: ['by-agent'] });
    core.post(writing);
    core.tick([changed]);
    expect(core.stageOf('1')).toBe('parked');
    core.post(written('an-earlier-run', null));
    core.found('1', changed);
    core.tick([changed]);
    expect(core.stageOf('1')).toBe('parked');
  });

  it('is dispatched again when a person changes it after that', () => {
    const core = parked();
    const changed = issue('1', { labels: ['by-agent'] });
    core.post(writing);
    core.post(written(null, null));
    core.found('1', changed);
    core.tick([issue('1', { labels: ['by-agent', 'by-a-person'] })]);
    core.found('1', issue('1', { labels: ['by-agent', 'by-a-person'] }));
    expect(core.stageOf('1')).toBe('retry_queued');
  });
});

/** Parked, read, and thus compared with how it looked then. */
function baselineOf(core: Core): string | null {
  const stage = core.state.claims.get('1')?.stage;
  return stage?.kind === 'parked' ? stage.park.baseline : null;
}

const recovered = {
  kind: 'recovered',
  stored: {
    ...NOTHING_STORED,
    parks: [storedPark('1', { reason: 'blocked', baseline: fingerprintOf(issue('1')) })],
  },
  settings: settings(),
} as const;

/** Nothing is read yet. */
function restarted(): Core {
  return new Core();
}

describe('what a parked issue looked like', () => {
  it('is forgotten durably before the write is sent', () => {
    const core = parked();
    expect(baselineOf(core)).not.toBeNull();
    core.post(writing);
    expect(baselineOf(core)).toBeNull();
    expect(core.saved('put_park')).toMatchObject([{ park: { baseline: null } }]);
  });

  it('is not read while the write is under way, not even by a look that was asked before', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.found('1', issue('1'));
    core.ended('1', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
    core.post(writing);
    core.found('1', issue('1'));
    core.tick([]);
    expect(baselineOf(core)).toBeNull();
  });

  it('is forgotten at a restart in the middle of a write', () => {
    const core = restarted();
    core.post(writing);
    core.post(recovered);
    expect(baselineOf(core)).toBeNull();
    expect(core.saved('put_park')).toMatchObject([{ park: { baseline: null } }]);
    expect(core.opened('fetch_issue')).toEqual([]);
  });

  it('is forgotten at a restart when the write was found to be made before the store was read', () => {
    const core = restarted();
    core.post(writing);
    core.post(written(null, null));
    core.post(recovered);
    expect(baselineOf(core)).toBeNull();
    expect(core.opened('fetch_issue')).toMatchObject([{ issueId: '1' }]);
    expect(core.state.writtenEarly.size).toBe(0);
  });
});

describe('an owed handoff', () => {
  const before = fingerprintOf({ ...issue('1'), comments: [] });
  const owed = storedRetry('1', { step: 'handoff', baseline: before });

  function owing(): Core {
    return aCore({ settings: REVIEW, stored: { retries: [owed] } });
  }

  it('does not become a run of the agent because a write of an agent changed the issue', () => {
    const core = owing();
    core.post(writing);
    core.fire('retry:1');
    core.found('1', issue('1', { labels: ['by-agent'] }));
    expect(core.opened('transition_issue')).toHaveLength(1);
  });

  it('forgets durably what it looked like, also while it is being looked at', () => {
    const core = owing();
    core.fire('retry:1');
    core.post(writing);
    expect(core.saved('put_retry')).toMatchObject([{ retry: { step: 'handoff', baseline: null } }]);
    core.found('1', issue('1', { labels: ['by-agent'] }));
    expect(core.opened('transition_issue')).toHaveLength(1);
  });

  it('is looked at once more when the look is from before the write', () => {
    const core = owing();
    core.fire('retry:1');
    const first = core.look('1');
    core.post(writing);
    core.post(written(null, 'Backlog'));
    core.post({ kind: 'issue_fetched', effectId: first.id, issue: issue('1') });
    expect(core.opened('transition_issue')).toEqual([]);
    expect(core.look('1').id).not.toBe(first.id);
  });

  it('does not become a run of the agent because our own label came off', () => {
    const labelled = issue('1', { labels: ['parked'] });
    const baseline = fingerprintOf({ ...labelled, comments: [] });
    const change = { tracker: { ...REVIEW.tracker, parkLabel: 'parked' } };
    const core = aCore({
      settings: change,
      stored: { parks: [storedPark('1', { reason: 'handoff_failed', baseline })] },
    });
    core.post({ kind: 'settings_reloaded', settings: settings(change), endsParks: true });
    expect(core.opened('label_issue')).toMatchObject([{ remove: ['parked'] }]);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.opened('transition_issue')).toHaveLength(1);
  });
});

describe('a look that was asked before a write was confirmed', () => {
  it('starts nothing: the issue is checked once more', () => {
    const core = aCore();
    core.tick([issue('1')]);
    const first = core.look('1');
    core.post(writing);
    core.post(written('an-earlier-run', 'Done'));
    const second = core.look('1');
    expect(second.id).not.toBe(first.id);
    core.post({ kind: 'issue_fetched', effectId: first.id, issue: issue('1') });
    expect(core.opened('start_run')).toEqual([]);
    core.post({ kind: 'issue_fetched', effectId: second.id, issue: issue('1', { state: 'Done' }) });
    expect(core.opened('start_run')).toEqual([]);
    expect(core.stageOf('1')).not.toBe('running');
  });

  it('does not stop the run whose move it shows, though the answer to the tool is still on its way', () => {
    const core = running();
    core.fire('tick');
    core.post(writing);
    core.states({ 1: 'In Review' });
    expect(core.opened('stop_run')).toEqual([]);
  });
});

it('a write that is told twice moves nothing the second time', () => {
  const core = running();
  const { runId } = core.run('1');
  core.post(writing);
  core.post(written(runId, 'In Progress'));
  core.progress('1', { kind: 'turn_finished', turn: 1 });
  core.progress('1', { kind: 'turn_started', turn: 2 });
  core.post(written(runId, 'In Progress'));
  core.fire('tick');
  core.states({ 1: 'Backlog' });
  expect(core.opened('stop_run')).toMatchObject([{ reason: 'not_active' }]);
});

it('a write on an issue that nobody has a hold on changes nothing', () => {
  const core = aCore();
  expect(core.post(writing)).toEqual([]);
  expect(core.post(written(null, 'Done'))).toEqual([]);
  expect(core.state.agentWrites.size).toBe(0);
});
