// People outside are told once for each entry into a state, each destination only what it wants, in the same save as
// the fact; what is repeated after a crash carries the id that it had before.

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  NOTIFICATION_EVENTS,
  type NotificationEvent,
  type RunExit,
  type StoredNotification,
} from '../../src/contract/index.ts';
import { aCore, failed, normalEnd, STARTED_AT_MS, type Core, type Start } from './driver.ts';
import { issue, NO_BUDGET, openRun, storedPark, storedRetry, type SettingsChange } from './issues.ts';
import { running, uses } from './usage.ts';

const HOUR = 3_600_000;

function telling(
  change: SettingsChange = {},
  events: readonly NotificationEvent[] = NOTIFICATION_EVENTS,
): Start {
  return { settings: { ...change, notifications: [{ name: 'ops', events }] } };
}

/** What was queued in the last step. */
function queued(core: Core): StoredNotification[] {
  return core.saved('queue_notification').map(({ notification }) => notification);
}

function allQueued(core: Core): StoredNotification[] {
  return core.all
    .flatMap((effect) => (effect.kind === 'save' ? effect.writes : []))
    .flatMap((write) => (write.kind === 'queue_notification' ? [write.notification] : []));
}

const blocked: RunExit = { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null };

describe('an issue that is parked', () => {
  it('is told in one sentence, in the save that parks it', () => {
    const core = aCore(telling({}, ['issue_parked']));
    core.start(issue('1', { url: 'https://tracker/DEMO-1', title: 'Mend it' }));
    const { runId } = core.run('1');
    core.ended('1', blocked);
    expect(core.saved('put_park')).toHaveLength(1);
    expect(queued(core)).toEqual([
      {
        id: `issue_parked:1:${core.atMs}:ops`,
        destination: 'ops',
        event: 'issue_parked',
        atMs: core.atMs,
        summary: 'DEMO-1 is parked: blocked: the agent wrote "blocked" to .sortie/status',
        detail: 'the agent wrote "blocked" to .sortie/status',
        issueId: '1',
        issueIdentifier: 'DEMO-1',
        issueTitle: 'Mend it',
        issueUrl: 'https://tracker/DEMO-1',
        runId,
        code: 'blocked',
      },
    ]);
  });

  it('until a time is told with the time', () => {
    const budget = { ...NO_BUDGET, maxTokensPerDay: 100 };
    const core = running(telling({ agent: { budget } }, ['issue_parked']), '1');
    uses(core, '1', 100);
    core.ended('1', { kind: 'cancelled', reason: 'budget' });
    expect(queued(core)[0]?.summary).toMatch('DEMO-1 is parked until 2027-01-16 00:00 UTC: budget: ');
  });

  it('for a usage limit is not told: the limit is, once for all that wait for it', () => {
    const retries = ['1', '2', '3', '4', '5'].map((id) => storedRetry(id));
    const core = aCore({ ...telling(), stored: { retries } });
    core.start(issue('9'));
    core.ended('9', failed('turn_failed', { reason: 'quota', message: 'limit' }));
    for (const { issueId } of retries) core.fire(`retry:${issueId}`);
    expect(core.snapshot().parked.map(({ reason }) => reason)).toEqual(Array(6).fill('quota'));
    expect(allQueued(core).map(({ event }) => event)).toEqual(['agent_paused']);
  });

  it('is not told again by a restart', () => {
    const core = aCore({ ...telling(), stored: { parks: [storedPark('1')] } });
    expect(allQueued(core)).toEqual([]);
  });

  it('by a restart is told: the run had used up its budget', () => {
    const budget = { ...NO_BUDGET, maxTokensPerRun: 5 };
    const core = aCore({
      ...telling({ agent: { budget } }),
      stored: { openRuns: [openRun('1')] },
      inFirstTick: true,
    });
    expect(queued(core)).toMatchObject([{ event: 'issue_parked', code: 'budget', runId: null }]);
  });
});

