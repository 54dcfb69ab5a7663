// A usage limit is not a failure: the issue waits, attempt unchanged, until the agent may go on, and so does every
// other issue that the same agent would work on. It survives a restart, and ends by itself.

import { describe, expect, it } from 'vitest';
import type { StoredQuota } from '../../src/contract/index.ts';
import { endPark } from '../../src/core/parking.ts';
import { openOrders } from '../../src/core/orders.ts';
import { aCore, failed, STARTED_AT_MS, type Core } from './driver.ts';
import { issue, openRun, storedPark, storedRetry } from './issues.ts';
import { running } from './usage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function hits(core: Core, id: string, resetAtMs: number | null = null): void {
  core.ended(id, failed('turn_failed', { reason: 'quota', message: 'usage limit reached', resetAtMs }));
}

function quota(facts: Partial<StoredQuota> = {}): StoredQuota {
  return {
    agentKind: 'mock',
    untilMs: STARTED_AT_MS + HOUR,
    detail: 'usage limit reached',
    hits: 1,
    ...facts,
  };
}

/** Issue 1 has met the limit, for an hour. */
function held(): Core {
  const core = running({}, '1', '2');
  hits(core, '1', core.atMs + HOUR);
  return core;
}

describe('a run that meets a usage limit', () => {
  it('burns no attempt, no session, and is no failure', () => {
    const comments = { onDispatch: false, onCompletion: false, onFailure: true, style: 'plain' } as const;
    const core = running({ settings: { tracker: { comments } } }, '1');
    hits(core, '1', core.atMs + HOUR);
    expect(core.saved('run_ended')).toMatchObject([{ status: 'interrupted', error: 'usage limit reached' }]);
    expect(core.saved('put_sessions_used')).toEqual([]);
    expect(core.opened('comment_issue')).toEqual([]);
    expect(core.park('1')).toMatchObject({
      reason: 'quota',
      detail: 'usage limit reached',
      untilMs: core.atMs + HOUR,
      attempt: 0,
      failures: 0,
    });
  });

  it('goes on by itself when the time has come, as the same attempt', () => {
    const core = held();
    core.fire('park:1');
    expect(core.retry('1')).toMatchObject({ attempt: 0, failures: 0 });
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.opened('start_run').at(-1)?.spec).toMatchObject({ issue: { id: '1' }, attempt: 0 });
  });

  it('leaves those alone that run', () => {
    const core = held();
    expect(core.stageOf('2')).toBe('running');
    expect(core.opened('stop_run')).toEqual([]);
  });
});

describe('the time', () => {
  it.each([
    ['has passed', -HOUR, 30_000],
    ['is in a second', 1_000, 30_000],
    ['is tomorrow', DAY, DAY],
    ['is next year', 365 * DAY, 8 * DAY],
  ])('that the agent names and that %s is kept within bounds', (_, inMs, waitMs) => {
    const core = running({}, '1');
    hits(core, '1', core.atMs + inMs);
    expect((core.park('1').untilMs ?? 0) - core.atMs).toBe(waitMs);
  });

  /** Minutes that are waited for the same limit, again and again; `named` = what the agent says of it each time. */
  function waitsOf(named: (atMs: number) => number | null): number[] {
    const core = running({}, '1');
    const waits: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      hits(core, '1', named(core.atMs));
      waits.push(((core.park('1').untilMs ?? 0) - core.atMs) / MINUTE);
      core.fire('park:1');
      core.fire('retry:1');
      core.found('1', issue('1'));
    }
    return waits;
  }

  it('doubles up to an hour where the agent names none', () => {
    expect(waitsOf(() => null)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('doubles as well where the agent names one that has passed, each time', () => {
    expect(waitsOf((atMs) => atMs - HOUR)).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60]);
  });

  it('is the one that the agent names, however often', () => {
    expect(waitsOf((atMs) => atMs + 5 * MINUTE)).toEqual([5, 5, 5, 5, 5, 5, 5, 5]);
  });

  it('does not double for others who meet the same limit at once', () => {
    const core = running({}, '1', '2', '3');
    for (const id of ['1', '2', '3']) hits(core, id);
    expect(core.state.quotas.get('mock')).toMatchObject({ hits: 1, untilMs: core.atMs + MINUTE });
  });

  it('is never moved forward by one of them', () => {
    const core = held();
    hits(core, '2');
    expect(core.state.quotas.get('mock')?.untilMs).toBe(core.atMs + HOUR);
    expect(core.park('2').untilMs).toBe(core.atMs + HOUR);
  });

  it('begins anew after a turn has completed, and only after the limit was over', () => {
    const core = held();
    core.progress('2', { kind: 'turn_finished', turn: 1 });
    expect(core.saved('delete_quota')).toEqual([]);
    core.pass(HOUR);
    core.progress('2', { kind: 'turn_finished', turn: 2 });
    expect(core.saved('delete_quota')).toMatchObject([{ agentKind: 'mock' }]);
    hits(core, '2');
    expect(core.state.quotas.get('mock')?.hits).toBe(1);
  });
});

