// A write that failed cancels what depends on it and pauses dispatch until a write goes through again. Nothing that
// was not durable has happened.

import { describe, expect, it } from 'vitest';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { issue, REVIEW, storedPark, storedRetry, storedIssue } from './issues.ts';

function lostStart(): Core {
  const core = aCore();
  core.tick([issue('1')]);
  core.found('1', issue('1'));
  core.loseSave();
  return core;
}

function cancelledRun(core: Core): string {
  const [start] = core.all.filter((effect) => effect.kind === 'start_run');
  expect(start).toBeDefined();
  return start?.spec.runId ?? '';
}

describe('a failed write', () => {
  it('queues the start that was cancelled again, attempt unchanged', () => {
    const core = lostStart();
    expect(core.told('store_paused')).toMatchObject([{ message: 'disk full' }]);
    expect(core.retry('1')).toMatchObject({ attempt: 0, failures: 0, error: 'disk full', step: 'agent' });
    expect(core.told('dispatch_failed')).toHaveLength(1);
    expect(core.opened('start_run')).toEqual([]);
    core.post({ kind: 'store_recovered' });
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(0);
  });

  it('closes the row of a start that never happened, should it still be written', () => {
    const core = lostStart();
    expect(core.saved('run_ended')).toMatchObject([
      { runId: cancelledRun(core), status: 'interrupted', secondsRunning: 0 },
    ]);
  });

  it('ignores the end of a run that was cancelled before it began', () => {
    const core = lostStart();
    expect(core.post({ kind: 'run_ended', runId: cancelledRun(core), exit: normalEnd })).toEqual([]);
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('pauses dispatch: reconciled, but no candidates, no due retry', () => {
    const core = lostStart();
    core.fire('tick');
    core.preflight();
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([
      { result: 'error', error: 'the store cannot be written' },
    ]);
    core.fire('retry:1');
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.stage('1', 'retry_queued').waitsForSlot).toBe(true);
  });

  it('lets go when a write went through: waiting retries first', () => {
    const core = lostStart();
    core.fire('retry:1');
    core.post({ kind: 'store_recovered' });
    expect(core.told('store_resumed')).toHaveLength(1);
    expect(core.stageOf('1')).toBe('checking');
    core.tick([issue('2')]);
    expect(core.stageOf('2')).toBe('checking');
  });

  it('says once that the store cannot be written', () => {
    const core = lostStart();
    core.post({ kind: 'store_failed', effectId: 0, cancelled: [], message: 'disk full' });
    expect(core.told('store_paused')).toEqual([]);
  });

  it('gives a candidate back whose check comes meanwhile, and a retry to the queue', () => {
    const core = aCore({ stored: { retries: [storedRetry('3', { attempt: 2 })] } });
    core.tick([issue('1'), issue('2')]);
    core.fire('retry:3');
    core.found('1', issue('1'));
    core.loseSave();
    core.found('2', issue('2'));
    expect(core.stageOf('2')).toBe('unclaimed');
    core.found('3', issue('3'));
    expect(core.retry('3')).toMatchObject({ attempt: 2, error: 'it broke' });
    expect(core.stage('3', 'retry_queued').waitsForSlot).toBe(true);
    expect(core.opened('start_run')).toEqual([]);
  });

  it('tries a handoff again that was not sent', () => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.ended('1', normalEnd);
    core.loseSave();
    expect(core.opened('transition_issue')).toEqual([]);
    expect(core.retry('1')).toMatchObject({ step: 'handoff', refusals: 0, attempt: 0 });
  });

  it('releases an issue whose cleaning was not begun; the sweep finds its workspace again', () => {
    const core = aCore({ stored: { parks: [storedPark('1')], issues: [known('1')] } });
    core.sweepStates({ 'DEMO-1': 'Done' });
    core.loseSave();
    expect(core.opened('remove_workspace')).toEqual([]);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.state.memory.get('1')?.workspacePath).toBe('/w/1');
  });

  it('leaves running work alone', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'workspace_ready', path: '/w/1', created: true });
    core.loseSave();
    expect(core.stageOf('1')).toBe('running');
    expect(core.opened('stop_run')).toEqual([]);
    core.ended('1', failed());
    expect(core.stageOf('1')).toBe('retry_queued');
  });
});

function known(id: string) {
  return storedIssue(id, { workspacePath: `/w/${id}` });
}
