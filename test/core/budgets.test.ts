// agent.budget: whoever crosses a limit is stopped in the running session and parked with the figure; a day's budget
// stops everybody until midnight UTC. Nothing of it is forgotten by a restart.

import { describe, expect, it } from 'vitest';
import type { BudgetSettings, StoredDay } from '../../src/contract/index.ts';
import { endPark } from '../../src/core/parking.ts';
import { openOrders } from '../../src/core/orders.ts';
import { aCore, failed, normalEnd, STARTED_AT_MS, type Core, type Start } from './driver.ts';
import { issue, NO_BUDGET, openRun, REVIEW, storedIssue, storedPark, type SettingsChange } from './issues.ts';
import { running, uses } from './usage.ts';

const MIDNIGHT = Date.parse('2027-01-16T00:00:00Z');
const spent = (tokens: number, costUsd = 0) => ({
  inputTokens: tokens,
  outputTokens: 0,
  cacheReadTokens: 9,
  costUsd,
});

function budget(limits: Partial<BudgetSettings>, more: SettingsChange = {}): SettingsChange {
  return { ...more, agent: { ...more.agent, budget: { ...NO_BUDGET, ...limits } } };
}

function stopped(core: Core): string[] {
  return core.opened('stop_run').map(({ issueId, reason }) => `${issueId} ${reason}`);
}

function dayUsedUp(tokens = 1_000, start: Start = {}): Core {
  const day: StoredDay = { day: '2027-01-15', ...spent(tokens) };
  return aCore({
    ...start,
    settings: budget({ maxTokensPerDay: 1_000 }, start.settings),
    stored: { ...start.stored, day },
  });
}

describe('a run that crosses a limit', () => {
  it('is stopped once, and parked with the limit and the figure', () => {
    const core = running({ settings: budget({ maxTokensPerRun: 1_000 }) }, '1');
    uses(core, '1', 600, { outputTokens: 399 });
    expect(stopped(core)).toEqual([]);
    uses(core, '1', 200, { outputTokens: 5 });
    uses(core, '1', 100);
    expect(stopped(core)).toEqual(['1 budget']);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    const detail = 'agent.budget.max_tokens_per_run: 1204 of 1000 tokens';
    expect(core.saved('run_ended')).toMatchObject([{ status: 'cancelled', error: detail }]);
    expect(core.saved('put_sessions_used')).toMatchObject([{ sessionsUsed: 1 }]);
    expect(core.park('1')).toMatchObject({
      reason: 'budget',
      detail,
      untilMs: null,
      attempt: 1,
      failures: 0,
      crossed: { limit: 'maxTokensPerRun', allowed: 1_000, used: 1_204 },
    });
    expect(core.saved('put_park')).toHaveLength(1);
  });

  it('has its figures made durable in the same moment', () => {
    const core = running({ settings: budget({ maxTokensPerIssue: 1_000 }) }, '1');
    uses(core, '1', 1_000);
    expect(core.saved('put_spending')).toMatchObject([{ spending: { inputTokens: 1_000 } }]);
  });

  it.each(['stalled', 'shutdown'] as const)(
    'is parked for it all the same when it was told to stop before (%s) and says only then what it has used',
    (reason) => {
      const agent = { stallTimeoutMs: 1_000 };
      const core = running({ settings: budget({ maxTokensPerRun: 1_000 }, { agent }) }, '1');
      if (reason === 'shutdown') core.shutdown();
      else {
        core.pass(2_000);
        core.tick([]);
      }
      expect(stopped(core)).toEqual([`1 ${reason}`]);
      uses(core, '1', 1_500);
      core.ended('1', { kind: 'cancelled', reason });
      const detail = 'agent.budget.max_tokens_per_run: 1500 of 1000 tokens';
      expect(core.saved('run_ended')).toMatchObject([{ status: 'cancelled', error: detail }]);
      expect(core.park('1')).toMatchObject({ reason: 'budget', detail, crossed: { used: 1_500 } });
    },
  );

  it('is not commented on as a failure', () => {
    const comments = { onDispatch: false, onCompletion: true, onFailure: true, style: 'plain' } as const;
    const core = running({ settings: budget({ maxTokensPerRun: 10 }, { tracker: { comments } }) }, '1');
    uses(core, '1', 10);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(core.opened('comment_issue')).toEqual([]);
  });

  it.each([
    ['maxTokensPerRun', 'agent.budget.max_tokens_per_run: 100 of 60 tokens'],
    ['maxTokensPerIssue', 'agent.budget.max_tokens_per_issue: 150 of 60 tokens'],
    ['maxUsdPerRun', 'agent.budget.max_usd_per_run: 100.5 of 60 USD'],
    ['maxUsdPerIssue', 'agent.budget.max_usd_per_issue: 102.5 of 60 USD'],
    ['maxUsdPerDay', 'agent.budget.max_usd_per_day: 100.5 of 60 USD'],
    ['maxTokensPerDay', 'agent.budget.max_tokens_per_day: 100 of 60 tokens'],
  ] as const)('says which: %s', (limit, detail) => {
    const stored = { issues: [storedIssue('1', { spending: spent(50, 2) })] };
    const core = running({ settings: budget({ [limit]: 60 }), stored }, '1');
    uses(core, '1', 100, { costUsd: 100.5 });
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(core.park('1').detail).toBe(detail);
  });

  it('counts what is estimated like what is reported', () => {
    const rates = { mock: { inputPerMtok: 1_000_000 } };
    const core = running({ settings: budget({ maxUsdPerRun: 5 }, { tokenRates: rates }) }, '1');
    uses(core, '1', 5);
    expect(stopped(core)).toEqual(['1 budget']);
  });

  it('names the issue’s limit before its own: that one lasts', () => {
    const core = running({ settings: budget({ maxTokensPerRun: 5, maxTokensPerIssue: 6 }) }, '1');
    uses(core, '1', 6);
    core.ended('1', failed());
    expect(core.park('1').crossed?.limit).toBe('maxTokensPerIssue');
  });

  it('keeps the first cause when it is being stopped already', () => {
    const core = running({ settings: budget({ maxTokensPerRun: 5 }) }, '1');
    core.run('1').stopping = 'terminal';
    uses(core, '1', 6);
    expect(stopped(core)).toEqual([]);
    core.ended('1', { kind: 'cancelled', reason: 'terminal' });
    expect(core.stageOf('1')).toBe('cleaning');
  });
});

