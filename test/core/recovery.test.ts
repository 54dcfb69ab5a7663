// The first event of every life: what the store remembers goes on where it stood.

import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../src/core/snapshot.ts';
import { aCore, Core, NOTHING_STORED } from './driver.ts';
import { issue, openRun, settings, storedPark, storedRetry, storedIssue } from './issues.ts';

const session = storedIssue('1', {
  workspacePath: '/old/root/DEMO-1',
  sessionId: 's-old',
  sessionAgentKind: 'mock',
  sessionsUsed: 2,
});

describe('recovery', () => {
  it('keeps the times of retries and of parks', () => {
    const core = aCore({
      stored: {
        retries: [storedRetry('1', { dueAtMs: 1_900_000_000_000, attempt: 4, failures: 3 })],
        parks: [storedPark('2', { parkedAtMs: 77, detail: 'asked a question' })],
      },
    });
    expect(core.timers.get('retry:1')).toBe(1_900_000_000_000);
    const { retrying, parked } = core.snapshot();
    expect(retrying).toMatchObject([{ attempt: 4, dueAtMs: 1_900_000_000_000, error: 'it broke' }]);
    expect(parked).toMatchObject([{ parkedAtMs: 77, reason: 'blocked', detail: 'asked a question' }]);
    expect(core.state.claims.get('1')).toMatchObject({ failures: 3, lastError: 'it broke' });
  });

  it('tells what it found, and ticks at once', () => {
    const core = aCore({
      stored: { retries: [storedRetry('1')], openRuns: [openRun('2')] },
      inFirstTick: true,
    });
    expect(core.told('recovered')).toMatchObject([{ retries: 1, parks: 0, interrupted: 1 }]);
    expect(core.ordered()).toContain('run_preflight');
  });

  it('closes runs that were in flight as interrupted, with the tokens that are known', () => {
    const core = aCore({ stored: { openRuns: [openRun('1', { turns: 3 })] }, inFirstTick: true });
    expect(core.saved('run_ended')).toMatchObject([
      { runId: 'old-run-1', status: 'interrupted', turns: 3, tokens: { inputTokens: 10 } },
    ]);
  });

  it('resumes interrupted runs at once, as the next attempt, with the old session and workspace', () => {
    const stored = { openRuns: [openRun('1', { attempt: 2, failures: 1 })], issues: [session] };
    const core = aCore({ stored });
    expect(core.retryInMs('1')).toBe(0);
    expect(core.retry('1')).toMatchObject({
      attempt: 3,
      failures: 1,
      trigger: 'continuation',
      error: 'interrupted',
    });
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec).toMatchObject({
      attempt: 3,
      resumeSessionId: 's-old',
      recordedWorkspacePath: '/old/root/DEMO-1',
    });
  });

  it('takes a retry or a park that is stored over the open row of the same issue', () => {
    const stored = {
      openRuns: [openRun('1'), openRun('2')],
      retries: [storedRetry('1', { attempt: 5 })],
      parks: [storedPark('2')],
    };
    const core = aCore({ stored, inFirstTick: true });
    expect(core.saved('run_ended')).toHaveLength(2);
    expect(core.retry('1').attempt).toBe(5);
    expect(core.stageOf('2')).toBe('parked');
  });

  it('resumes one claim when two rows of an issue were left open', () => {
    const stored = { openRuns: [openRun('1', { runId: 'a' }), openRun('1', { runId: 'b', attempt: 1 })] };
    const core = aCore({ stored, inFirstTick: true });
    expect(core.saved('run_ended').map(({ runId }) => runId)).toEqual(['a', 'b']);
    expect(core.saved('put_retry')).toHaveLength(1);
  });

  it('lets an agent_error try again, and no other park', () => {
    const core = aCore({ stored: { parks: [storedPark('1', { reason: 'agent_error' }), storedPark('2')] } });
    expect(core.stageOf('1')).toBe('retry_queued');
    expect(core.stageOf('2')).toBe('parked');
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(1);
  });

  it('goes on with the totals, and adds what interrupted runs had used', () => {
    const totals = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 3, secondsRunning: 60 };
    const core = aCore({ stored: { totals, openRuns: [openRun('1')] } });
    expect(core.snapshot().agentTotals).toEqual({
      inputTokens: 110,
      outputTokens: 21,
      cacheReadTokens: 5,
      secondsRunning: 60,
    });
  });

  it('remembers sessions that were used', () => {
    const core = aCore({ settings: { agent: { maxSessions: 2 } }, stored: { issues: [session] } });
    core.tick([issue('1')]);
    expect(core.park('1').reason).toBe('max_sessions');
  });

  it('starts a retry that was due while nobody was there, in the order of the slots', () => {
    const retries = [storedRetry('1', { dueAtMs: 5 }), storedRetry('2', { dueAtMs: 3 })];
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } }, stored: { retries } });
    core.fire('retry:2');
    core.fire('retry:1');
    core.found('2', null);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('happens once', () => {
    const core = aCore();
    const recovered = {
      kind: 'recovered',
      stored: { ...NOTHING_STORED, retries: [storedRetry('1')] },
    } as const;
    expect(core.post({ ...recovered, settings: settings() })).toEqual([]);
  });

  it('shows nothing before it, and listens to nothing but the wish to stop', () => {
    const core = new Core();
    expect(snapshotOf(core.state, 0)).toBeNull();
    expect(core.reload({ agent: { maxConcurrentAgents: 1 } })).toEqual([]);
    core.shutdown();
    expect(core.ordered()).toContain('finish');
    const late = core.post({ kind: 'recovered', stored: NOTHING_STORED, settings: settings() });
    expect(late).toEqual([]);
  });
});

