// Parks: an issue that polling cannot cure is set aside, and each reason says what ends it. Our own writes never
// do, and until it is known what the issue looked like, the park holds.

import { describe, expect, it } from 'vitest';
import { PARK_REASONS, type BudgetLimit, type Issue, type ParkReason } from '../../src/contract/index.ts';
import { fingerprintOf } from '../../src/core/fingerprint.ts';
import { park } from '../../src/core/claims.ts';
import { openOrders } from '../../src/core/orders.ts';
import { aCore, failed, type Core } from './driver.ts';
import { issue, storedPark, type SettingsChange, storedIssue } from './issues.ts';

const asRead = issue('1', { comments: [] });
const DAY_MS = 86_400_000;

/** Restarted with issue 1 parked for this reason, its baseline known. */
function parked(reason: ParkReason, change: SettingsChange = {}, untilMs: number | null = null): Core {
  const park = storedPark('1', { reason, untilMs, baseline: fingerprintOf(asRead) });
  const known = storedIssue('1', { workspacePath: '/w/1', sessionsUsed: 3 });
  return aCore({ settings: change, stored: { parks: [park], issues: [known] } });
}

/** A candidate page shows the issue so; if that calls for a look, the look finds the same. */
function shown(core: Core, as: Issue): void {
  core.tick([as]);
  if (core.opened('fetch_issue').length > 0) core.found('1', { ...as, comments: as.comments ?? [] });
}