describe('a run that ended well in that very moment', () => {
  it('is handed off', () => {
    const core = running({ settings: budget({ maxTokensPerIssue: 5 }, REVIEW) }, '1');
    uses(core, '1', 6);
    core.ended('1', normalEnd);
    expect(core.stageOf('1')).toBe('handing_off');
  });

  it('goes on when only its own allowance was used up', () => {
    const core = running({ settings: budget({ maxTokensPerRun: 5 }) }, '1');
    uses(core, '1', 6);
    core.ended('1', normalEnd);
    expect(core.retry('1')).toMatchObject({ trigger: 'continuation', attempt: 1 });
  });

  it('is parked where another run would follow and the issue has nothing left', () => {
    const core = running({ settings: budget({ maxTokensPerIssue: 5 }) }, '1');
    uses(core, '1', 6);
    core.ended('1', normalEnd);
    expect(core.saved('run_ended')).toMatchObject([{ status: 'succeeded', error: '' }]);
    expect(core.park('1')).toMatchObject({
      reason: 'budget',
      attempt: 1,
      crossed: { limit: 'maxTokensPerIssue' },
    });
  });

  it('is parked until midnight where the day has nothing left', () => {
    const core = running({ settings: budget({ maxTokensPerDay: 5 }) }, '1');
    uses(core, '1', 6);
    core.ended('1', normalEnd);
    expect(core.park('1')).toMatchObject({ reason: 'budget', untilMs: MIDNIGHT });
  });
});

