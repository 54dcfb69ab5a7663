// What people are shown: every field, sorted, with no effect on the state.

import { describe, expect, it } from 'vitest';
import { issueSnapshotOf, snapshotOf } from '../../src/core/snapshot.ts';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { issue, openRun, REVIEW, storedPark, storedRetry } from './issues.ts';

function inEveryStage(): Core {
  const core = aCore({
    settings: REVIEW,
    stored: { retries: [storedRetry('8', { dueAtMs: 9_000 }), storedRetry('7', { dueAtMs: 8_000 })] },
  });
  core.start(issue('1'), issue('2'), issue('3'));
  core.inTurn('1');
  core.progress('1', { kind: 'phase_entered', phase: 'streaming_turn' });
  core.inTurn('3');
  core.ended('2', normalEnd);
  core.ended('3', { kind: 'normal', end: 'not_active', state: 'Done', evidence: null });
  core.pass(1_000);
  core.tick([issue('4')]);
  core.start(issue('5'));
  core.ended('5', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
  return core;
}

describe('the snapshot', () => {
  it('shows a running issue with all that is known of it', () => {
    const core = aCore();
    core.start(issue('1', { title: 'Fix it', state: 'In Progress' }));
    const startedAtMs = core.atMs;
    core.progress('1', { kind: 'phase_entered', phase: 'streaming_turn' });
    core.inTurn('1');
    core.progress('1', { kind: 'agent_event', event: { kind: 'session_started', sessionId: 's-1' } });
    core.progress('1', {
      kind: 'agent_event',
      event: {
        kind: 'token_usage',
        inputTokens: 100,
        outputTokens: 10,
        cacheReadTokens: 20,
        model: 'm-1',
        costUsd: 0.5,
      },
    });
    core.pass(2_000);
    core.progress('1', { kind: 'agent_event', event: { kind: 'notification', message: 'reading' } });
    expect(core.snapshot()).toMatchObject({
      generatedAtMs: core.atMs,
      mode: 'running',
      slots: { limit: 10, used: 1 },
      activeEstimatedCostUsd: 0.5,
      rateLimits: [],
      pauses: [],
      today: { day: '2027-01-15', inputTokens: 100, outputTokens: 10, cacheReadTokens: 20, costUsd: 0.5 },
    });
    expect(core.snapshot().running).toEqual([
      {
        issueId: '1',
        issueIdentifier: 'DEMO-1',
        title: 'Fix it',
        state: 'In Progress',
        runId: core.run('1').runId,
        sessionId: 's-1',
        phase: 'streaming_turn',
        attempt: 0,
        turnCount: 1,
        lastEvent: 'notification',
        lastMessage: 'reading',
        startedAtMs,
        lastEventAtMs: core.atMs,
        workspacePath: '/w/1',
        agentKind: 'mock',
        modelName: 'm-1',
        tokens: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 20 },
        costUsd: 0.5,
        costEstimated: false,
        tools: [],
      },
    ]);
  });

  it('shows every claim in exactly one list, sorted', () => {
    const core = inEveryStage();
    const { running, retrying, parked } = core.snapshot();
    expect(running.map(({ issueId, phase }) => `${issueId} ${phase}`)).toEqual([
      '1 streaming_turn',
      '2 finishing',
      '3 finishing',
      '4 checking',
    ]);
    expect(retrying.map(({ issueId }) => issueId)).toEqual(['7', '8']);
    expect(parked.map(({ issueId }) => issueId)).toEqual(['5']);
  });

  it('shows what is being checked without a run', () => {
    const core = aCore();
    core.tick([issue('1')]);
    expect(core.snapshot().running).toMatchObject([
      {
        runId: null,
        sessionId: null,
        phase: 'checking',
        turnCount: 0,
        startedAtMs: core.atMs,
        agentKind: 'mock',
      },
    ]);
    expect(issueSnapshotOf(core.state, 'DEMO-1')).toMatchObject({
      status: 'running',
      verdict: { verdict: 'checking', sinceMs: core.atMs },
    });
  });

  it('shows retries and parks as they are stored', () => {
    const core = aCore({
      stored: { retries: [storedRetry('1', { dueAtMs: 5 })], parks: [storedPark('2', { untilMs: 9 })] },
    });
    const { retrying, parked } = core.snapshot();
    expect(retrying).toEqual([
      {
        issueId: '1',
        issueIdentifier: 'DEMO-1',
        title: 'Issue 1',
        attempt: 1,
        dueAtMs: 5,
        error: 'it broke',
        trigger: 'error',
      },
    ]);
    expect(parked).toEqual([
      {
        issueId: '2',
        issueIdentifier: 'DEMO-2',
        title: 'Issue 2',
        reason: 'blocked',
        detail: 'waits for a person',
        parkedAtMs: 0,
        untilMs: 9,
        endsOn: ['issue_change', 'workflow_change', 'operator'],
      },
    ]);
  });

  it('counts tokens of running and of ended runs, once', () => {
    const core = aCore();
    core.start(issue('1'));
    const usage = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 5, model: '', costUsd: null };
    core.progress('1', { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
    core.progress('1', { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
    const totals = { inputTokens: 200, outputTokens: 20, cacheReadTokens: 10 };
    expect(core.snapshot().agentTotals).toEqual({ ...totals, secondsRunning: 0 });
    core.pass(3_500);
    core.ended('1', failed());
    expect(core.snapshot().agentTotals).toEqual({ ...totals, secondsRunning: 3.5 });
    expect(core.told('run_finished')).toMatchObject([{ secondsRunning: 3.5 }]);
  });

  it('counts the runs that have ended since the start, however they ended', () => {
    const core = aCore({ stored: { openRuns: [openRun('9')] } });
    expect(core.snapshot().runsEnded).toBe(1);
    core.start(issue('1'));
    expect(core.snapshot().runsEnded).toBe(1);
    core.ended('1', failed());
    expect(core.snapshot().runsEnded).toBe(2);
  });

  it('is empty of costs when none is known', () => {
    const core = aCore();
    core.start(issue('1'));
    expect(core.snapshot().activeEstimatedCostUsd).toBeNull();
  });

  it('changes nothing and does not change afterwards', () => {
    const core = inEveryStage();
    const before = structuredClone(core.state);
    const snapshot = snapshotOf(core.state, core.atMs);
    const one = issueSnapshotOf(core.state, 'DEMO-1');
    expect(core.state).toEqual(before);
    const copies = structuredClone([snapshot, one]);
    core.progress('1', { kind: 'agent_event', event: { kind: 'turn_completed' } });
    core.ended('1', failed());
    core.tick([issue('9')]);
    expect([snapshot, one]).toEqual(copies);
  });
});

describe('one issue', () => {
  it('is found whatever the case, claimed or only seen', () => {
    const core = inEveryStage();
    expect(issueSnapshotOf(core.state, 'demo-1')?.status).toBe('running');
    expect(issueSnapshotOf(core.state, 'DEMO-8')).toMatchObject({
      status: 'retrying',
      retry: { issueId: '8' },
    });
    expect(issueSnapshotOf(core.state, 'DEMO-5')).toMatchObject({
      status: 'parked',
      verdict: { verdict: 'parked', detail: 'blocked' },
      park: { reason: 'blocked' },
      running: null,
    });
    expect(issueSnapshotOf(core.state, 'DEMO-99')).toBeNull();
    core.tick([issue('6', { state: 'Backlog', url: 'https://tracker.example/6' })]);
    expect(issueSnapshotOf(core.state, 'DEMO-6')).toEqual({
      issueId: '6',
      issueIdentifier: 'DEMO-6',
      title: 'Issue 6',
      issueState: 'Backlog',
      issueUrl: 'https://tracker.example/6',
      status: 'released',
      verdict: { verdict: 'state_not_active', detail: 'Backlog', sinceMs: core.atMs, asOfMs: core.atMs },
      issue: null,
      running: null,
      retry: null,
      park: null,
      recentEvents: [],
      lastError: '',
      controls: ['hold'],
    });
  });

  it('has its title, state and link as soon as a list has shown it', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { title: 'Before', dueAtMs: 1e13 })] } });
    const subject = () => issueSnapshotOf(core.state, 'DEMO-1');
    expect(subject()).toMatchObject({ title: 'Before', issueState: '', issueUrl: '', issue: null });
    const url = 'https://tracker.example/1';
    core.tick([issue('1', { title: 'Now', state: 'In Progress', url })]);
    expect(subject()).toMatchObject({ title: 'Before', issueState: 'In Progress', issueUrl: url });
    core.fire('retry:1');
    core.found('1', issue('1', { title: 'Found', url: '' }));
    expect(subject()).toMatchObject({ title: 'Found', issueState: 'Todo', issueUrl: '' });
  });

  it('keeps no address that is longer than any that people click on', () => {
    const core = aCore();
    const urlOf = (length: number) => `https://tracker.example/${'x'.repeat(length)}`.slice(0, length);
    core.tick([2_000, 2_001].map((length) => issue(`${length}`, { state: 'Done', url: urlOf(length) })));
    expect(issueSnapshotOf(core.state, 'DEMO-2000')?.issueUrl).toBe(urlOf(2_000));
    expect(issueSnapshotOf(core.state, 'DEMO-2001')?.issueUrl).toBe('');
  });

  it('tells what happened to it, oldest first, bounded', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'phase_entered', phase: 'building_prompt' });
    core.progress('1', { kind: 'agent_event', event: { kind: 'turn_failed', message: 'no idea' } });
    core.progress('1', {
      kind: 'agent_event',
      event: { kind: 'notification', message: 'too many of these' },
    });
    core.progress('1', { kind: 'warning', message: 'status file', detail: 'odd' });
    core.ended('1', failed());
    const events = () => issueSnapshotOf(core.state, 'DEMO-1')?.recentEvents ?? [];
    expect(events().map(({ event, message }) => `${event}: ${message}`)).toEqual([
      'dispatched: ',
      'phase: building_prompt',
      'turn_failed: no idea',
      'run_warned: status file: odd',
      'run_finished: failed: it broke',
      'retry_queued: it broke',
    ]);
    expect(issueSnapshotOf(core.state, 'DEMO-1')?.lastError).toBe('it broke');
    core.fire('retry:1');
    core.found('1', issue('1'));
    for (let turn = 0; turn < 100; turn += 1) {
      core.progress('1', { kind: 'agent_event', event: { kind: 'turn_completed' } });
    }
    expect(events()).toHaveLength(50);
  });

  it('keeps the beginning of a long message', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'warning', message: 'hook failed', detail: 'x'.repeat(5_000) });
    const [said] = issueSnapshotOf(core.state, 'DEMO-1')?.recentEvents.slice(-1) ?? [];
    expect(said?.event).toBe('run_warned');
    expect(said?.message).toHaveLength(1_000);
  });

  it('is forgotten first when more than a thousand have had events', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 2_000 } } });
    const issues = Array.from({ length: 1_001 }, (_, index) => issue(`${index}`));
    core.tick(issues);
    for (const { id } of issues) core.found(id, null);
    expect(core.state.recent.size).toBe(1_000);
    expect(core.state.recent.has('0')).toBe(false);
  });
});
