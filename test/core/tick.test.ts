// One tick: reconcile → preflight → candidates → dispatch. It never overlaps with another one, and a refresh
// that comes meanwhile is remembered once.

import { describe, expect, it } from 'vitest';
import { aCore } from './driver.ts';
import { failure, issue } from './issues.ts';

describe('tick', () => {
  it('comes at once after recovery', () => {
    const core = aCore({ inFirstTick: true });
    expect(core.ordered()).toEqual(['run_preflight']);
  });

  it('reconciles, then runs the preflight, then reads candidates, then dispatches', () => {
    const core = aCore();
    core.start(issue('1'));
    core.fire('tick');
    expect(core.ordered()).toEqual(['fetch_states']);
    core.states({ 1: 'Todo' });
    expect(core.ordered()).toEqual(['run_preflight']);
    core.preflight();
    expect(core.ordered()).toEqual(['fetch_candidates']);
    core.candidates([issue('1'), issue('2')]);
    expect(core.ordered()).toEqual(['fetch_issue', 'arm_timer']);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success', candidates: 2, dispatched: 1 }]);
  });

  it('asks for no states when nothing runs', () => {
    const core = aCore();
    core.fire('tick');
    expect(core.ordered()).toEqual(['run_preflight']);
  });

  it('goes on after a failed state refresh', () => {
    const core = aCore();
    core.start(issue('1'));
    core.fire('tick');
    core.fail(core.one('fetch_states'));
    expect(core.ordered()).toEqual(['run_preflight']);
    expect(core.told('fetch_failed')).toMatchObject([
      { what: 'fetch_states', message: 'the tracker is away' },
    ]);
  });

  it('dispatches nothing while the preflight fails, though it did reconcile', () => {
    const core = aCore();
    core.start(issue('1'));
    core.fire('tick');
    core.states({ 1: 'Done' });
    expect(core.stage('1', 'running').run.stopping).toBe('terminal');
    core.preflight(['agent.command: not found', 'workspace.root: not writable']);
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([
      { result: 'skipped', error: 'agent.command: not found; workspace.root: not writable' },
    ]);
    expect(core.snapshot().preflightProblems).toHaveLength(2);
    expect(core.timers.get('tick')).toBe(core.atMs + 30_000);
  });

  it('says once that the preflight fails, and once that it passes again', () => {
    const core = aCore();
    const fail = (problem: string) => {
      core.fire('tick');
      return core.preflight([problem]);
    };
    fail('no agent');
    expect(core.told('preflight_failed')).toMatchObject([{ problems: ['no agent'] }]);
    fail('no agent');
    expect(core.told('preflight_failed')).toEqual([]);
    fail('no folder');
    expect(core.told('preflight_failed')).toHaveLength(1);
    core.fire('tick');
    core.preflight();
    expect(core.told('preflight_recovered')).toHaveLength(1);
    expect(core.snapshot().preflightProblems).toEqual([]);
    core.candidates([]);
    core.fire('tick');
    core.preflight();
    expect(core.told('preflight_recovered')).toEqual([]);
  });

  it('skips to the next tick when candidates cannot be read', () => {
    const core = aCore();
    core.fire('tick');
    core.preflight();
    core.fail(core.one('fetch_candidates'));
    expect(core.told('tick_completed')).toMatchObject([{ result: 'error', error: 'the tracker is away' }]);
    expect(core.snapshot().lastTick).toEqual({
      atMs: core.atMs,
      result: 'error',
      error: 'the tracker is away',
    });
    expect(core.timers.get('tick')).toBe(core.atMs + 30_000);
  });

  it('asks for no candidates when no slot is free, and is a success', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.start(issue('1'));
    core.fire('tick');
    core.states({ 1: 'Todo' });
    core.preflight();
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success', nothingEligible: false }]);
  });

  it('reads page by page and stops when its slots are filled', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 3 } } });
    core.fire('tick');
    core.preflight();
    core.candidates([issue('1'), issue('2')], 'p2');
    expect(core.one('fetch_candidates').cursor).toBe('p2');
    expect(core.opened('fetch_issue').map(({ issueId }) => issueId)).toEqual(['1', '2']);
    core.candidates([issue('3'), issue('4')], 'p3');
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.stageOf('3')).toBe('checking');
    expect(core.verdict('DEMO-4')).toBe('no_global_slot');
    expect(core.told('tick_completed')).toMatchObject([{ candidates: 4, dispatched: 3 }]);
  });

  it('takes an issue once that comes on two pages', () => {
    const core = aCore();
    core.fire('tick');
    core.preflight();
    core.candidates([issue('1')], 'p2');
    core.candidates([issue('1'), issue('2')]);
    expect(core.opened('fetch_issue').map(({ issueId }) => issueId)).toEqual(['1', '2']);
    expect(core.told('tick_completed')).toMatchObject([{ candidates: 2 }]);
  });

  it('knows when nothing could be dispatched: only after a whole read', () => {
    const core = aCore();
    core.tick([issue('1', { state: 'Backlog' })]);
    expect(core.told('tick_completed')).toMatchObject([{ nothingEligible: true }]);
    core.tick([issue('1')]);
    expect(core.told('tick_completed')).toMatchObject([{ nothingEligible: false }]);
    core.found('1', null);
    core.fire('tick');
    core.preflight();
    core.candidates([issue('2', { state: 'Backlog' })], 'p2');
    core.fail(core.one('fetch_candidates'));
    expect(core.told('tick_completed')).toMatchObject([{ nothingEligible: false }]);
  });

  it('does not overlap: a refresh while it runs is remembered once', () => {
    const core = aCore();
    core.fire('tick');
    for (let times = 0; times < 3; times += 1) {
      core.pass(100);
      core.post({ kind: 'refresh_requested' });
      expect(core.last).toEqual([]);
    }
    core.answerTick();
    expect(core.timers.get('tick')).toBe(core.atMs);
    core.tick();
    expect(core.timers.get('tick')).toBe(core.atMs + 30_000);
  });

  it('does not forget a remembered refresh when a reload comes before it', () => {
    const core = aCore();
    core.fire('tick');
    core.post({ kind: 'refresh_requested' });
    core.answerTick();
    core.reload({ pollIntervalMs: 60_000 });
    expect(core.timers.get('tick')).toBe(core.atMs);
  });

  it('comes at once on a refresh while none runs', () => {
    const core = aCore();
    core.post({ kind: 'refresh_requested' });
    expect(core.ordered()).toEqual(['run_preflight']);
  });

  it('is due an interval after its start, at once when it took longer', () => {
    const core = aCore();
    core.fire('tick');
    core.pass(10_000);
    core.answerTick();
    expect(core.timers.get('tick')).toBe(core.atMs + 20_000);
    expect(core.told('tick_completed')).toMatchObject([{ durationMs: 10_000 }]);
    core.fire('tick');
    core.pass(40_000);
    core.answerTick();
    expect(core.timers.get('tick')).toBe(core.atMs);
  });

  it('takes a new interval at once', () => {
    const core = aCore();
    core.pass(2_000);
    core.reload({ pollIntervalMs: 5_000 });
    expect(core.timers.get('tick')).toBe(core.atMs + 3_000);
    core.reload({ pollIntervalMs: 1_000 });
    expect(core.timers.get('tick')).toBe(core.atMs);
  });

  it('drops answers that nobody waits for', () => {
    const core = aCore();
    core.fire('tick');
    const { id } = core.one('run_preflight');
    core.answerTick();
    for (const body of [
      { kind: 'preflight_done', effectId: id, problems: ['late'] },
      { kind: 'candidates_fetched', effectId: id, issues: [issue('1')], nextCursor: null, ordered: false },
      { kind: 'states_fetched', effectId: id, states: {} },
      { kind: 'issue_fetched', effectId: id, issue: issue('1') },
      { kind: 'fetch_failed', effectId: id, failure: failure() },
      { kind: 'write_done', effectId: id },
      { kind: 'workspace_removed', effectId: id },
      { kind: 'effect_done', effectId: id },
      { kind: 'run_ended', runId: 'nobody', exit: { kind: 'cancelled', reason: 'lost' } },
      { kind: 'run_progressed', runId: 'nobody', event: { kind: 'turn_started', turn: 1 } },
    ] as const) {
      expect(core.post(body)).toEqual([]);
    }
    expect(core.snapshot().preflightProblems).toEqual([]);
  });

  it('does nothing before recovery', () => {
    const core = aCore({ inFirstTick: true });
    core.state.mode = 'recovering';
    expect(core.post({ kind: 'timer_fired', timer: 'tick' })).toEqual([]);
    expect(core.post({ kind: 'refresh_requested' })).toEqual([]);
  });
});