describe('an issue whose budget is used up', () => {
  const stored = { issues: [storedIssue('1', { spending: spent(1_000) })] };
  const settings = budget({ maxTokensPerIssue: 1_000 });

  it('is parked before anything is started', () => {
    const core = aCore({ settings, stored });
    core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.park('1')).toMatchObject({ reason: 'budget', attempt: 0, crossed: { used: 1_000 } });
  });

  it('goes on when the limit is raised above what it has used, and not before', () => {
    const core = aCore({ settings, stored });
    core.tick([issue('1')]);
    core.reload(budget({ maxTokensPerIssue: 999 }));
    core.tick();
    expect(core.stageOf('1')).toBe('parked');
    core.reload(budget({ maxTokensPerIssue: 1_001 }));
    core.tick();
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('goes on when the limit is taken away', () => {
    const core = aCore({ settings, stored });
    core.tick([issue('1')]);
    core.reload({});
    core.tick();
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('gets a fresh allowance from an operator', () => {
    const core = aCore({ settings, stored });
    core.tick([issue('1')]);
    const claim = core.state.claims.get('1');
    if (claim === undefined) throw new Error('not parked');
    const orders = openOrders(core.state, { atMs: core.atMs, monotonicMs: 0, uuid: '' });
    endPark(orders, claim, 'operator');
    expect(orders.writes).toContainEqual(
      expect.objectContaining({ kind: 'put_spending', spending: { ...spent(0), cacheReadTokens: 0 } }),
    );
    core.post({ kind: 'timer_fired', timer: 'retry:1' });
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('running');
  });
});

describe('a park for a run’s own limit', () => {
  const crossed = { limit: 'maxTokensPerRun', allowed: 1_000, used: 1_200 } as const;
  const at = (limit: number): Core => {
    const stored = { parks: [storedPark('1', { reason: 'budget', crossed })] };
    const core = aCore({ settings: budget({ maxTokensPerRun: limit }), stored });
    core.tick();
    return core;
  };

  it('ends when the limit is higher than it was, and survives a restart until then', () => {
    expect(at(1_000).stageOf('1')).toBe('parked');
    expect(at(1_001).stageOf('1')).toBe('retry_queued');
    expect(at(0).stageOf('1')).toBe('retry_queued');
  });

  it('of the agent itself ends with the workflow only', () => {
    const stored = { parks: [storedPark('1', { reason: 'budget', crossed: null })] };
    const core = aCore({ stored });
    core.tick();
    expect(core.stageOf('1')).toBe('parked');
    core.reload({}, true);
    expect(core.stageOf('1')).toBe('retry_queued');
  });
});

describe('a restart', () => {
  it('is no fresh allowance for a run that had crossed its limit', () => {
    const tokens = { inputTokens: 900, outputTokens: 100, cacheReadTokens: 0 };
    const stored = { openRuns: [openRun('1', { tokens })] };
    const core = aCore({ settings: budget({ maxTokensPerRun: 1_000 }), stored });
    expect(core.park('1')).toMatchObject({ reason: 'budget', attempt: 1, crossed: { used: 1_000 } });
  });
});

describe('a day whose budget is used up', () => {
  it('stops everybody, and parks them until midnight UTC', () => {
    const core = running({ settings: budget({ maxTokensPerDay: 1_000 }) }, '1', '2', '3');
    core.run('3').stopping = 'not_active';
    uses(core, '1', 999);
    expect(stopped(core)).toEqual([]);
    uses(core, '2', 1);
    expect(stopped(core)).toEqual(['1 budget', '2 budget']);
    for (const id of ['1', '2']) {
      core.ended(id, { kind: 'cancelled', reason: 'budget' });
      expect(core.park(id)).toMatchObject({ reason: 'budget', untilMs: MIDNIGHT });
      expect(core.timers.get(`park:${id}`)).toBe(MIDNIGHT);
    }
  });

  it('keeps the midnight of its own day, however long its runs take to end', () => {
    const core = running({ settings: budget({ maxTokensPerDay: 1_000 }) }, '1');
    core.atMs = MIDNIGHT - 1;
    uses(core, '1', 1_000);
    core.pass(60_000);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(core.park('1').untilMs).toBe(MIDNIGHT);
  });

  it('pauses dispatch, tells it once, and shows when it goes on', () => {
    const core = dayUsedUp();
    core.tick([issue('1')]);
    core.tick([issue('1')]);
    expect(core.verdict('DEMO-1')).toBe('budget_paused');
    expect(core.stageOf('1')).toBe('unclaimed');
    const told = core.all.filter((one) => one.kind === 'tell' && one.notice.kind === 'dispatch_paused');
    expect(told).toHaveLength(1);
    expect(core.snapshot().pauses).toEqual([
      {
        reason: 'budget',
        agentKind: null,
        detail: 'agent.budget.max_tokens_per_day: 1000 of 1000 tokens',
        untilMs: MIDNIGHT,
      },
    ]);
  });

  it('reads no more than one page of candidates', () => {
    const core = dayUsedUp();
    core.fire('tick');
    core.preflight();
    core.candidates([issue('1')], 'more');
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'success', nothingEligible: true }]);
  });

  it('ends by itself at midnight', () => {
    const core = dayUsedUp();
    core.atMs = MIDNIGHT;
    core.fire('tick');
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'budget', agentKind: null }]);
    core.answerTick([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('ends when the limit is raised', () => {
    const core = dayUsedUp();
    core.reload(budget({ maxTokensPerDay: 1_001 }));
    expect(core.told('dispatch_resumed')).toHaveLength(1);
    core.tick([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });

  it('keeps due retries waiting, and says so', () => {
    const core = running({ settings: budget({ maxTokensPerDay: 1_000 }) }, '1', '2');
    core.ended('1', failed());
    uses(core, '2', 1_000);
    core.fire('retry:1');
    expect(core.shown('1')).toMatchObject({
      attempt: 1,
      error: 'dispatch is paused: the budget of the day is used up; after: it broke',
    });
    core.tick();
    expect(core.stageOf('1')).toBe('retry_queued');
    core.atMs = MIDNIGHT;
    core.tick();
    expect(core.stageOf('1')).toBe('checking');
  });

  it('lets nobody pass who was being looked at', () => {
    const core = running({ settings: budget({ maxTokensPerDay: 1_000 }) }, '2');
    core.tick([issue('1')]);
    uses(core, '2', 1_000);
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'budget_paused' }]);
  });

  it('survives a restart, parks included', () => {
    const crossed = { limit: 'maxTokensPerDay', allowed: 1_000, used: 1_000 } as const;
    const parks = [storedPark('1', { reason: 'budget', crossed, untilMs: MIDNIGHT })];
    const core = dayUsedUp(1_000, { stored: { parks } });
    core.tick([issue('2')]);
    expect(core.stageOf('1')).toBe('parked');
    expect(core.verdict('DEMO-2')).toBe('budget_paused');
    core.fire('park:1');
    expect(core.atMs).toBe(MIDNIGHT);
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('of yesterday says nothing about today', () => {
    const day = { day: '2027-01-14', ...spent(5_000) };
    const core = aCore({ settings: budget({ maxTokensPerDay: 1_000 }), stored: { day } });
    expect(core.atMs).toBe(STARTED_AT_MS);
    core.tick([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
  });
});
