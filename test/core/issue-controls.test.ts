// What an operator may say of one issue, stage by stage: dispatch, cancel, retry, release. Each accepted word is durable
// with who and why; each that makes no sense says where the issue stands and what would work.

import { describe, expect, it } from 'vitest';
import type { Issue, IssueControl } from '../../src/contract/index.ts';
import { issueSnapshotOf } from '../../src/core/snapshot.ts';
import { aCore, failed, type Core } from './driver.ts';
import { issue, NO_BUDGET, REVIEW, storedIssue, storedPark, storedRetry } from './issues.ts';

const blocker = { id: '9', identifier: 'DEMO-9', state: 'Todo' };
const blocked = issue('1', { blockedBy: [blocker] });
const LABELS = { tracker: { requiredLabels: ['agent'] } };
const ONE_SLOT = { agent: { maxConcurrentAgents: 1 } };

function controls(core: Core, id = '1'): readonly IssueControl[] {
  return issueSnapshotOf(core.state, `DEMO-${id}`)?.controls ?? [];
}

function started(core: Core, found: Issue = issue('1')): void {
  core.fire(`retry:${found.id}`);
  core.found(found.id, found);
}

describe('dispatch', () => {
  it('of what no candidate read would bring, another project or outside of the filter, is refused', () => {
    const core = aCore();
    const command = {
      control: 'dispatch',
      issue: { id: '1', identifier: 'DEMO-1' },
      found: issue('1'),
    } as const;
    expect(core.say({ ...command, isCandidate: false })).toMatchObject({
      kind: 'refused',
      code: 'invalid_state',
      message: expect.stringContaining('tracker.query_filter'),
    });
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.say({ ...command, isCandidate: true })).toMatchObject({ kind: 'accepted' });
  });

  it('of an issue that nobody has a claim on is a durable claim, due now, as attempt 0', () => {
    const core = aCore();
    expect(core.sayOf('dispatch', '1', issue('1'))).toEqual({
      kind: 'accepted',
      message: 'DEMO-1 takes the next free slot',
    });
    expect(core.saved('put_retry')).toMatchObject([
      { retry: { attempt: 0, trigger: 'timer', step: 'ordered', dueAtMs: core.atMs } },
    ]);
    expect(core.saved('operator_action')).toMatchObject([
      { action: { control: 'dispatch', issueId: '1', issueIdentifier: 'DEMO-1', by: 'alice' } },
    ]);
    expect(core.told('operator_acted')).toMatchObject([{ issue: { id: '1', identifier: 'DEMO-1' } }]);
    started(core);
    expect(core.one('start_run').spec).toMatchObject({ attempt: 0, labelsOverruled: true });
  });

  it('overrules a blocker, and a missing label for the whole run', () => {
    for (const found of [blocked, issue('1', { labels: ['other'] })]) {
      const core = aCore({ settings: LABELS });
      core.sayOf('dispatch', '1', { ...found, labels: ['agent'] });
      started(core, found);
      expect(core.one('start_run').spec.labelsOverruled).toBe(true);
      core.tick();
      expect(core.opened('stop_run')).toEqual([]);
    }
  });

  it('says nothing of labels in a run that nobody ordered', () => {
    const core = aCore();
    core.start(issue('1'));
    expect(core.one('start_run').spec.labelsOverruled).toBeUndefined();
  });

  it('overrules them for another try of the same work, and no longer', () => {
    const core = aCore();
    core.sayOf('dispatch', '1', blocked);
    started(core, blocked);
    core.ended('1', failed());
    expect(core.retry('1')).toMatchObject({ step: 'ordered', attempt: 1 });
    core.pass(10_000);
    started(core, blocked);
    core.ended('1', { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });
    expect(core.retry('1')).toMatchObject({ step: 'agent', attempt: 2 });
    core.pass(1_000);
    started(core, blocked);
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'blocked_by' }]);
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('does not overrule a state that is not active', () => {
    const core = aCore();
    const found = issue('1', { state: 'Backlog' });
    const answer = core.sayOf('dispatch', '1', found);
    expect(answer).toMatchObject({ kind: 'refused', code: 'invalid_state' });
    expect(answer?.message).toBe(
      'DEMO-1 cannot run: its state, Backlog, is none of tracker.active_states (Todo, In Progress); possible now: hold',
    );
    core.sayOf('dispatch', '1', issue('1'));
    started(core, found);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.saved('delete_retry')).toHaveLength(1);
  });

  it('that makes no sense for an issue that only waits is refused with what it waits for', () => {
    const core = aCore();
    core.tick([issue('1', blocked), issue('2', { state: 'Backlog' })]);
    expect(core.sayOf('cancel', '1')?.message).toBe(
      'DEMO-1 is neither running nor queued for a retry nor parked: it is blocked by DEMO-9 (Todo); possible now: dispatch, hold',
    );
    expect(core.sayOf('release', '2')?.message).toMatch(
      /nor parked: its state, Backlog, is none of tracker\./,
    );
    const full = aCore({ settings: ONE_SLOT });
    full.tick([issue('1'), issue('2')]);
    expect(full.sayOf('retry', '2')?.message).toMatch(/nor parked: it waits for a slot; possible now:/);
    expect(full.sayOf('retry', '7')?.message).toMatch(/nor parked; possible now:/);
  });

  it('takes the next free slot before what has waited for longer', () => {
    const stored = { retries: [storedRetry('2', { dueAtMs: 1 })] };
    const core = aCore({ settings: ONE_SLOT, stored, inFirstTick: true });
    core.answerTick([issue('3')]);
    core.found('3', issue('3'));
    core.fire('retry:2');
    core.pass(60_000);
    core.sayOf('dispatch', '1', issue('1'));
    core.fire('retry:1');
    expect(core.shown('1').error).toBe('no available orchestrator slots');
    core.ended('3', failed());
    expect(core.stageOf('1')).toBe('checking');
    expect(core.stageOf('2')).toBe('retry_queued');
  });

  it('is ordered still after a restart, and by an agent that is over its limit', () => {
    const retry = storedRetry('1', { step: 'ordered', attempt: 0 });
    const core = aCore({
      stored: { retries: [retry], quotas: [{ agentKind: 'mock', untilMs: 1e15, detail: 'x', hits: 1 }] },
    });
    core.fire('retry:1');
    expect(core.retry('1').step).toBe('ordered');
    const again = aCore({ stored: { retries: [retry] } });
    started(again, blocked);
    expect(again.opened('start_run')).toHaveLength(1);
  });

  it('makes a queued issue due now, and ordered', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { attempt: 3, dueAtMs: 1e15 })] } });
    expect(core.sayOf('dispatch', '1')).toMatchObject({ kind: 'accepted' });
    started(core, blocked);
    expect(core.one('start_run').spec.attempt).toBe(3);
  });

  it('moves one that waits for a slot to the front, but says no to one that is there', () => {
    const core = aCore({ settings: ONE_SLOT, stored: { retries: [storedRetry('1')] }, inFirstTick: true });
    core.answerTick([issue('3')]);
    core.fire('retry:1');
    expect(controls(core)).toEqual(['dispatch', 'release', 'hold']);
    expect(core.sayOf('retry', '1')?.message).toContain('is due already and waits for its turn');
    core.sayOf('dispatch', '1');
    core.fire('retry:1');
    expect(core.retry('1').step).toBe('ordered');
    expect(controls(core)).toEqual(['release', 'hold']);
  });

  it('is refused while nothing is started, and says what to do', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    expect(core.sayOf('dispatch', '1', issue('1'))).toEqual({
      kind: 'refused',
      code: 'invalid_state',
      message: 'dispatch is paused by alice: resume first; possible now: hold',
    });
  });

  it('gives anew what the issue has used up', () => {
    const spending = { inputTokens: 90, outputTokens: 20, cacheReadTokens: 0, costUsd: 0 };
    const budget = { ...NO_BUDGET, maxTokensPerIssue: 100 };
    const core = aCore({
      settings: { agent: { maxSessions: 2, budget } },
      stored: { issues: [storedIssue('1', { sessionsUsed: 2, spending })] },
    });
    core.sayOf('dispatch', '1', issue('1'));
    expect(core.saved('put_sessions_used')).toMatchObject([{ sessionsUsed: 0 }]);
    expect(core.saved('put_spending')).toMatchObject([{ spending: { inputTokens: 0 } }]);
    started(core);
    expect(core.opened('start_run')).toHaveLength(1);
  });

  it('asks again when the claim that the shell saw has been let go', () => {
    const core = aCore();
    expect(core.sayOf('dispatch', '1')).toMatchObject({ kind: 'refused', code: 'invalid_state' });
    expect(core.sayOf('dispatch', '1')?.message).toBe('DEMO-1 has just been let go: try again');
    expect(core.stageOf('1')).toBe('unclaimed');
  });
});

