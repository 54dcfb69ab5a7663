// "Done" with nothing done is not handed off: the same session is asked again, and after agent.max_empty_runs in a row
// a person is.

import { describe, expect, it } from 'vitest';
import type { Evidence, EvidenceMode, RunExit } from '../../src/contract/index.ts';
import { isEnough } from '../../src/core/evidence.ts';
import { aCore, type Core } from './driver.ts';
import { issue, REVIEW, storedIssue, storedPark, type SettingsChange } from './issues.ts';
import { running, startsSession, uses } from './usage.ts';

const NOTHING: Evidence = {
  commit: false,
  changes: false,
  toolWrites: 0,
  declared: false,
  unknown: false,
  summary: 'nothing',
};
const COMMIT: Evidence = { ...NOTHING, commit: true, summary: 'commit on main' };

function done(
  evidence: Evidence | null = NOTHING,
  end: 'turns_used_up' | 'state_unknown' = 'turns_used_up',
): RunExit {
  return { kind: 'normal', end, state: 'Todo', evidence };
}

function next(core: Core): void {
  core.fire('retry:1');
  core.found('1', issue('1'));
}

describe('what counts', () => {
  const cases: readonly (readonly [string, Evidence | null, readonly EvidenceMode[]])[] = [
    ['nothing', NOTHING, ['off']],
    ['what was not looked for', null, ['observed', 'strict', 'off']],
    ['a commit', COMMIT, ['observed', 'strict', 'off']],
    ['changed files', { ...NOTHING, changes: true }, ['observed', 'off']],
    ['writes by tools', { ...NOTHING, toolWrites: 1 }, ['observed', 'off']],
    ['the agent’s own word', { ...NOTHING, declared: true }, ['observed', 'off']],
    ['a workspace that could not be looked at', { ...NOTHING, unknown: true }, ['observed', 'off']],
  ];
  it.each(cases)('%s', (_, evidence, enoughFor) => {
    const modes = (['observed', 'strict', 'off'] as const).filter((mode) => isEnough(evidence, mode));
    expect(modes).toEqual(enoughFor);
  });
});

describe('a run that left nothing', () => {
  it('has succeeded, but goes on in a second in the same session, told so', () => {
    const comments = { onDispatch: false, onCompletion: true, onFailure: true, style: 'plain' } as const;
    const core = running({ settings: { tracker: { handoffState: 'Review', comments } } }, '1');
    startsSession(core, '1', 's-1');
    core.ended('1', done());
    expect(core.saved('run_ended')).toMatchObject([{ status: 'succeeded', evidence: 'nothing' }]);
    expect(core.saved('put_empty_runs')).toMatchObject([{ issueId: '1', emptyRuns: 1 }]);
    expect(core.opened('transition_issue')).toEqual([]);
    expect(core.opened('comment_issue')).toEqual([]);
    expect(core.retry('1')).toMatchObject({
      trigger: 'continuation',
      attempt: 1,
      failures: 0,
      error: 'not handed off: no sign of work was found (found: nothing)',
    });
    expect(core.retryInMs('1')).toBe(1_000);
    next(core);
    expect(core.opened('start_run').at(-1)?.spec).toMatchObject({ emptyRuns: 1, resumeSessionId: 's-1' });
  });

  it('is handed off with the next one that left something', () => {
    const core = running({ settings: REVIEW }, '1');
    core.ended('1', done());
    next(core);
    core.ended('1', done(COMMIT));
    expect(core.saved('run_ended')).toMatchObject([{ evidence: 'commit on main' }]);
    expect(core.saved('put_empty_runs')).toMatchObject([{ emptyRuns: 0 }]);
    expect(core.stageOf('1')).toBe('handing_off');
  });

  it('is parked when it is one too many', () => {
    const core = running({ settings: REVIEW }, '1');
    for (let times = 0; times < 2; times += 1) {
      core.ended('1', done());
      next(core);
    }
    core.ended('1', done());
    expect(core.park('1')).toMatchObject({
      reason: 'no_evidence',
      attempt: 3,
      detail: 'no sign of work was found (found: nothing) after 3 runs in a row (agent.max_empty_runs)',
    });
    expect(core.look('1')).toBeDefined();
  });

  it('is parked for the budget when there is none left to go on', () => {
    const budget = { maxTokensPerIssue: 5 } as never;
    const core = running({ settings: { ...REVIEW, agent: { budget } } }, '1');
    uses(core, '1', 6);
    core.ended('1', done());
    expect(core.park('1').reason).toBe('budget');
  });

  it.each([
    ['there is no handoff', {}, done()],
    ['nobody asks for evidence', { ...REVIEW, agent: { evidence: 'off' } }, done()],
    ['the state is not known', REVIEW, done(NOTHING, 'state_unknown')],
    ['nobody looked', REVIEW, done(null)],
  ] as [string, SettingsChange, RunExit][])('is what it was before where %s', (_, settings, exit) => {
    const core = running({ settings }, '1');
    core.ended('1', exit);
    expect(core.saved('put_empty_runs')).toEqual([]);
    if (core.stageOf('1') === 'retry_queued') expect(core.retry('1').error).toBe('');
    else expect(core.stageOf('1')).toBe('handing_off');
  });

  it('is nothing without a commit where one is asked for', () => {
    const core = running({ settings: { ...REVIEW, agent: { evidence: 'strict' } } }, '1');
    core.ended('1', done({ ...NOTHING, changes: true, summary: '3 files changed' }));
    expect(core.retry('1').error).toBe('not handed off: no commit was found (found: 3 files changed)');
  });
});

describe('the count', () => {
  it('survives a restart', () => {
    const core = aCore({ settings: REVIEW, stored: { issues: [storedIssue('1', { emptyRuns: 2 })] } });
    core.start(issue('1'));
    expect(core.one('start_run').spec.emptyRuns).toBe(2);
    core.ended('1', done());
    expect(core.park('1').reason).toBe('no_evidence');
  });

  it('begins anew when the park ends', () => {
    const stored = {
      issues: [storedIssue('1', { emptyRuns: 3 })],
      parks: [storedPark('1', { reason: 'no_evidence' })],
    };
    const core = aCore({ settings: REVIEW, stored });
    core.reload(REVIEW, true);
    expect(core.saved('put_empty_runs')).toMatchObject([{ emptyRuns: 0 }]);
    next(core);
    expect(core.one('start_run').spec.emptyRuns).toBe(0);
  });

  it('ends with the claim', () => {
    const core = running({ settings: REVIEW, stored: { issues: [storedIssue('1', { emptyRuns: 1 })] } }, '1');
    core.ended('1', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.saved('put_empty_runs')).toMatchObject([{ emptyRuns: 0 }]);
  });
});