describe('while an agent is over its limit', () => {
  it('nothing new is started, and people see why and until when', () => {
    const core = held();
    core.tick([issue('3')]);
    expect(core.stageOf('3')).toBe('unclaimed');
    // It passes by itself: whoever waits for the end of all work goes on waiting.
    expect(core.told('tick_completed')).toMatchObject([{ nothingEligible: false }]);
    expect(core.state.verdicts.get('3')).toMatchObject({
      verdict: 'paused',
      detail: `agent mock is over its limit until 2027-01-15 09:01 UTC: usage limit reached`,
    });
    expect(core.snapshot().pauses).toMatchObject([
      { reason: 'quota', agentKind: 'mock', detail: 'usage limit reached' },
    ]);
    expect(
      core.all.filter((one) => one.kind === 'tell' && one.notice.kind === 'dispatch_paused'),
    ).toHaveLength(1);
    core.pass(HOUR);
    core.fire('tick');
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'quota', agentKind: 'mock' }]);
    core.answerTick([issue('3')]);
    expect(core.stageOf('3')).toBe('checking');
  });

  it('a retry that becomes due waits for the same time, parked', () => {
    const core = held();
    core.ended('2', failed());
    core.fire('retry:2');
    expect(core.park('2')).toMatchObject({
      reason: 'quota',
      attempt: 1,
      failures: 1,
      untilMs: core.park('1').untilMs,
    });
    expect(core.saved('delete_retry')).toMatchObject([{ issueId: '2' }]);
  });

  it('whoever was being looked at is not started', () => {
    const core = running({}, '1');
    core.tick([issue('3')]);
    hits(core, '1', core.atMs + HOUR);
    core.found('3', issue('3'));
    expect(core.stageOf('3')).toBe('unclaimed');
  });

  it('another agent works', () => {
    const core = held();
    core.reload({ agent: { kind: 'other' } });
    expect(core.told('dispatch_resumed')).toHaveLength(1);
    core.tick([issue('3')]);
    expect(core.stageOf('3')).toBe('checking');
    expect(core.snapshot().pauses).toEqual([]);
  });

  it('an operator’s word lifts it', () => {
    const core = held();
    const claim = core.state.claims.get('1');
    if (claim === undefined) throw new Error('not parked');
    const orders = openOrders(core.state, { atMs: core.atMs, monotonicMs: 0, uuid: '' });
    endPark(orders, claim, 'operator');
    expect(orders.writes).toContainEqual({ kind: 'delete_quota', agentKind: 'mock' });
    core.tick([issue('3')]);
    expect(core.stageOf('3')).toBe('checking');
  });
});

describe('a restart', () => {
  it('keeps the hold, and the parks', () => {
    const stored = {
      quotas: [quota()],
      parks: [storedPark('1', { reason: 'quota', untilMs: STARTED_AT_MS + HOUR })],
      retries: [storedRetry('2')],
      openRuns: [openRun('3')],
    };
    const core = aCore({ stored });
    core.fire('retry:2');
    core.fire('retry:3');
    core.tick([issue('4')]);
    expect(core.park('1').untilMs).toBe(STARTED_AT_MS + HOUR);
    expect(core.park('2')).toMatchObject({ reason: 'quota', untilMs: STARTED_AT_MS + HOUR });
    expect(core.park('3')).toMatchObject({ reason: 'quota', attempt: 1 });
    expect(core.stageOf('4')).toBe('unclaimed');
  });

  it('keeps the count of answers in a row', () => {
    const core = running({ stored: { quotas: [quota({ untilMs: STARTED_AT_MS - 1, hits: 3 })] } }, '1');
    hits(core, '1');
    expect(core.state.quotas.get('mock')).toMatchObject({ hits: 4, untilMs: core.atMs + 8 * MINUTE });
  });
});
