// Retries: when they are due, what they are looked at for, and whose slot they take.

import { describe, expect, it } from 'vitest';
import type { StoreWrite } from '../../src/contract/index.ts';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { failure, issue, type SettingsChange, storedIssue } from './issues.ts';

const NO_SLOT = 'no available orchestrator slots';

/** Issue 1 has failed once and waits. */
function waiting(change: SettingsChange = {}): Core {
  const core = aCore({ settings: change });
  core.start(issue('1'));
  core.ended('1', failed());
  return core;
}

/** Issue 1 waits for a slot that issue 2 holds. */
function waitingForSlot(change: SettingsChange = {}): Core {
  const core = waiting({ ...change, agent: { maxConcurrentAgents: 1, ...change.agent } });
  core.start(issue('2'));
  core.fire('retry:1');
  return core;
}

describe('a retry', () => {
  it('is durable and told before its time', () => {
    const core = waiting();
    expect(core.saved('put_retry')).toMatchObject([
      {
        retry: { issueId: '1', attempt: 1, failures: 1, trigger: 'error', error: 'it broke', step: 'agent' },
      },
    ]);
    expect(core.told('retry_queued')).toMatchObject([{ trigger: 'error', dueAtMs: core.atMs + 10_000 }]);
    expect(core.timers.get('retry:1')).toBe(core.atMs + 10_000);
  });

  it('looks the issue up by id, then starts the next attempt', () => {
    const core = waiting();
    core.fire('retry:1');
    expect(core.ordered()).toEqual(['fetch_issue']);
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(1);
    expect(core.saved('delete_retry')).toMatchObject([{ issueId: '1' }]);
    expect(core.last.map(({ kind }) => kind)).toContain('save');
  });

  it('waits longer after every failure, up to the limit', () => {
    const core = waiting();
    const delays = [core.retryInMs('1')];
    for (let times = 1; times < 8; times += 1) {
      core.fire('retry:1');
      core.found('1', issue('1'));
      core.ended('1', failed());
      delays.push(core.retryInMs('1'));
    }
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    expect(core.retry('1')).toMatchObject({ attempt: 8, failures: 8 });
  });

  it('carries its failures across a normal exit; a release ends them', () => {
    const core = waiting();
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', normalEnd);
    expect(core.retry('1')).toMatchObject({ trigger: 'continuation', attempt: 2, failures: 1 });
    expect(core.retryInMs('1')).toBe(1_000);
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed());
    expect(core.retryInMs('1')).toBe(20_000);
    core.fire('retry:1');
    core.found('1', null);
    core.start(issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(0);
    core.ended('1', failed());
    expect(core.retryInMs('1')).toBe(10_000);
  });

  it('takes a limit of the reload at the next retry', () => {
    const core = waiting();
    core.reload({ agent: { maxRetryBackoffMs: 5_000 } });
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed());
    expect(core.retryInMs('1')).toBe(5_000);
  });

  it('is released when the issue is gone or inactive', () => {
    for (const read of [null, issue('1', { state: 'Backlog' })]) {
      const core = waiting();
      core.fire('retry:1');
      core.found('1', read);
      expect(core.stageOf('1')).toBe('unclaimed');
      expect(core.saved('delete_retry')).toMatchObject([{ issueId: '1' }]);
    }
  });

  it('is looked up again with backoff when the look failed, attempt unchanged', () => {
    const core = waiting();
    const delays: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      core.fire('retry:1');
      core.fail(core.look('1'));
      expect(core.retry('1')).toMatchObject({ attempt: 1, failures: 1, error: 'the tracker is away' });
      delays.push(core.retryInMs('1'));
    }
    expect(delays).toEqual([10_000, 20_000, 40_000]);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(1);
  });

  it('stays queued without a slot, attempt unchanged, and says so', () => {
    const core = waitingForSlot();
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.snapshot().retrying).toMatchObject([{ error: `${NO_SLOT}; after: it broke`, attempt: 1 }]);
  });

  it('keeps what went wrong however often and for whatever it waits, and writes none of that', () => {
    const core = waitingForSlot();
    const before = core.retry('1');
    const written = () =>
      core.all.flatMap((effect) => (effect.kind === 'save' ? effect.writes : [])).filter(isRetry).length;
    const isRetry = ({ kind }: StoreWrite) => kind === 'put_retry';
    const writtenBefore = written();
    for (let round = 0; round < 3; round += 1) {
      core.say({ control: 'pause' });
      core.tick();
      expect(core.shown('1').error).toBe('dispatch is paused by an operator; after: it broke');
      core.say({ control: 'resume' });
      expect(core.shown('1').error).toBe(`${NO_SLOT}; after: it broke`);
    }
    expect(core.retry('1')).toEqual(before);
    expect(core.state.claims.get('1')?.lastError).toBe('it broke');
    expect(written()).toBe(writtenBefore);
    const stored = { retries: [core.retry('1')] };
    const next = aCore({ settings: { agent: { maxConcurrentAgents: 0 } }, stored });
    next.fire('retry:1');
    expect(next.shown('1').error).toBe(`${NO_SLOT}; after: it broke`);
  });

  it('that goes on without a failure says nothing but why it waits', () => {
    const core = waiting();
    core.start(issue('2'), issue('3'));
    core.ended('3', { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });
    core.reload({ agent: { maxConcurrentAgents: 1 } });
    core.fire('retry:3');
    expect(core.shown('3').error).toBe(NO_SLOT);
  });

  it('takes the next free slot at once', () => {
    const core = waitingForSlot();
    core.ended('2', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.look('1')).toBeDefined();
    core.found('1', issue('1'));
    expect(core.one('start_run').spec).toMatchObject({ issue: { id: '1' }, attempt: 1 });
  });

  it('waits while the preflight fails, and goes with the first one that passes', () => {
    const core = waiting();
    core.fire('tick');
    core.preflight(['agent.command: not found']);
    core.fire('retry:1');
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.shown('1')).toMatchObject({
      attempt: 1,
      error: 'nothing is started while the preflight fails; after: it broke',
    });
    core.reload({}, false);
    expect(core.opened('fetch_issue')).toEqual([]);
    core.fire('tick');
    core.preflight();
    expect(core.look('1')).toBeDefined();
  });

  it('comes before every new candidate, however urgent', () => {
    const core = waitingForSlot();
    core.fire('tick');
    core.states({ 2: 'Backlog' });
    core.ended('2', { kind: 'cancelled', reason: 'not_active' });
    core.preflight();
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('comes before a candidate also when its time comes between two pages', () => {
    const core = waiting({
      agent: { maxConcurrentAgents: 2, maxConcurrentAgentsByState: { 'in progress': 1 } },
    });
    core.start(issue('2'), issue('3', { state: 'In Progress' }));
    core.fire('retry:1');
    expect(core.stage('1', 'retry_queued').waitsForSlot).toBe(true);
    core.ended('2', failed());
    expect(core.stageOf('1')).toBe('checking');
  });

  it('that is longest overdue goes first', () => {
    const core = waiting({ agent: { maxConcurrentAgents: 1 } });
    core.pass(1_000);
    core.start(issue('2'));
    core.ended('2', failed());
    core.start(issue('3'));
    core.fire('retry:1');
    core.fire('retry:2');
    core.ended('3', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.stageOf('1')).toBe('checking');
    expect(core.stageOf('2')).toBe('retry_queued');
  });

  it('of another state is not held up by one whose state is full', () => {
    const agent = { maxConcurrentAgents: 5, maxConcurrentAgentsByState: { todo: 1 } };
    const core = waiting({ agent });
    core.start(issue('2'));
    core.fire('retry:1');
    expect(core.shown('1').error).toBe(`${NO_SLOT}; after: it broke`);
    core.start(issue('3', { state: 'In Progress' }));
    core.ended('3', failed());
    core.fire('retry:3');
    expect(core.stageOf('3')).toBe('checking');
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('whose state turns out to be full goes back into the queue and says so', () => {
    const core = waiting({ agent: { maxConcurrentAgentsByState: { 'in progress': 1 } } });
    core.start(issue('2', { state: 'In Progress' }));
    core.fire('retry:1');
    core.found('1', issue('1', { state: 'In Progress' }));
    expect(core.shown('1')).toMatchObject({ attempt: 1, error: `${NO_SLOT}; after: it broke` });
    core.ended('2', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.stageOf('1')).toBe('checking');
  });

  it('takes a slot that a reload adds', () => {
    const core = waitingForSlot();
    core.reload({ agent: { maxConcurrentAgents: 2 } });
    expect(core.stageOf('1')).toBe('checking');
  });

  it('is parked when its sessions are used up', () => {
    const core = waiting({ agent: { maxSessions: 1 } });
    core.fire('retry:1');
    expect(core.park('1')).toMatchObject({ reason: 'max_sessions', attempt: 1, failures: 1 });
    expect(core.saved('delete_retry')).toHaveLength(1);
    expect(core.saved('put_park')).toHaveLength(1);
    expect(core.opened('fetch_issue')).toEqual([]);
  });

  it('that is parked for its sessions leaves the slot to the next one', () => {
    const stored = { issues: [storedIssue('1', { sessionsUsed: 4 })] };
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1, maxSessions: 5 } }, stored });
    for (const id of ['1', '3']) {
      core.start(issue(id));
      core.ended(id, failed());
    }
    core.start(issue('2'));
    core.fire('retry:1');
    core.fire('retry:3');
    core.ended('2', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    expect(core.park('1').reason).toBe('max_sessions');
    expect(core.stageOf('3')).toBe('checking');
  });

  it('honours the Retry-After of the failed run', () => {
    const core = aCore();
    core.start(issue('1'));
    core.ended('1', failed('tracker_api_error', { retryAfterMs: 45_000 }));
    expect(core.retryInMs('1')).toBe(45_000);
  });

  it('waits again when the wall clock was set back', () => {
    const core = waiting();
    core.atMs -= 60_000;
    core.timers.delete('retry:1');
    core.post({ kind: 'timer_fired', timer: 'retry:1' });
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.timers.get('retry:1')).toBe(core.retry('1').dueAtMs);
  });

  it('fires for nobody when the issue was released or runs', () => {
    const core = waiting();
    core.fire('retry:1');
    core.post({ kind: 'timer_fired', timer: 'retry:1' });
    core.found('1', issue('1'));
    expect(core.post({ kind: 'timer_fired', timer: 'retry:1' })).toEqual([]);
    expect(core.post({ kind: 'timer_fired', timer: 'retry:99' })).toEqual([]);
  });

  it('is not taken twice: a candidate that waits is no candidate', () => {
    const core = waiting();
    core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.verdict('DEMO-1')).toBe('retry_queued');
  });
});

describe('a refused look', () => {
  it('tells when a later look is allowed', () => {
    const core = waiting();
    core.fire('retry:1');
    core.fail(core.look('1'), failure({ retryAfterMs: 90_000 }));
    expect(core.retryInMs('1')).toBe(90_000);
  });
});