describe('workspaces of issues that nobody works on', () => {
  it('are removed at start and in every 60th tick when their issue is terminal', () => {
    const other = { ...session, issueId: '2', identifier: 'DEMO-2', workspacePath: '/w/2' };
    const none = { ...session, issueId: '3', identifier: 'DEMO-3', workspacePath: null };
    const core = aCore({ stored: { issues: [session, other, none] } });
    expect(core.one('fetch_states_by_identifier').identifiers).toEqual(['DEMO-1', 'DEMO-2']);
    core.sweepStates({ 'DEMO-1': 'DONE', 'DEMO-2': 'Todo' });
    expect(core.one('remove_workspace')).toMatchObject({ issueId: '1', path: '/old/root/DEMO-1' });
    expect(core.told('reconciled')).toMatchObject([{ issueId: '1', action: 'cleanup' }]);
    core.removed(core.one('remove_workspace'));
    expect(core.state.memory.has('1')).toBe(false);
    for (let ticks = 1; ticks < 60; ticks += 1) core.tick();
    core.tick();
    expect(core.one('fetch_states_by_identifier').identifiers).toEqual(['DEMO-2']);
  });

  it('are kept when the answer fails, is empty, or is about a claimed issue', () => {
    const core = aCore({ stored: { issues: [session] }, inFirstTick: true });
    core.fail(core.one('fetch_states_by_identifier'));
    expect(core.told('fetch_failed')).toMatchObject([{ what: 'fetch_states_by_identifier' }]);
    const again = aCore({ stored: { issues: [session] } });
    again.sweepStates({});
    expect(again.opened('remove_workspace')).toEqual([]);
    const claimed = aCore({ stored: { issues: [session] } });
    claimed.tick([issue('1')]);
    claimed.sweepStates({ 'DEMO-1': 'Done' });
    expect(claimed.opened('remove_workspace')).toEqual([]);
    const gone = aCore({ stored: { issues: [session] } });
    gone.state.memory.clear();
    gone.sweepStates({ 'DEMO-1': 'Done' });
    expect(gone.opened('remove_workspace')).toEqual([]);
  });
});
