// Handing finished work to people. The handoff is owed from the moment the run ends, so neither a refusal nor a
// crash repeats the agent's work.

import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/core/fingerprint.ts';
import { aCore, normalEnd, type Core } from './driver.ts';
import { failure, issue, refusal, REVIEW, storedPark, storedRetry } from './issues.ts';

function finished(end: 'turns_used_up' | 'status_needs_human_review' = 'turns_used_up'): Core {
  const core = aCore({ settings: REVIEW });
  core.start(issue('1'));
  core.inTurn('1');
  core.ended('1', { kind: 'normal', end, state: 'Todo', evidence: null });
  return core;
}

const noAgent = (core: Core) => expect(core.opened('start_run')).toEqual([]);

describe('handoff', () => {
  it('is owed durably before the transition is sent', () => {
    const core = finished();
    expect(core.ordered()).toEqual(['save', 'transition_issue']);
    expect(core.saved('run_ended')).toMatchObject([{ status: 'succeeded' }]);
    expect(core.saved('put_retry')).toMatchObject([{ retry: { step: 'handoff', attempt: 0 } }]);
  });

  it('moves the issue only from an active state', () => {
    expect(finished().one('transition_issue')).toMatchObject({
      issue: { id: '1' },
      toState: 'Review',
      from: ['Todo', 'In Progress'],
    });
  });

  it('releases when it succeeds, and keeps the workspace', () => {
    const core = finished();
    core.wrote(core.one('transition_issue'));
    expect(core.told('handed_off')).toMatchObject([{ issueId: '1', toState: 'Review' }]);
    expect(core.saved('delete_retry')).toHaveLength(1);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.opened('remove_workspace')).toEqual([]);
  });

  it('takes the handoff state of the moment', () => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.reload({ tracker: { handoffState: 'QA' } });
    core.ended('1', normalEnd);
    expect(core.one('transition_issue').toState).toBe('QA');
  });

  it('that failed reads how the issue looks, and is tried again with backoff', () => {
    const core = finished();
    core.fail(core.one('transition_issue'), refusal);
    expect(core.told('handoff_failed')).toMatchObject([{ message: refusal.message }]);
    expect(core.retry('1')).toMatchObject({
      step: 'handoff',
      attempt: 0,
      failures: 0,
      refusals: 1,
      baseline: null,
    });
    expect(core.retryInMs('1')).toBe(10_000);
    core.found('1', issue('1'));
    expect(core.retry('1').baseline).not.toBeNull();
    expect(core.saved('put_retry')).toHaveLength(1);
  });

  it('is tried again without an agent when the issue is unchanged', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    core.found('1', issue('1'));
    core.fire('retry:1');
    expect(core.ordered()).toEqual(['fetch_issue']);
    core.found('1', issue('1'));
    expect(core.ordered()).toEqual(['transition_issue']);
    noAgent(core);
    core.wrote(core.one('transition_issue'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('needs no slot for another try', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { maxConcurrentAgents: 1 } } });
    core.start(issue('1'));
    core.ended('1', normalEnd);
    core.fail(core.one('transition_issue'));
    core.found('1', issue('1'));
    core.start(issue('2'));
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('transition_issue').issue.id).toBe('1');
  });

  it.each([
    ['its description', { description: 'one more thing' }],
    ['a comment', { comments: [{ id: 'c1', author: 'Ann', body: 'no', createdAt: '' }] }],
    ['its state', { state: 'In Progress' }],
  ])('gives the issue back to the agent, same session, when a person changed %s', (_what, facts) => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.progress('1', { kind: 'agent_event', event: { kind: 'session_started', sessionId: 's-1' } });
    core.ended('1', normalEnd);
    core.fail(core.one('transition_issue'));
    core.found('1', issue('1'));
    core.fire('retry:1');
    core.found('1', issue('1', facts));
    expect(core.opened('transition_issue')).toEqual([]);
    expect(core.retry('1')).toMatchObject({ step: 'agent', attempt: 1, trigger: 'continuation' });
    core.fire('retry:1');
    core.found('1', issue('1', facts));
    expect(core.one('start_run').spec).toMatchObject({ attempt: 1, resumeSessionId: 's-1' });
  });

  it('was done when its answer was lost: the state is the handoff state already', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    core.fire('retry:1');
    core.found('1', issue('1', { state: 'REVIEW' }));
    expect(core.told('handed_off')).toHaveLength(1);
    expect(core.stageOf('1')).toBe('unclaimed');
    noAgent(core);
  });

  it('is not owed any more when the issue has gone elsewhere', () => {
    for (const [read, why] of [
      [null, 'not found'],
      [issue('1', { state: 'Backlog' }), 'not active'],
    ] as const) {
      const core = finished();
      core.fail(core.one('transition_issue'));
      core.fire('retry:1');
      core.found('1', read);
      expect(core.told('released')).toMatchObject([{ why }]);
      expect(core.saved('delete_retry')).toHaveLength(1);
      noAgent(core);
    }
  });

  it('cleans up when the issue became terminal meanwhile', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    core.fire('retry:1');
    core.found('1', issue('1', { state: 'Done' }));
    core.removed(core.one('remove_workspace'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('looks again later when the look failed', () => {
    const core = finished();
    core.fail(core.one('transition_issue'), refusal);
    core.found('1', issue('1'));
    const { baseline } = core.retry('1');
    core.fire('retry:1');
    core.fail(core.look('1'), failure({ retryAfterMs: 40_000 }));
    expect(core.retry('1')).toMatchObject({ step: 'handoff', refusals: 1, baseline, attempt: 0 });
    expect(core.retryInMs('1')).toBe(40_000);
  });

  it('parks after three refusals that no repetition cures', () => {
    const core = finished();
    for (const refusals of [1, 2]) {
      core.fail(core.one('transition_issue'), refusal);
      expect(core.retry('1').refusals).toBe(refusals);
      core.found('1', issue('1'));
      core.fire('retry:1');
      core.found('1', issue('1'));
    }
    core.fail(core.one('transition_issue'), refusal);
    expect(core.park('1')).toMatchObject({ reason: 'handoff_failed', detail: refusal.message, attempt: 0 });
    expect(core.saved('delete_retry')).toHaveLength(1);
    core.found('1', issue('1'));
    expect(core.park('1').baseline).not.toBeNull();
  });

  it('never parks for failures that may pass, and waits longer after each', () => {
    const core = finished();
    const delays: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      core.fail(core.one('transition_issue'));
      delays.push(core.retryInMs('1'));
      core.found('1', issue('1'));
      core.fire('retry:1');
      core.found('1', issue('1'));
    }
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(core.stageOf('1')).toBe('handing_off');
  });

  it('honours a Retry-After', () => {
    const core = finished();
    core.fail(core.one('transition_issue'), failure({ kind: 'tracker_api_error', retryAfterMs: 120_000 }));
    expect(core.retryInMs('1')).toBe(120_000);
  });

  it('is tried without comparison when the issue could not be read after the refusal', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    core.fail(core.look('1'));
    core.fire('retry:1');
    core.found('1', issue('1', { description: 'who knows since when' }));
    expect(core.opened('transition_issue')).toHaveLength(1);
  });

  it('drops a comparison that comes when the next look is already under way', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    const late = core.look('1').id;
    core.fire('retry:1');
    core.post({ kind: 'issue_fetched', effectId: late, issue: issue('1') });
    expect(core.stageOf('1')).toBe('handing_off');
  });

  it('goes to the agent when the handoff state was taken out of the workflow', () => {
    const core = finished();
    core.fail(core.one('transition_issue'));
    core.reload({});
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.retry('1')).toMatchObject({ step: 'agent', attempt: 1 });
  });
});

