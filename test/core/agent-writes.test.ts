// Writes that agents asked for: they are ours, so they end no park and stop no turn, and what was read before them is
// outdated.

import { describe, expect, it } from 'vitest';
import { aCore, type Core } from './driver.ts';
import { issue } from './issues.ts';

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

it('a write on an issue that nobody has a hold on changes nothing', () => {
  const core = aCore();
  expect(core.post(writing)).toEqual([]);
  expect(core.post(written(null, 'Done'))).toEqual([]);
  expect(core.state.agentWrites.size).toBe(0);
});