describe('retry', () => {
  it('makes a queued issue due now; attempt and failures stay', () => {
    const core = aCore({
      stored: { retries: [storedRetry('1', { attempt: 3, failures: 2, dueAtMs: 1e15 })] },
    });
    expect(core.sayOf('retry', '1')).toEqual({ kind: 'accepted', message: 'DEMO-1 is due now' });
    expect(core.retry('1')).toMatchObject({ attempt: 3, failures: 2, dueAtMs: core.atMs, step: 'agent' });
    started(core);
    expect(core.one('start_run').spec.attempt).toBe(3);
  });

  it('of a handoff that is owed tries the handoff, and starts no agent', () => {
    const retry = storedRetry('1', { step: 'handoff', dueAtMs: 1e15 });
    for (const control of ['retry', 'dispatch'] as const) {
      const core = aCore({ settings: REVIEW, stored: { retries: [retry] } });
      core.sayOf(control, '1');
      started(core);
      expect(core.one('transition_issue').toState).toBe('Review');
    }
  });

  it.each(['max_sessions', 'blocked', 'agent_error'] as const)('ends a park for %s', (reason) => {
    const core = aCore({ settings: { agent: { maxSessions: 1 } } });
    core.start(issue('1'));
    core.ended('1', failed('agent_not_found'));
    core.stage('1', 'parked').park = { ...core.park('1'), reason };
    expect(controls(core)).toEqual(['dispatch', 'retry', 'release', 'hold']);
    core.sayOf('retry', '1');
    expect(core.told('park_ended')).toMatchObject([{ reason, by: 'operator' }]);
    core.found('1', issue('1'));
    started(core);
    expect(core.one('start_run').spec.attempt).toBe(1);
  });

  it('waits while dispatch is paused', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { dueAtMs: 1e15 })] } });
    core.say({ control: 'pause' });
    expect(core.sayOf('retry', '1')).toMatchObject({ kind: 'accepted' });
    core.fire('retry:1');
    expect(core.stage('1', 'retry_queued').waitsForSlot).toBe(true);
  });
});