describe('verdicts', () => {
  it('are kept for every candidate of the last read, with since when', () => {
    const core = aCore();
    core.tick([issue('1', { state: 'Backlog' }), issue('2', { title: '' })]);
    const before = core.atMs;
    core.tick([
      issue('1', { state: 'Backlog' }),
      issue('3', { blockedBy: [{ id: '9', identifier: 'X-9', state: '' }] }),
    ]);
    expect(core.state.verdicts.get('1')).toMatchObject({ sinceMs: before, asOfMs: core.atMs });
    expect(core.verdict('DEMO-1')).toBe('state_not_active');
    expect(core.verdict('DEMO-2')).toBeUndefined();
    expect(core.verdict('demo-3')).toBe('blocked_by');
  });

  it('stay bounded when no read is ever complete', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.fire('tick');
    core.preflight();
    const backlog = Array.from({ length: 50_010 }, (_, index) => issue(String(index + 1)));
    core.candidates(backlog, 'more');
    expect(core.state.verdicts.size).toBe(50_000);
  });

  it('show the stage of a claimed issue', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 2 } } });
    core.tick([issue('1'), issue('2')]);
    expect(core.verdict('DEMO-1')).toBe('checking');
    core.found('1', issue('1'));
    core.found('2', issue('2'));
    expect(core.verdict('DEMO-1')).toBe('running');
    core.ended('1', { kind: 'failed', failure: { kind: 'turn_failed', message: 'it broke' } });
    expect(core.verdict('DEMO-1')).toBe('retry_queued');
    core.ended('2', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
    expect(core.verdict('DEMO-2')).toBe('parked');
  });
});