describe('a run that has finished', () => {
  it.each([
    ['well', normalEnd, 'succeeded', 'The run of DEMO-1 succeeded', ''],
    [
      'with an error',
      failed('turn_failed', { message: 'it\nbroke' }),
      'failed',
      'The run of DEMO-1 failed: it broke',
      'it broke',
    ],
    [
      'after too long',
      failed('turn_timeout', { message: 'an hour' }),
      'timed_out',
      'The run of DEMO-1 timed out: an hour',
      'an hour',
    ],
    ['blocked', blocked, 'blocked', 'The run of DEMO-1 ended blocked', ''],
  ])('%s is told in the save that ends it', (_, exit, code, summary, detail) => {
    const core = running(telling({}, ['run_finished']), '1');
    const { runId } = core.run('1');
    core.ended('1', exit);
    expect(core.saved('run_ended')).toHaveLength(1);
    expect(queued(core)).toMatchObject([{ id: `run_finished:${runId}:ops`, code, summary, detail, runId }]);
  });

  it('is not told when it was only interrupted: the one that goes on for it is', () => {
    const core = running(telling({}, ['run_finished']), '1');
    core.shutdown();
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(core.saved('run_ended')).toMatchObject([{ status: 'interrupted' }]);
    const next = aCore({ ...telling(), stored: { openRuns: [openRun('1')] } });
    expect([...allQueued(core), ...allQueued(next)]).toEqual([]);
  });
});

describe('the budget of a day', () => {
  const budget = { ...NO_BUDGET, maxTokensPerDay: 100 };
  const day = new Date(STARTED_AT_MS).toISOString().slice(0, 10);
  const id = `budget_reached:${day}:maxTokensPerDay:100:ops`;

  it('is told once when nothing is left of it', () => {
    const core = running(telling({ agent: { budget } }, ['budget_reached']), '1', '2');
    uses(core, '1', 99);
    expect(queued(core)).toEqual([]);
    uses(core, '1', 2);
    expect(queued(core)).toMatchObject([
      {
        id,
        summary: `The budget of ${day} is used up: agent.budget.max_tokens_per_day: 101 of 100 tokens`,
        code: 'max_tokens_per_day',
        issueId: null,
      },
    ]);
    uses(core, '2', 50);
    core.tick([issue('3')]);
    expect(allQueued(core)).toHaveLength(1);
  });

  it('carries the same id after a restart on the same day', () => {
    const stored = { day: { day, inputTokens: 500, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 } };
    const core = aCore({ ...telling({ agent: { budget } }), stored });
    expect(allQueued(core)).toMatchObject([{ id }]);
  });

  it('is another entry once it was raised and is used up again, and on another day', () => {
    const core = running(telling({ agent: { budget } }, ['budget_reached']), '1');
    uses(core, '1', 100);
    core.reload(telling({ agent: { budget: { ...budget, maxTokensPerDay: 150 } } }).settings ?? {});
    core.reload(telling({ agent: { budget } }).settings ?? {});
    core.reload(telling({ agent: { budget: { ...budget, maxTokensPerDay: 90 } } }).settings ?? {});
    expect(allQueued(core).map((one) => one.id)).toEqual([id, id]);
    core.pass(24 * HOUR);
    core.tick([]);
    core.start(issue('9'));
    uses(core, '9', 100);
    expect(allQueued(core)).toHaveLength(3);
    expect(allQueued(core).at(-1)?.id).not.toBe(id);
  });
});

describe('an agent that is paused', () => {
  it('for its usage limit is told once for each time that it meets it', () => {
    const core = running(telling({}, ['agent_paused']), '1', '2');
    const since = core.atMs;
    const hits = (id: string): void =>
      void core.ended(id, failed('turn_failed', { reason: 'quota', message: 'limit' }));
    hits('1');
    expect(core.saved('put_quota')).toHaveLength(1);
    expect(queued(core)).toMatchObject([
      { id: `agent_paused:mock:${since}:ops`, code: 'mock', summary: 'Agent mock is over its limit: limit' },
    ]);
    core.pass(1_000);
    hits('2');
    expect(queued(core)).toEqual([]);
    core.pass(1_000);
    core.fire('park:1');
    core.pass(1_000);
    core.fire('retry:1');
    core.found('1', issue('1'));
    hits('1');
    expect(queued(core)).toMatchObject([{ id: `agent_paused:mock:${core.atMs}:ops` }]);
  });

  it('is not told again by a restart while the limit goes on', () => {
    const quota = { agentKind: 'mock', untilMs: STARTED_AT_MS + HOUR, detail: 'limit', hits: 1 };
    const core = aCore({ ...telling(), stored: { quotas: [quota] } });
    expect(core.snapshot().pauses).toMatchObject([{ reason: 'quota' }]);
    core.reload({ ...telling().settings, agent: { kind: 'other' } });
    core.reload(telling().settings ?? {});
    expect(allQueued(core)).toEqual([]);
  });

  it('because it refuses to work is told with the park of whoever met it, once', () => {
    const core = running(telling({}, ['agent_paused']), '1', '2');
    core.ended('1', failed('agent_config_error', { message: 'no key' }));
    expect(core.saved('put_park')).toHaveLength(1);
    expect(queued(core)).toMatchObject([{ summary: 'Agent mock refuses to work: no key' }]);
    core.ended('2', failed('agent_config_error', { message: 'no key' }));
    expect(queued(core)).toEqual([]);
  });
});