describe('release', () => {
  it.each(['queued', 'parked'])('forgets a %s issue; the next tick judges it anew', (where) => {
    const stored = where === 'queued' ? { retries: [storedRetry('1')] } : { parks: [storedPark('1')] };
    const core = aCore({ stored });
    expect(core.sayOf('release', '1')).toMatchObject({ kind: 'accepted' });
    expect(core.told('released')).toMatchObject([{ why: 'released by alice' }]);
    expect(core.saved(where === 'queued' ? 'delete_retry' : 'delete_park')).toHaveLength(1);
    core.tick([issue('1')]);
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(0);
  });
});

describe('cancel', () => {
  it('of a run tells it to stop, and holds the issue durably from that moment', () => {
    const core = aCore();
    core.start(issue('1'));
    expect(
      core.say(
        { control: 'cancel', issue: { id: '1', identifier: 'DEMO-1' }, found: null },
        { reason: 'wrong branch' },
      ),
    ).toMatchObject({ kind: 'accepted' });
    expect(core.saved('put_park')).toMatchObject([
      { park: { reason: 'held', detail: 'cancelled by alice: wrong branch', attempt: 1 } },
    ]);
    expect(core.one('stop_run').reason).toBe('operator');
    expect(core.stageOf('1')).toBe('running');
    expect(controls(core)).toEqual([]);
    core.ended('1', { kind: 'cancelled', reason: 'operator' });
    expect(core.saved('run_ended')).toMatchObject([
      { status: 'cancelled', error: 'cancelled by alice: wrong branch' },
    ]);
    expect(core.park('1')).toMatchObject({ reason: 'held', attempt: 1 });
    expect(core.verdict('DEMO-1')).toBe('held');
    expect(core.told('parked')).toMatchObject([{ reason: 'held' }]);
  });

  it('outlives a crash before the run has ended', () => {
    const core = aCore();
    core.start(issue('1'));
    core.sayOf('cancel', '1');
    const [park] = core.saved('put_park');
    const openRuns = [
      {
        ...storedPark('1'),
        runId: 'old',
        processes: [],
        startedAtMs: 0,
        ordered: false,
        turns: 0,
        tokens: core.run('1').tokens,
        costUsd: null,
        costEstimated: false,
      },
    ];
    const again = aCore({ stored: { parks: park === undefined ? [] : [park.park], openRuns } });
    expect(again.park('1').reason).toBe('held');
    expect(again.timers.has('retry:1')).toBe(false);
  });

  it.each([
    ['ends well in that moment', { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null }],
    ['fails in that moment', failed()],
    [
      'leaves the active states in that moment',
      { kind: 'normal', end: 'not_active', state: 'Done', evidence: null },
    ],
  ] as const)('holds also a run that %s', (_, exit) => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.sayOf('cancel', '1');
    core.ended('1', exit);
    expect(core.park('1').reason).toBe('held');
    expect(core.opened('transition_issue')).toEqual([]);
  });

  it('of a stalled run that is being stopped keeps it from being tried again', () => {
    const core = aCore();
    core.start(issue('1'));
    core.inTurn('1');
    core.pass(300_001);
    core.tick();
    expect(core.run('1').stopping).toBe('stalled');
    core.sayOf('cancel', '1');
    expect(core.opened('stop_run')).toHaveLength(1);
    core.ended('1', { kind: 'cancelled', reason: 'stalled' });
    expect(core.park('1').reason).toBe('held');
  });

  it('of one that is being checked starts nothing, whatever the check says', () => {
    const core = aCore();
    core.tick([issue('1')]);
    expect(core.sayOf('cancel', '1')?.message).toBe('DEMO-1 is not started, and is held until unhold');
    core.found('1', issue('1'));
    expect(core.opened('start_run')).toEqual([]);
    expect(core.park('1').reason).toBe('held');
  });

  it('holds an issue whose start was cancelled by the store meanwhile', () => {
    const core = aCore();
    core.tick([issue('1')]);
    const start = core.found('1', issue('1'));
    const cancelled = start.filter(({ kind }) => kind === 'start_run').map(({ id }) => id);
    core.sayOf('cancel', '1');
    core.post({ kind: 'store_failed', effectId: 0, cancelled, message: 'disk full' });
    expect(core.park('1').reason).toBe('held');
    expect(core.saved('put_retry')).toEqual([]);
    expect(core.state.runs.size).toBe(0);
  });
});

