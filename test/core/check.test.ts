// Just before a worker starts, the issue is fetched by id and judged once more: search indexes lag behind. The
// claim and its slot are held meanwhile.

import { describe, expect, it } from 'vitest';
import { aCore, failed } from './driver.ts';
import { failure, issue } from './issues.ts';

describe('the check before a start', () => {
  it('starts what is still eligible, with the issue as read by id', () => {
    const core = aCore();
    core.tick([issue('1')]);
    const comments = [{ id: 'c1', author: 'Ann', body: 'please', createdAt: '' }];
    core.found('1', issue('1', { title: 'As by id', comments }));
    expect(core.ordered()).toEqual(['save', 'start_run']);
    expect(core.one('start_run').spec).toEqual({
      runId: core.run('1').runId,
      issue: issue('1', { title: 'As by id', comments }),
      attempt: 0,
      agentKind: 'mock',
      emptyRuns: 0,
      resumeSessionId: null,
      sessionUsage: null,
      recordedWorkspacePath: null,
    });
    expect(core.saved('run_started')).toMatchObject([
      { runId: core.run('1').runId, issueId: '1', title: 'As by id', attempt: 0, agentKind: 'mock' },
    ]);
    expect(core.told('dispatched')).toMatchObject([{ issueId: '1', runId: core.run('1').runId }]);
  });

  it('makes the run durable before it is started', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.found('1', issue('1'));
    expect(core.last.findIndex(({ kind }) => kind === 'save')).toBeLessThan(
      core.last.findIndex(({ kind }) => kind === 'start_run'),
    );
  });

  it('releases an issue that the index still shows as active', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.found('1', issue('1', { state: 'Review' }));
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'state_not_active', detail: 'Review' }]);
    expect(core.opened('start_run')).toEqual([]);
  });

  it('releases an issue that got a blocker or lost a label meanwhile', () => {
    const core = aCore({ settings: { tracker: { requiredLabels: ['agent'] } } });
    const labels = ['agent'];
    core.tick([issue('1', { labels }), issue('2', { labels })]);
    core.found('1', issue('1', { labels, blockedBy: [{ id: '9', identifier: 'X-9', state: 'Todo' }] }));
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'blocked_by' }]);
    core.found('2', issue('2'));
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'missing_label' }]);
    expect(core.state.claims.size).toBe(0);
  });

  it('releases an issue that has vanished', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.found('1', null);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'not_found' }]);
  });

  it('cleans the recorded workspace of an issue that is terminal', () => {
    const core = aCore();
    core.start(issue('1'));
    core.inTurn('1');
    core.ended('1', { kind: 'normal', end: 'label_missing', state: 'Todo', evidence: null });
    core.tick([issue('1')]);
    core.found('1', issue('1', { state: 'Done' }));
    expect(core.one('remove_workspace')).toMatchObject({ issueId: '1', path: '/w/1' });
    core.removed(core.one('remove_workspace'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('lets a candidate go whose look failed: it is one again at the next tick', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.fail(core.look('1'));
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.told('dispatch_failed')).toMatchObject([{ message: 'the tracker is away' }]);
    expect(core.ordered()).not.toContain('save');
    core.tick([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('holds the claim: the next tick does not take the issue again', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.tick([issue('1')]);
    core.look('1');
    core.found('1', issue('1'));
    core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.opened('start_run')).toHaveLength(1);
  });

  it('gives a slot that it frees to a waiting retry before a later page may have it', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 2 } } });
    core.start(issue('1'));
    core.ended('1', failed());
    core.tick([issue('2')]);
    core.found('2', issue('2'));
    core.fire('tick');
    core.answerTick([issue('3')]);
    core.fire('retry:1');
    expect(core.shown('1').error).toBe('no available orchestrator slots; after: it broke');
    core.found('3', null);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('resumes the last session of the same agent only, and stays in the recorded workspace', () => {
    const core = aCore();
    core.start(issue('1'));
    core.inTurn('1');
    core.progress('1', { kind: 'agent_event', event: { kind: 'session_started', sessionId: 's-1' } });
    core.ended('1', failed());
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec).toMatchObject({
      attempt: 1,
      resumeSessionId: 's-1',
      recordedWorkspacePath: '/w/1',
    });
    core.ended('1', failed());
    core.reload({ agent: { kind: 'other' } });
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.opened('start_run').at(-1)?.spec).toMatchObject({ attempt: 2, resumeSessionId: null });
  });

  it('forgets the session when the issue is released', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'agent_event', event: { kind: 'session_started', sessionId: 's-1' } });
    core.ended('1', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.saved('forget_session')).toMatchObject([{ issueId: '1' }]);
    core.start(issue('1'));
    expect(core.run('1').sessionId).toBeNull();
  });

  it('ends a process of a run that nobody knows', () => {
    const core = aCore();
    const identity = { pid: 1, processGroup: 1, startTime: 'x' };
    core.post({ kind: 'run_progressed', runId: 'stray', event: { kind: 'process_started', identity } });
    expect(core.one('stop_run')).toMatchObject({ runId: 'stray', reason: 'lost' });
  });

  it('answers a look that failed after a Retry-After like any other', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.fail(core.look('1'), failure({ retryAfterMs: 60_000 }));
    expect(core.stageOf('1')).toBe('unclaimed');
  });
});
