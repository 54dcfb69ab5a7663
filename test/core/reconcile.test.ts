// Every tick, the states of all running issues are asked for in one call. What has moved on is stopped; an
// absent, failed or outdated answer stops nobody.

import { describe, expect, it } from 'vitest';
import { aCore, failed, type Core } from './driver.ts';
import { issue } from './issues.ts';

function running(...ids: string[]): Core {
  const core = aCore();
  core.start(...ids.map((id) => issue(id)));
  for (const id of ids) core.inTurn(id);
  core.fire('tick');
  return core;
}

const actions = (core: Core) => core.told('reconciled').map(({ issueId, action }) => `${issueId} ${action}`);

describe('reconcile', () => {
  it('asks for all running issues in one call', () => {
    const core = running('1', '2', '3');
    expect(core.one('fetch_states').issueIds).toEqual(['1', '2', '3']);
  });

  it('stops and cleans what is terminal, stops what is neither, keeps the rest', () => {
    const core = running('1', '2', '3', '4');
    core.states({ 1: 'DONE', 2: 'Backlog', 3: 'in progress' });
    expect(actions(core)).toEqual(['1 cleanup', '2 stop', '3 keep', '4 keep']);
    expect(core.opened('stop_run').map(({ issueId, reason }) => `${issueId} ${reason}`)).toEqual([
      '1 terminal',
      '2 not_active',
    ]);
    expect(core.snapshot().running.map((entry) => entry.state)).toEqual([
      'DONE',
      'Backlog',
      'in progress',
      'Todo',
    ]);
  });

  it('removes the workspace only when the run has ended, then releases', () => {
    const core = running('1');
    core.states({ 1: 'Done' });
    expect(core.opened('remove_workspace')).toEqual([]);
    core.ended('1', { kind: 'cancelled', reason: 'terminal' });
    const removal = core.one('remove_workspace');
    expect(removal).toMatchObject({ issueId: '1', issueIdentifier: 'DEMO-1', path: '/w/1' });
    expect(core.stageOf('1')).toBe('cleaning');
    core.removed(removal);
    expect(core.saved('forget_workspace')).toMatchObject([{ issueId: '1' }]);
    expect(core.told('workspace_removed')).toMatchObject([{ path: '/w/1' }]);
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('keeps the workspace of an issue that is neither active nor terminal', () => {
    const core = running('1');
    core.states({ 1: 'Backlog' });
    core.ended('1', { kind: 'cancelled', reason: 'not_active' });
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.opened('remove_workspace')).toEqual([]);
    expect(core.state.memory.get('1')?.workspacePath).toBe('/w/1');
  });

  it('says so and goes on when a workspace cannot be removed; it stays recorded', () => {
    const core = running('1');
    core.states({ 1: 'Done' });
    core.ended('1', { kind: 'cancelled', reason: 'terminal' });
    const { id } = core.one('remove_workspace');
    core.post({ kind: 'workspace_not_removed', effectId: id, message: 'busy' });
    expect(core.told('workspace_not_removed')).toMatchObject([{ path: '/w/1', message: 'busy' }]);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.state.memory.get('1')?.workspacePath).toBe('/w/1');
  });

  it('releases a terminal issue that has no workspace yet', () => {
    const core = aCore();
    core.start(issue('1'));
    core.fire('tick');
    core.states({ 1: 'Done' });
    core.ended('1', { kind: 'cancelled', reason: 'terminal' });
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('keeps everything when the call failed', () => {
    const core = running('1', '2');
    core.fail(core.one('fetch_states'));
    expect(actions(core)).toEqual(['1 keep', '2 keep']);
    expect(core.opened('stop_run')).toEqual([]);
  });

  it('keeps everything when the answer is suddenly empty', () => {
    const core = running('1', '2');
    core.states({});
    expect(core.opened('stop_run')).toEqual([]);
  });

  it('is not fooled by ids that are properties of every object', () => {
    const core = aCore();
    core.start(issue('constructor'));
    core.fire('tick');
    core.states({});
    expect(actions(core)).toEqual(['constructor keep']);
  });

  it('drops an answer from before a write of ours was confirmed', () => {
    const core = running('1');
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.progress('1', { kind: 'tracker_write_confirmed', state: 'In Progress' });
    core.states({ 1: 'Backlog' });
    expect(core.opened('stop_run')).toEqual([]);
    expect(core.snapshot().running[0]?.state).toBe('In Progress');
  });

  it('drops an answer that was asked for another run of the issue', () => {
    const core = running('1');
    core.ended('1', { kind: 'cancelled', reason: 'lost' });
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.states({ 1: 'Backlog' });
    expect(core.opened('stop_run')).toEqual([]);
  });

  it('drops an answer about an issue that no longer runs', () => {
    const core = running('1');
    core.ended('1', failed());
    core.states({ 1: 'Done' });
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('stops a run once: the first reason wins, and it is not asked about any more', () => {
    const core = running('1');
    core.states({ 1: 'Backlog' });
    core.preflight();
    core.candidates([]);
    core.fire('tick');
    expect(core.opened('fetch_states')).toEqual([]);
    core.pass(400_000);
    core.answerTick();
    core.tick();
    expect(core.opened('stop_run')).toHaveLength(1);
    expect(core.run('1').stopping).toBe('not_active');
  });

  it('lets a run whose own tool call moved its issue end by itself, or until it begins another turn', () => {
    const core = running('1');
    core.states({ 1: 'Todo' });
    core.preflight();
    core.candidates([]);
    core.progress('1', { kind: 'tracker_write_confirmed', state: 'Review' });
    core.fire('tick');
    core.states({ 1: 'Review' });
    expect(actions(core)).toEqual(['1 keep']);
    core.preflight();
    core.candidates([]);
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.fire('tick');
    core.states({ 1: 'Review' });
    expect(actions(core)).toEqual(['1 keep']);
    core.preflight();
    core.candidates([]);
    core.progress('1', { kind: 'turn_started', turn: 2 });
    core.fire('tick');
    core.states({ 1: 'Review' });
    expect(actions(core)).toEqual(['1 stop']);
  });

  it('stops a run whose own tool call made its issue terminal', () => {
    const core = running('1');
    core.states({ 1: 'Todo' });
    core.preflight();
    core.candidates([]);
    core.progress('1', { kind: 'tracker_write_confirmed', state: 'Done' });
    core.fire('tick');
    core.states({ 1: 'Done' });
    expect(actions(core)).toEqual(['1 cleanup']);
  });

  it('does not take the worker’s own move, before its turn, for the agent’s', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'tracker_write_confirmed', state: 'In Progress' });
    core.inTurn('1');
    core.fire('tick');
    core.states({ 1: 'Review' });
    expect(actions(core)).toEqual(['1 stop']);
  });

  it('judges what runs by the states of a reload', () => {
    const core = aCore();
    core.start(issue('1'));
    core.reload({ tracker: { activeStates: ['In Progress'] } });
    expect(core.opened('stop_run')).toEqual([]);
    core.fire('tick');
    core.states({ 1: 'Todo' });
    expect(core.one('stop_run').reason).toBe('not_active');
  });

  it('notes the state that the worker saw after a turn', () => {
    const core = running('1');
    core.progress('1', { kind: 'state_observed', state: 'In Progress' });
    expect(core.snapshot().running[0]?.state).toBe('In Progress');
  });
});