it('the breaker is told when it opens, and not when it opens again', () => {
  const core = aCore(telling({ agent: { breakerFailures: 1 } }, ['breaker_open']));
  core.start(issue('1'));
  const since = core.atMs;
  core.ended('1', failed('workspace_error', { message: 'disk full' }));
  expect(queued(core)).toMatchObject([
    {
      id: `breaker_open:${since}:ops`,
      summary: 'Dispatch is paused: an issue failed (workspace_error): disk full',
      code: 'workspace_error',
    },
  ]);
  core.fire('retry:1');
  while (core.stageOf('1') !== 'checking') core.tick();
  core.found('1', issue('1'));
  core.ended('1', failed('workspace_error'));
  expect(core.snapshot().pauses).toMatchObject([{ reason: 'breaker' }]);
  expect(allQueued(core)).toHaveLength(1);
});

describe('a preflight that fails', () => {
  function fails(core: Core, ...problems: string[]): void {
    core.fire('tick');
    core.preflight(problems);
  }

  it('is told once, however often and however it goes on failing', () => {
    const core = aCore(telling());
    fails(core, 'no agent', 'no disk');
    expect(queued(core)).toMatchObject([
      { id: `preflight_failed:${core.atMs}:ops`, summary: 'Nothing is started: no agent; no disk' },
    ]);
    fails(core, 'no agent', 'no disk');
    fails(core, 'no disk');
    expect(allQueued(core)).toHaveLength(1);
  });

  it('is told again after it had passed', () => {
    const core = aCore(telling());
    fails(core, 'no disk');
    core.tick();
    fails(core, 'no disk');
    expect(allQueued(core)).toHaveLength(2);
    expect(new Set(allQueued(core).map(({ id }) => id)).size).toBe(2);
  });
});

describe('destinations', () => {
  it('are told only what they list, each in a row of its own', () => {
    const notifications = [
      { name: 'ops', events: ['run_finished', 'issue_parked'] as const },
      { name: 'team', events: ['issue_parked'] as const },
      { name: 'nobody', events: [] },
    ];
    const core = running({ settings: { notifications } }, '1');
    core.ended('1', blocked);
    expect(queued(core).map(({ event, destination }) => [event, destination])).toEqual([
      ['run_finished', 'ops'],
      ['issue_parked', 'ops'],
      ['issue_parked', 'team'],
    ]);
  });

  it('are those of the settings in force', () => {
    const core = running({}, '1', '2');
    core.ended('1', blocked);
    core.reload(telling().settings ?? {});
    core.ended('2', blocked);
    expect(allQueued(core).map(({ issueId }) => issueId)).toEqual(['2', '2']);
  });
});

describe('texts', () => {
  it('are one line of at most 300 characters, whatever agents, trackers and people have written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 700 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        (said, title) => {
          const core = aCore(telling({}, ['issue_parked', 'run_finished']));
          core.start(issue('1', { title: `t${title}` }));
          core.ended('1', failed('workspace_refused', { message: said }));
          expect(queued(core)).toHaveLength(2);
          for (const one of queued(core)) {
            for (const text of [
              one.summary,
              one.detail,
              one.issueTitle ?? '',
              one.issueIdentifier ?? '',
              one.code,
            ]) {
              expect(text.length).toBeLessThanOrEqual(300);
              expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
              expect(text.isWellFormed()).toBe(true);
            }
          }
        },
      ),
    );
  });

  it('that are cut say so', () => {
    const core = running(telling({}, ['issue_parked']), '1');
    core.ended('1', failed('workspace_refused', { message: 'x'.repeat(1_000) }));
    expect(queued(core)[0]?.detail).toMatch(/^x{299}…$/);
  });
});