describe('handoff for human review', () => {
  it('releases when it succeeds', () => {
    const core = finished('status_needs_human_review');
    core.wrote(core.one('transition_issue'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('parks at the first failure, of whatever kind', () => {
    const core = finished('status_needs_human_review');
    core.fail(core.one('transition_issue'));
    expect(core.park('1')).toMatchObject({ reason: 'needs_human_review', attempt: 1 });
    expect(core.look('1')).toBeDefined();
  });
});

describe('a park after refused handoffs that a workflow change ends', () => {
  it('owes the transition only, and no agent runs again', () => {
    const core = aCore({
      settings: REVIEW,
      stored: {
        parks: [
          storedPark('1', { reason: 'handoff_failed', attempt: 1, baseline: fingerprintOf(issue('1')) }),
        ],
      },
    });
    core.reload({ tracker: { handoffState: 'QA' } }, true);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('transition_issue')).toMatchObject({ toState: 'QA' });
    noAgent(core);
  });
});

describe('a handoff that was pending at the last end', () => {
  const pending = storedRetry('1', {
    step: 'handoff',
    attempt: 2,
    failures: 1,
    error: '',
    trigger: 'continuation',
  });

  it('looks first, then transitions without an agent', () => {
    const core = aCore({ settings: REVIEW, stored: { retries: [pending] } });
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('transition_issue')).toMatchObject({ toState: 'Review', runId: null });
    noAgent(core);
    core.wrote(core.one('transition_issue'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('parks when the agent had asked for a person and the tracker refuses', () => {
    const core = aCore({ settings: REVIEW, stored: { retries: [{ ...pending, step: 'review' }] } });
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.fail(core.one('transition_issue'));
    expect(core.park('1')).toMatchObject({ reason: 'needs_human_review' });
    noAgent(core);
  });

  it('compares with its stored baseline', () => {
    const baseline = fingerprintOf(issue('1'));
    const core = aCore({ settings: REVIEW, stored: { retries: [{ ...pending, baseline }] } });
    core.fire('retry:1');
    core.found('1', issue('1', { title: 'Another title' }));
    expect(core.retry('1')).toMatchObject({ step: 'agent', attempt: 3, failures: 1 });
  });

  it('does not resume the agent for the open run that it belongs to', () => {
    const run = { issueId: '1', runId: 'old' };
    const core = aCore({
      settings: REVIEW,
      stored: {
        retries: [pending],
        openRuns: [
          {
            ...run,
            identifier: 'DEMO-1',
            title: 'Issue 1',
            attempt: 2,
            failures: 1,
            processes: [],
            ordered: false,
            startedAtMs: 0,
            turns: 1,
            tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
            costUsd: null,
            costEstimated: false,
          },
        ],
      },
    });
    expect(core.retry('1')).toMatchObject({ step: 'handoff', attempt: 2 });
  });
});