describe('what makes no sense', () => {
  it.each([
    ['running', ['cancel'], 'DEMO-1 runs'],
    ['checking', ['cancel'], 'is looked at just before its start'],
    ['handing_off', [], 'is being handed off; nothing can be done now'],
    ['cleaning', [], 'its workspace is being removed'],
    ['stopping', [], 'is being stopped'],
    ['parked', ['dispatch', 'retry', 'release', 'hold'], 'is parked (blocked)'],
    ['held', ['unhold'], 'is held; possible now: unhold'],
    ['retry_queued', ['dispatch', 'retry', 'release', 'hold'], 'waits for its next run'],
  ] as const)('is refused of an issue that is %s', (where, possible, says) => {
    const all = ['dispatch', 'cancel', 'retry', 'release', 'hold', 'unhold'] as const;
    for (const control of all) {
      const core = standing(where);
      expect(controls(core)).toEqual(possible);
      const answer = core.sayOf(control, '1');
      expect(answer?.kind, control).toBe(
        (possible as readonly string[]).includes(control) ? 'accepted' : 'refused',
      );
      if (answer?.kind !== 'refused') continue;
      expect(answer).toMatchObject({ code: 'invalid_state' });
      expect(answer.message).toContain(says);
      expect(core.ordered()).toEqual(['answer_control']);
    }
  });
});

function standing(where: string): Core {
  if (where === 'parked' || where === 'held') {
    return aCore({ stored: { parks: [storedPark('1', { reason: where === 'held' ? 'held' : 'blocked' })] } });
  }
  if (where === 'retry_queued') return aCore({ stored: { retries: [storedRetry('1', { dueAtMs: 1e15 })] } });
  const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
  if (where === 'checking') {
    core.tick([issue('1')]);
    return core;
  }
  core.start(issue('1'));
  core.inTurn('1');
  if (where === 'handing_off')
    core.ended('1', { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });
  if (where === 'stopping') {
    core.fire('tick');
    core.states({ '1': 'Done' });
  }
  if (where === 'cleaning')
    core.ended('1', { kind: 'normal', end: 'not_active', state: 'Done', evidence: null });
  return core;
}