// The rule, a second time, over any row of ends, refusals, limits and restarts.
describe('for whatever happens', () => {
  it('each entry has one id for each destination that wants it, and no id stands for two', () => {
    const act = fc.oneof(
      fc.record({
        what: fc.constant('end' as const),
        id: fc.integer({ min: 1, max: 4 }),
        exit: fc.integer({ min: 0, max: 6 }),
      }),
      fc.record({ what: fc.constant('preflight' as const), fails: fc.boolean() }),
      fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 7_200_000 }) }),
      fc.record({ what: fc.constant('use' as const), id: fc.integer({ min: 1, max: 4 }) }),
    );
    const exits: readonly RunExit[] = [
      normalEnd,
      blocked,
      failed('turn_failed', { reason: 'quota' }),
      failed('agent_config_error'),
      failed('workspace_error'),
      failed('turn_failed'),
      { kind: 'cancelled', reason: 'lost' },
    ];
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const notifications = [
          { name: 'all', events: NOTIFICATION_EVENTS },
          { name: 'parks', events: ['issue_parked'] as const },
        ];
        const agent = { breakerFailures: 2, budget: { ...NO_BUDGET, maxTokensPerDay: 300 } };
        const core = aCore({ settings: { agent, notifications } });
        for (const one of acts) {
          core.pass(1);
          if (one.what === 'pass') core.pass(one.ms);
          else if (one.what === 'preflight') {
            core.fire('tick');
            if (core.opened('fetch_states').length > 0) core.states({});
            core.preflight(one.fails ? [`at ${core.atMs}`] : []);
            if (core.opened('fetch_candidates').length > 0)
              core.candidates(['1', '2', '3', '4'].map((id) => issue(id)));
          } else {
            const id = String(one.id);
            if (core.timers.has(`park:${id}`)) core.fire(`park:${id}`);
            if (core.timers.has(`retry:${id}`)) core.fire(`retry:${id}`);
            if (core.stageOf(id) === 'checking') core.found(id, issue(id));
            if (core.stageOf(id) !== 'running') continue;
            if (one.what === 'end') core.ended(id, exits[one.exit] ?? normalEnd);
            else uses(core, id, 100);
          }
        }
        const rows = allQueued(core);
        const ids = (event: NotificationEvent, destination: string): string[] =>
          rows.filter((row) => row.event === event && row.destination === destination).map((row) => row.id);
        // By the day and the limit: that one may come again, under its id.
        const others = rows.filter(({ event }) => event !== 'budget_reached').map(({ id }) => id);
        expect(new Set(others).size).toBe(others.length);
        const facts = expected(core);
        for (const [event, count] of facts) expect([event, ids(event, 'all').length]).toEqual([event, count]);
        expect(ids('issue_parked', 'parks')).toHaveLength(facts.get('issue_parked') ?? 0);
        expect(
          rows.every(({ event, destination }) => destination === 'all' || event === 'issue_parked'),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  /** Counted from what was told and written beside. */
  function expected(core: Core): Map<NotificationEvent, number> {
    const counts = new Map<NotificationEvent, number>();
    const count = (event: NotificationEvent): void => void counts.set(event, (counts.get(event) ?? 0) + 1);
    for (const event of [
      'issue_parked',
      'run_finished',
      'breaker_open',
      'preflight_failed',
      'agent_paused',
    ] as const)
      counts.set(event, 0);
    let failsNow = false;
    let quotaUntilMs = 0;
    for (const effect of core.all) {
      if (effect.kind === 'save') {
        for (const write of effect.writes) {
          if (write.kind === 'run_ended' && write.status !== 'interrupted') count('run_finished');
        }
        continue;
      }
      if (effect.kind !== 'tell') continue;
      const { notice } = effect;
      if (notice.kind === 'parked' && notice.reason !== 'held' && notice.reason !== 'quota')
        count('issue_parked');
      if (notice.kind === 'preflight_recovered') failsNow = false;
      if (notice.kind === 'preflight_failed' && !failsNow) {
        failsNow = true;
        count('preflight_failed');
      }
      if (notice.kind !== 'dispatch_paused') continue;
      if (notice.reason === 'breaker') count('breaker_open');
      if (notice.reason === 'agent_error') count('agent_paused');
      if (notice.reason === 'quota' && (notice.untilMs ?? 0) !== quotaUntilMs) {
        quotaUntilMs = notice.untilMs ?? 0;
        count('agent_paused');
      }
    }
    return counts;
  }
});