/** Issue 1 ran and was parked as blocked; the look for its baseline is open. */
function blocked(change: SettingsChange = {}): Core {
  const core = aCore({ settings: change });
  core.start(issue('1'));
  core.ended('1', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
  return core;
}

const isParked = (core: Core) => core.stageOf('1') === 'parked';

describe('what ends a park', () => {
  const LIMIT = { agent: { maxSessions: 3 } };

  it('is what its reason says, and is shown', () => {
    const endings: Readonly<Record<string, (reason: ParkReason) => Core>> = {
      issue_change: (reason) => {
        const core = parked(reason, LIMIT);
        shown(core, issue('1', { description: 'changed' }));
        return core;
      },
      workflow_change: (reason) => {
        const core = parked(reason, LIMIT);
        core.reload(LIMIT, true);
        return core;
      },
      'a reload of nothing that matters': (reason) => {
        const core = parked(reason, LIMIT);
        core.reload(LIMIT, false);
        return core;
      },
      restart: (reason) => parked(reason, LIMIT),
      raised_limit: (reason) => {
        const core = parked(reason, LIMIT);
        core.reload({ agent: { maxSessions: 4 } });
        core.tick();
        return core;
      },
      until: (reason) => {
        const core = parked(reason, LIMIT, DAY_MS * 100_000);
        if (core.timers.has('park:1')) core.fire('park:1');
        return core;
      },
    };
    const table = Object.fromEntries(
      PARK_REASONS.map((reason) => [
        reason,
        Object.entries(endings).flatMap(([name, end]) => (isParked(end(reason)) ? [] : [name])),
      ]),
    );
    const byChange = ['issue_change', 'workflow_change'];
    expect(table).toEqual({
      blocked: byChange,
      needs_human_review: byChange,
      input_required: byChange,
      handoff_failed: byChange,
      workspace_refused: byChange,
      // A restart has ended it before anything else could.
      agent_error: [...byChange, 'a reload of nothing that matters', 'restart', 'raised_limit', 'until'],
      max_sessions: ['raised_limit'],
      // The agent's own limit, of which nothing more is known.
      budget: ['workflow_change'],
      no_evidence: byChange,
      quota: ['until'],
      held: [],
    });
  });

  it('is shown with the park', () => {
    const ends = (reason: ParkReason, limit: BudgetLimit | null = null) => {
      const core = aCore();
      const crossed = limit === null ? null : { limit, allowed: 1, used: 2 };
      const claim = { issueId: '1', identifier: 'DEMO-1', title: 't', issue: null, attempt: 0, failures: 0 };
      const stage = {
        kind: 'parked',
        park: storedPark('1', { reason, crossed }),
        look: null,
        label: 'none',
      } as const;
      core.state.claims.set('1', { ...claim, lastError: '', stage });
      return core.snapshot().parked[0]?.endsOn;
    };
    const byChange = ['issue_change', 'workflow_change', 'operator'];
    expect(ends('blocked')).toEqual(byChange);
    expect(ends('agent_error')).toEqual([...byChange, 'restart']);
    expect(ends('max_sessions')).toEqual(['operator', 'raised_limit']);
    expect(ends('no_evidence')).toEqual(byChange);
    expect(ends('budget')).toEqual(['workflow_change', 'operator']);
    expect(ends('budget', 'maxTokensPerRun')).toEqual(['operator', 'raised_limit']);
    expect(ends('budget', 'maxUsdPerIssue')).toEqual(['operator', 'raised_limit']);
    expect(ends('budget', 'maxTokensPerDay')).toEqual(['operator', 'raised_limit', 'until']);
    expect(ends('quota')).toEqual(['until', 'operator']);
    expect(ends('held')).toEqual(['unhold']);
  });
});

describe('a park', () => {
  it('is durable, told, and keeps the next attempt and the failures', () => {
    const core = aCore();
    core.start(issue('1'));
    core.ended('1', failed());
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed('turn_input_required', { message: 'may I?' }));
    expect(core.saved('put_park')).toMatchObject([
      { park: { reason: 'input_required', detail: 'may I?', attempt: 2, failures: 1, baseline: null } },
    ]);
    expect(core.told('parked')).toMatchObject([{ reason: 'input_required', detail: 'may I?' }]);
  });

  it('holds the issue back from dispatch, tick after tick', () => {
    const core = blocked();
    core.found('1', issue('1'));
    for (let times = 0; times < 5; times += 1) core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.verdict('DEMO-1')).toBe('parked');
  });

  it('that ends is due at once, with the next attempt, and its row is replaced in one write', () => {
    const core = blocked();
    core.found('1', issue('1'));
    core.reload({}, true);
    expect(core.told('park_ended')).toMatchObject([{ reason: 'blocked', by: 'workflow_change' }]);
    expect(core.saved('delete_park')).toHaveLength(1);
    expect(core.saved('put_retry')).toMatchObject([{ retry: { attempt: 1, trigger: 'timer' } }]);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(1);
  });

  it.each(PARK_REASONS.filter((reason) => reason !== 'held'))(
    'for %s ends when the issue leaves the active states',
    (reason) => {
      const core = parked(reason === 'agent_error' ? 'blocked' : reason, { agent: { maxSessions: 3 } });
      core.sweepStates({ 'DEMO-1': 'Todo' });
      core.found('1', asRead);
      for (let ticks = 1; ticks < 60; ticks += 1) core.tick();
      core.fire('tick');
      expect(core.one('fetch_states_by_identifier').identifiers).toEqual(['DEMO-1']);
      core.sweepStates({ 'DEMO-1': 'Backlog' });
      expect(core.stageOf('1')).toBe('unclaimed');
      expect(core.saved('delete_park')).toHaveLength(1);
      expect(core.opened('remove_workspace')).toEqual([]);
    },
  );

  it('ends when the tracker has no such issue any more', () => {
    const core = parked('blocked');
    core.tick([issue('1', { title: 'New' })]);
    core.found('1', null);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.saved('delete_park')).toHaveLength(1);
  });

  it('ends with its workspace when the issue becomes terminal', () => {
    const core = parked('blocked');
    core.sweepStates({ 'DEMO-1': 'Done' });
    core.removed(core.one('remove_workspace'));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('holds when the sweep does not find the issue', () => {
    const core = parked('blocked');
    core.sweepStates({});
    expect(isParked(core)).toBe(true);
  });

  it('is compared in every 60th tick, also when no candidate page holds it', () => {
    const core = parked('blocked');
    core.sweepStates({ 'DEMO-1': 'Todo' });
    core.found('1', asRead);
    expect(isParked(core)).toBe(true);
    for (let ticks = 1; ticks < 60; ticks += 1) {
      core.tick();
      expect(core.opened('fetch_states_by_identifier')).toEqual([]);
    }
    core.tick();
    core.sweepStates({ 'DEMO-1': 'Todo' });
    core.found('1', { ...asRead, comments: [{ id: 'c1', author: 'Ann', body: 'go on', createdAt: '' }] });
    expect(core.told('park_ended')).toMatchObject([{ by: 'issue_change' }]);
  });

  it.each([
    ['state', { state: 'In Progress' }],
    ['updated_at', { updatedAt: '2026-02-02T00:00:00Z' }],
    ['title', { title: 'Another' }],
    ['description', { description: 'more' }],
    ['priority', { priority: 1 }],
    ['labels', { labels: ['urgent'] }],
    ['assignee', { assignee: 'Ann' }],
  ] satisfies [string, Partial<Issue>][])('ends when a person changed the %s', (_field, facts) => {
    const core = parked('blocked');
    shown(core, issue('1', facts));
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it.each([
    ['the order of labels', { labels: ['b', 'a'] }, { labels: ['a', 'b'] }],
    ['the branch name', { branchName: 'x' }, {}],
    ['a blocker', { blockedBy: [{ id: '2', identifier: 'X-2', state: 'Done' }] }, {}],
  ] satisfies [string, Partial<Issue>, Partial<Issue>][])(
    'holds for a change of %s',
    (_field, now, before) => {
      const park = storedPark('1', { baseline: fingerprintOf(issue('1', { ...before, comments: [] })) });
      const core = aCore({ stored: { parks: [park] } });
      shown(core, issue('1', now));
      expect(isParked(core)).toBe(true);
    },
  );

  it('does not believe a candidate page: a difference is confirmed by id first', () => {
    const core = parked('blocked');
    core.tick([issue('1', { title: 'As it was before' })]);
    expect(isParked(core)).toBe(true);
    core.found('1', asRead);
    expect(isParked(core)).toBe(true);
  });

  it('asks once, not once a tick, while a look is under way', () => {
    const core = parked('blocked');
    core.tick([issue('1', { title: 'New' })]);
    core.tick([issue('1', { title: 'New' })]);
    expect(core.opened('fetch_issue')).toHaveLength(1);
    core.fail(core.look('1'));
    expect(isParked(core)).toBe(true);
    core.tick([issue('1', { title: 'New' })]);
    expect(core.opened('fetch_issue')).toHaveLength(1);
  });
});

describe('the baseline of a park', () => {
  it('is read by id after the run ended, and stored', () => {
    const core = blocked();
    core.found('1', issue('1'));
    expect(core.saved('put_park')).toMatchObject([
      { park: { reason: 'blocked', baseline: fingerprintOf(asRead) } },
    ]);
  });

  it('holds the park while it is missing, whatever the pages show', () => {
    const core = blocked();
    core.tick([issue('1', { title: 'New' })]);
    expect(isParked(core)).toBe(true);
    core.fail(core.look('1'));
    core.tick([issue('1', { title: 'Newer' })]);
    expect(isParked(core)).toBe(true);
  });

  it('is asked for again at the next tick when the look failed', () => {
    const core = blocked();
    core.fail(core.look('1'));
    core.fire('tick');
    core.found('1', issue('1'));
    expect(core.park('1').baseline).not.toBeNull();
  });

  it('is asked for a few at a time', () => {
    const parks = Array.from({ length: 12 }, (_, index) => storedPark(`${index + 1}`));
    const core = aCore({ stored: { parks }, inFirstTick: true });
    expect(core.opened('fetch_issue')).toHaveLength(5);
  });

  it('ends the park when it shows that the issue has left the active states', () => {
    const core = blocked();
    core.found('1', issue('1', { state: 'Backlog' }));
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  const commenting: SettingsChange = {
    tracker: { comments: { onDispatch: false, onCompletion: false, onFailure: true, style: 'plain' } },
  };

  function parkedWithComment(): Core {
    const core = aCore({ settings: commenting });
    core.start(issue('1'));
    core.ended('1', failed('agent_not_found'));
    return core;
  }

  it('is read only after our own comment was confirmed', () => {
    const core = parkedWithComment();
    const comment = core.one('comment_issue');
    expect(core.opened('fetch_issue')).toEqual([]);
    core.wrote(comment);
    expect(core.look('1')).toBeDefined();
  });

  it('is not read by a tick that comes while our comment is under way', () => {
    const core = parkedWithComment();
    core.tick([issue('1')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    const comment = core.one('comment_issue');
    core.wrote(comment);
    const after = issue('1', {
      updatedAt: '2026-05-05T00:00:00Z',
      comments: [{ id: 'ours', author: 'sortie', body: comment.body, createdAt: '' }],
    });
    core.found('1', after);
    core.tick([issue('1', { updatedAt: after.updatedAt })]);
    expect(isParked(core)).toBe(true);
    expect(core.opened('fetch_issue')).toEqual([]);
  });

  it('is read also when our comment failed or was never sent', () => {
    const refused = parkedWithComment();
    refused.fail(refused.one('comment_issue'));
    expect(refused.look('1')).toBeDefined();
    const lost = parkedWithComment();
    lost.loseSave();
    expect(lost.look('1')).toBeDefined();
  });

  it('is read again when a comment of an earlier run is confirmed late', () => {
    const core = aCore({ settings: commenting });
    core.start(issue('1'));
    core.ended('1', failed());
    const late = core.one('comment_issue');
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed('agent_not_found'));
    const [, last] = core.opened('comment_issue');
    if (last !== undefined) core.wrote(last);
    core.wrote(late);
    const commented = issue('1', { updatedAt: '2026-05-05T00:00:00Z' });
    core.found('1', commented);
    core.tick([commented]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(isParked(core)).toBe(true);
  });
});

describe('max_sessions', () => {
  it('parks a candidate without a look when its sessions are used up, and takes no slot', () => {
    const core = parked('held', { agent: { maxSessions: 3, maxConcurrentAgents: 1 } });
    core.state.claims.delete('1');
    core.tick([issue('1'), issue('2')]);
    expect(core.park('1')).toMatchObject({
      reason: 'max_sessions',
      detail: '3 of 3 sessions used (agent.max_sessions)',
    });
    expect(core.stageOf('2')).toBe('checking');
  });

  it('counts sessions that did work, not those that were interrupted or cancelled', () => {
    const core = aCore();
    const used = () => core.state.memory.get('1')?.sessionsUsed ?? 0;
    core.start(issue('1'));
    core.ended('1', { kind: 'cancelled', reason: 'lost' });
    expect(used()).toBe(0);
    expect(core.saved('put_sessions_used')).toEqual([]);
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed());
    expect(used()).toBe(1);
    expect(core.saved('put_sessions_used')).toMatchObject([{ issueId: '1', sessionsUsed: 1 }]);
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', { kind: 'cancelled', reason: 'operator' });
    expect(used()).toBe(1);
  });

  it.each([0, 4])('ends when the limit becomes %i', (maxSessions) => {
    const core = parked('max_sessions', { agent: { maxSessions: 3 } });
    core.tick([issue('1')]);
    expect(isParked(core)).toBe(true);
    core.reload({ agent: { maxSessions } });
    core.tick();
    expect(core.told('park_ended')).toEqual([]);
    expect(core.stageOf('1')).toBe('retry_queued');
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.opened('start_run')).toHaveLength(1);
  });
});

describe('until', () => {
  it('is kept by a restart: the timer is armed for the stored time', () => {
    const untilMs = 2_000_000_000_000;
    const core = parked('quota', {}, untilMs);
    expect(core.timers.get('park:1')).toBe(untilMs);
  });

  it('is armed when the park begins', () => {
    const core = aCore();
    core.start(issue('1'));
    const claim = core.state.claims.get('1');
    const orders = openOrders(core.state, { atMs: core.atMs, monotonicMs: 0, uuid: 'u' });
    if (claim !== undefined)
      park(orders, claim, { reason: 'quota', detail: 'spent', untilMs: core.atMs + 1_000 });
    expect(orders.free).toMatchObject([
      { kind: 'arm_timer', timer: 'park:1', dueAtMs: core.atMs + 1_000 },
      { kind: 'tell' },
    ]);
  });

  it('says nothing before its time, to another park, or to nobody', () => {
    const core = parked('quota', {}, 2_000_000_000_000);
    core.post({ kind: 'timer_fired', timer: 'park:1' });
    expect(isParked(core)).toBe(true);
    const other = parked('blocked');
    other.post({ kind: 'timer_fired', timer: 'park:1' });
    expect(isParked(other)).toBe(true);
    expect(other.post({ kind: 'timer_fired', timer: 'park:77' })).toEqual([]);
  });

  it('is disarmed when something else ends the park', () => {
    const core = parked('budget', {}, 2_000_000_000_000);
    core.sweepStates({ 'DEMO-1': 'Backlog' });
    expect(core.timers.has('park:1')).toBe(false);
  });
});
