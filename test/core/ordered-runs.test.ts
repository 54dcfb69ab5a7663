// What an operator has ordered stays ordered for as long as the same work is tried again: over a crash, a usage limit, a
// day that is used up, and an end without evidence. Blockers and missing labels, which the word overruled, never turn up
// again in the middle of it.

import { describe, expect, it } from 'vitest';
import type { Issue, RunExit } from '../../src/contract/index.ts';
import { aCore, failed, type Core, type Start } from './driver.ts';
import { issue, NO_BUDGET, openRun, REVIEW } from './issues.ts';
import { uses } from './usage.ts';

const HOUR = 3_600_000;
const LABELS = { requiredLabels: ['agent'] };
const blocked: Issue = issue('1', { blockedBy: [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }] });

/** It runs, blocked and without its label, because an operator said so. */
function ordered(start: Start = {}): Core {
  const { settings } = start;
  const core = aCore({ ...start, settings: { ...settings, tracker: { ...settings?.tracker, ...LABELS } } });
  core.sayOf('dispatch', '1', blocked);
  goesOn(core);
  return core;
}

/** Its next run is started, whatever its look says. */
function goesOn(core: Core): void {
  if (core.timers.has('retry:1')) core.fire('retry:1');
  core.found('1', blocked);
  expect(core.stageOf('1')).toBe('running');
  expect(core.opened('start_run').at(-1)?.spec.labelsOverruled).toBe(true);
}

describe('a run that an operator has ordered', () => {
  it('says so in its row, and another one does not', () => {
    expect(ordered().saved('run_started')).toMatchObject([{ ordered: true }]);
    const core = aCore();
    core.start(issue('1'));
    expect(core.saved('run_started')).toMatchObject([{ ordered: false }]);
  });

  it('goes on as such after a crash', () => {
    const stored = { openRuns: [openRun('1', { ordered: true })] };
    const core = aCore({ settings: { tracker: LABELS }, stored });
    expect(core.retry('1')).toMatchObject({ step: 'ordered', attempt: 1 });
    goesOn(core);
    const other = aCore({ stored: { openRuns: [openRun('1')] } });
    expect(other.retry('1').step).toBe('agent');
  });

  it('waits for a usage limit in the queue, as the same attempt, and goes on when it is over', () => {
    const core = ordered();
    const resetAtMs = core.atMs + HOUR;
    core.ended('1', failed('turn_failed', { reason: 'quota', message: 'limit', resetAtMs }));
    expect(core.saved('put_quota')).toMatchObject([{ quota: { untilMs: resetAtMs } }]);
    expect(core.saved('put_park')).toEqual([]);
    core.fire('retry:1');
    expect(core.retry('1')).toMatchObject({
      ...{ step: 'ordered', attempt: 0, failures: 0 },
    });
    expect(core.shown('1').error).toMatch(/^dispatch is paused: agent mock is over its limit; after: /);
    core.tick();
    expect(core.opened('fetch_issue')).toEqual([]);
    core.pass(HOUR);
    core.tick();
    goesOn(core);
  });

  it('that was stopped because the day is used up goes on another day', () => {
    const budget = { ...NO_BUDGET, maxTokensPerDay: 100 };
    const core = ordered({ settings: { agent: { budget } } });
    uses(core, '1', 100);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(core.saved('put_park')).toEqual([]);
    core.fire('retry:1');
    expect(core.retry('1')).toMatchObject({ step: 'ordered', attempt: 1 });
    core.pass(24 * HOUR);
    core.tick();
    goesOn(core);
  });

  it('is parked where only a person gives it more, who says then what counts', () => {
    const budget = { ...NO_BUDGET, maxTokensPerIssue: 100 };
    const core = ordered({ settings: { agent: { budget } } });
    uses(core, '1', 100);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(core.park('1')).toMatchObject({ reason: 'budget', untilMs: null });
    core.sayOf('dispatch', '1');
    goesOn(core);
  });

  const nothing: RunExit = {
    kind: 'normal',
    end: 'turns_used_up',
    state: 'Todo',
    evidence: { commit: false, changes: false, toolWrites: 0, declared: false, unknown: false, summary: '' },
  };

  it('is asked again when it has shown nothing', () => {
    const core = ordered({ settings: REVIEW });
    core.ended('1', nothing);
    expect(core.saved('put_empty_runs')).toMatchObject([{ emptyRuns: 1 }]);
    expect(core.retry('1')).toMatchObject({ step: 'ordered', attempt: 1 });
    goesOn(core);
  });
});
