// Many issues that fail in the same way have one cause: nothing more is started for a while, then one run tries, and
// the others wait until it has shown that the cause is gone.

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RunErrorKind, RunExit } from '../../src/contract/index.ts';
import { aCore, failed, normalEnd, noticesOf, type Core, type Start } from './driver.ts';
import { issue, storedRetry } from './issues.ts';

const MINUTE = 60_000;
const diskFull = failed('workspace_error', { message: 'ENOSPC: no space left' });

function agent(breakerFailures: number, more: object = {}): Start {
  return { settings: { agent: { breakerFailures, maxRetryBackoffMs: 1_000, ...more } } };
}

/** Started, and nothing more. */
function started(core: Core, id: string): void {
  core.tick([issue(id)]);
  core.found(id, issue(id));
}

function startAndFail(core: Core, id: string, exit: RunExit = diskFull): void {
  started(core, id);
  core.ended(id, exit);
}

/** Open since now, by the failures of issues 1 to `failures`. */
function opened(failures = 3, more: object = {}): Core {
  const core = aCore(agent(failures, more));
  for (let id = 1; id <= failures; id += 1) startAndFail(core, String(id));
  expect(isOpen(core)).toBe(true);
  return core;
}

/** Tick by tick, to the one that comes just when the wait is over, its preflight passed. */
function toItsTime(core: Core): void {
  const untilMs = core.snapshot().pauses[0]?.untilMs ?? 0;
  for (;;) {
    core.fire('tick');
    core.preflight();
    if (core.atMs >= untilMs) break;
    core.candidates([]);
  }
  expect(core.atMs).toBe(untilMs);
}

const pauses = (core: Core): string[] => core.snapshot().pauses.map(({ reason }) => reason);
const isOpen = (core: Core): boolean => pauses(core).includes('breaker');

describe('the breaker opens', () => {
  it('when so many issues in a row have failed in the same way', () => {
    const core = aCore(agent(3));
    startAndFail(core, '1');
    startAndFail(core, '2');
    expect(isOpen(core)).toBe(false);
    startAndFail(core, '3');
    expect(core.snapshot().pauses).toEqual([
      {
        reason: 'breaker',
        agentKind: null,
        detail: '3 issues in a row failed in the same way (workspace_error); the last: ENOSPC: no space left',
        untilMs: core.atMs + MINUTE,
      },
    ]);
    expect(core.told('dispatch_paused')).toMatchObject([{ reason: 'breaker' }]);
  });

  it('never by one issue alone, however often it fails', () => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    for (let times = 0; times < 5; times += 1) {
      core.fire('retry:1');
      core.found('1', issue('1'));
      core.ended('1', diskFull);
    }
    expect(isOpen(core)).toBe(false);
  });

  it('never where it is off', () => {
    const core = aCore(agent(0));
    for (const id of ['1', '2', '3', '4', '5', '6']) startAndFail(core, id);
    expect(isOpen(core)).toBe(false);
  });

  it('not by failures of two kinds in turn', () => {
    const core = aCore(agent(2));
    for (const id of ['1', '2', '3', '4']) {
      startAndFail(core, id, failed(Number(id) % 2 === 0 ? 'hook_failed' : 'workspace_error'));
    }
    expect(isOpen(core)).toBe(false);
  });

  it.each([
    ['a run that ends well', normalEnd],
    ['a run that the issue itself was too much for', failed('turn_failed', { reason: 'context_overflow' })],
    ['a run that asks for a person', failed('turn_input_required')],
  ])('not when %s comes between', (_, exit) => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    startAndFail(core, '2', exit);
    startAndFail(core, '3');
    expect(isOpen(core)).toBe(false);
  });

  it.each([
    ['one that was stopped', { kind: 'cancelled', reason: 'stalled' } as const],
    ['one that nobody took', failed('executor_busy')],
    ['one whose folder is refused', failed('workspace_refused')],
  ])('all the same when %s comes between', (_, exit) => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    startAndFail(core, '2', exit);
    startAndFail(core, '3');
    expect(isOpen(core)).toBe(true);
  });

  it('not when a turn was completed in a run that began after the first failure', () => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    core.pass(1_000);
    started(core, '2');
    core.inTurn('2');
    core.progress('2', { kind: 'turn_finished', turn: 1 });
    startAndFail(core, '3');
    expect(isOpen(core)).toBe(false);
  });

  it('all the same when it was completed in a run that had begun before', () => {
    const core = aCore(agent(2));
    started(core, '2');
    core.inTurn('2');
    core.pass(1_000);
    startAndFail(core, '1');
    core.progress('2', { kind: 'turn_finished', turn: 1 });
    startAndFail(core, '3');
    expect(isOpen(core)).toBe(true);
  });

  it('not by a failure of a run that was told to stop', () => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    started(core, '2');
    core.fire('tick');
    core.states({ 2: 'Done' });
    core.ended('2', diskFull);
    expect(isOpen(core)).toBe(false);
  });
});

describe('what counts', () => {
  it.each<[RunErrorKind, NonNullable<Parameters<typeof failed>[1]>['reason']]>([
    ['turn_failed', 'service_error'],
    ['port_exit', 'crash'],
    ['port_exit', null],
    ['response_timeout', null],
    ['response_error', null],
    ['workspace_error', null],
    ['hook_failed', null],
    ['hook_timeout', null],
    ['template_render_error', null],
    ['worker_crashed', null],
    ['tracker_transport_error', null],
  ])('%s (%s) does', (kind, reason) => {
    const core = aCore(agent(2));
    startAndFail(core, '1', failed(kind, { reason }));
    startAndFail(core, '2', failed(kind, { reason }));
    expect(isOpen(core)).toBe(true);
  });

  it.each<[RunErrorKind, NonNullable<Parameters<typeof failed>[1]>['reason']]>([
    ['turn_failed', null],
    ['turn_failed', 'turn_limit'],
    ['turn_failed', 'permission_refused'],
    ['turn_failed', 'session_unknown'],
    ['turn_timeout', null],
    ['turn_input_required', null],
    ['workspace_refused', null],
    ['tracker_not_found', null],
    ['executor_busy', null],
  ])('%s (%s) does not', (kind, reason) => {
    const core = aCore(agent(2));
    startAndFail(core, '1', failed(kind, { reason }));
    startAndFail(core, '2', failed(kind, { reason }));
    expect(isOpen(core)).toBe(false);
  });

  it('the same kind with another reason is another way to fail', () => {
    const core = aCore(agent(2));
    startAndFail(core, '1', failed('port_exit', { reason: 'crash' }));
    startAndFail(core, '2', failed('port_exit', { reason: 'truncated_output' }));
    expect(isOpen(core)).toBe(false);
  });
});

describe('while it is open', () => {
  it('nothing new is started, and one page shows people why', () => {
    const core = opened();
    core.post({ kind: 'refresh_requested' });
    core.preflight();
    core.candidates([issue('7')], 'page 2');
    expect(core.stageOf('7')).toBe('unclaimed');
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.state.verdicts.get('7')).toMatchObject({
      verdict: 'breaker_open',
      detail: '3 issues in a row failed in the same way (workspace_error)',
    });
    // It passes by itself.
    expect(core.told('tick_completed')).toMatchObject([{ nothingEligible: false }]);
  });

  it('due retries wait, attempt unchanged, and nothing is written for it', () => {
    const core = opened();
    core.fire('retry:1');
    expect(core.shown('1')).toMatchObject({
      attempt: 1,
      error: expect.stringMatching(
        /^dispatch is paused: many issues in a row failed in the same way; after: ./,
      ) as string,
    });
    expect(core.saved('put_retry')).toEqual([]);
    core.post({ kind: 'refresh_requested' });
    core.preflight();
    core.candidates([]);
    expect(core.saved('put_retry')).toEqual([]);
  });

  it('whoever was being looked at is not started', () => {
    const core = aCore(agent(2));
    startAndFail(core, '1');
    core.tick([issue('2'), issue('3')]);
    core.found('2', issue('2'));
    core.ended('2', diskFull);
    core.found('3', issue('3'));
    expect(core.stageOf('3')).toBe('unclaimed');
    expect(core.told('dispatch_refused')).toMatchObject([{ verdict: 'breaker_open' }]);
  });

  it('what runs goes on, and its end says nothing of what failed since', () => {
    const core = aCore(agent(2));
    started(core, '9');
    startAndFail(core, '1');
    startAndFail(core, '2');
    const untilMs = core.snapshot().pauses[0]?.untilMs;
    core.inTurn('9');
    core.progress('9', { kind: 'turn_finished', turn: 1 });
    core.ended('9', diskFull);
    expect(core.snapshot().pauses[0]?.untilMs).toBe(untilMs);
    expect(core.opened('stop_run')).toEqual([]);
  });
});

describe('when its time has come', () => {
  /** With retries of 1, 2 and 3 that have waited. */
  function due(): Core {
    const core = opened();
    for (const id of ['1', '2', '3']) core.fire(`retry:${id}`);
    toItsTime(core);
    return core;
  }

  it('a tick comes just then, however long the poll interval', () => {
    const core = aCore({ settings: { pollIntervalMs: 3_600_000, agent: agent(1).settings?.agent ?? {} } });
    core.tick([issue('1')]);
    core.found('1', issue('1'));
    core.ended('1', diskFull);
    expect(core.timers.get('tick')).toBe(core.atMs + MINUTE);
    // Also when it is asked for another one before.
    core.pass(10_000);
    core.post({ kind: 'refresh_requested' });
    core.answerTick();
    expect(core.timers.get('tick')).toBe(core.atMs + 50_000);
    core.reload({ pollIntervalMs: 3_600_000, agent: agent(1).settings?.agent ?? {} });
    expect(core.timers.get('tick')).toBe(core.atMs + 50_000);
  });

  it('one due retry is let through, and only one', () => {
    const core = due();
    expect(core.stageOf('1')).toBe('checking');
    expect([core.stageOf('2'), core.stageOf('3')]).toEqual(['retry_queued', 'retry_queued']);
    core.candidates([issue('7')]);
    expect(core.stageOf('7')).toBe('unclaimed');
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('running');
    core.tick([issue('7')]);
    expect([core.stageOf('2'), core.stageOf('7')]).toEqual(['retry_queued', 'unclaimed']);
    const [pause] = core.snapshot().pauses;
    expect(pause?.detail).toMatch(/one run at a time is let through/);
    // A time that has passed is no time to wait for.
    expect(pause?.untilMs).toBeNull();
  });

  it('one candidate is, where no retry is due', () => {
    const core = opened(3, { maxRetryBackoffMs: 3_600_000 });
    core.pass(MINUTE);
    core.timers.set('tick', core.atMs);
    core.tick([issue('7'), issue('8')]);
    expect([core.stageOf('7'), core.stageOf('8')]).toEqual(['checking', 'unclaimed']);
    expect(core.state.verdicts.get('8')?.verdict).toBe('breaker_open');
  });

  it('another one is, when the first was refused before its start', () => {
    const core = due();
    core.found('1', issue('1', { state: 'Done' }));
    expect(core.stageOf('2')).toBe('checking');
    expect(core.stageOf('3')).toBe('retry_queued');
  });

  it('another one is, when the end of the first says nothing', () => {
    const core = due();
    core.found('1', issue('1'));
    core.ended('1', { kind: 'cancelled', reason: 'not_active' });
    expect(core.stageOf('2')).toBe('checking');
    expect(isOpen(core)).toBe(true);
  });

  it.each([
    ['completes a turn', (core: Core): unknown => core.progress('1', { kind: 'turn_finished', turn: 1 })],
    ['ends well', (core: Core): unknown => core.ended('1', normalEnd)],
  ])('everybody goes on as soon as it %s', (_, succeed) => {
    const core = due();
    core.found('1', issue('1'));
    core.inTurn('1');
    succeed(core);
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'breaker' }]);
    expect([core.stageOf('2'), core.stageOf('3')]).toEqual(['checking', 'checking']);
    core.candidates([]);
    startAndFail(core, '7');
    expect(isOpen(core)).toBe(false);
  });

  it('it opens again when that one fails, in whatever shared way, for twice as long up to half an hour', () => {
    const core = due();
    const waits: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      const id =
        [...core.state.claims.values()].find(({ stage }) => stage.kind === 'checking')?.issueId ?? '';
      core.found(id, issue(id));
      core.ended(id, times === 3 ? failed('hook_failed') : diskFull);
      const [pause] = core.snapshot().pauses;
      waits.push(((pause?.untilMs ?? 0) - core.atMs) / MINUTE);
      core.candidates([]);
      if (core.timers.has(`retry:${id}`)) core.fire(`retry:${id}`);
      toItsTime(core);
    }
    expect(waits).toEqual([2, 4, 8, 16, 30, 30, 30]);
    // One entry, told once.
    expect(noticesOf(core.all, 'dispatch_paused')).toHaveLength(1);
    expect(noticesOf(core.all, 'dispatch_resumed')).toEqual([]);
  });

  it('a clock that was set back holds nobody for longer than any wait lasts', () => {
    const core = opened();
    core.atMs -= 24 * 60 * MINUTE;
    core.post({ kind: 'refresh_requested' });
    core.preflight();
    core.candidates([issue('7')]);
    expect(core.stageOf('7')).toBe('checking');
  });
});

describe('it is closed', () => {
  it('by a reload that may be the cure', () => {
    const core = opened();
    core.reload(agent(3).settings ?? {}, true);
    expect(isOpen(core)).toBe(false);
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'breaker' }]);
  });

  it('by a reload that turns it off, but by no other', () => {
    const core = opened();
    core.reload(agent(9).settings ?? {});
    expect(isOpen(core)).toBe(true);
    core.reload(agent(0).settings ?? {});
    expect(isOpen(core)).toBe(false);
  });

  it('at a restart', () => {
    const core = aCore({ ...agent(3), stored: { retries: [storedRetry('1'), storedRetry('2')] } });
    core.fire('retry:1');
    core.fire('retry:2');
    expect([core.stageOf('1'), core.stageOf('2')]).toEqual(['checking', 'checking']);
  });
});

// The rule, a second time: a row of failures, and what breaks it.
describe('for any row of ends', () => {
  const end = fc.constantFrom<'disk' | 'hook' | 'well' | 'own' | 'silent'>(
    'disk',
    'hook',
    'well',
    'own',
    'silent',
  );
  const EXITS: Readonly<Record<string, RunExit>> = {
    disk: diskFull,
    hook: failed('hook_failed'),
    well: normalEnd,
    own: failed('turn_failed'),
    silent: failed('workspace_refused'),
  };

  it('it opens exactly when so many different issues in a row have failed alike', () => {
    const ends = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), end), { maxLength: 25 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), ends, (limit, row) => {
        const core = aCore(agent(limit));
        let kind = '';
        let failedIds = new Set<string>();
        for (const [number, what] of row) {
          const id = String(number);
          if (core.stageOf(id) === 'parked') continue;
          if (core.stageOf(id) === 'retry_queued') core.fire(`retry:${id}`);
          else core.tick([issue(id)]);
          core.found(id, issue(id));
          core.ended(id, EXITS[what] ?? normalEnd);
          if (what === 'well' || what === 'own') failedIds = new Set();
          else if (what !== 'silent') {
            if (kind !== what) failedIds = new Set();
            kind = what;
            failedIds.add(id);
          }
          expect(isOpen(core)).toBe(failedIds.size >= limit);
          if (failedIds.size >= limit) return;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never more than one run tries, and it ends by the first that works', () => {
    const steps = fc.array(
      fc.constantFrom<'tick' | 'found' | 'gone' | 'fail' | 'silent' | 'turn'>(
        'tick',
        'found',
        'gone',
        'fail',
        'silent',
        'turn',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (row) => {
        const core = opened(3);
        for (const what of row) {
          const trying = [...core.state.claims.values()].filter(
            ({ stage }) => stage.kind === 'checking' || stage.kind === 'running',
          );
          expect(trying.length).toBeLessThanOrEqual(1);
          const [one] = trying;
          const id = one?.issueId ?? '';
          if (what === 'tick') {
            core.fire('tick');
            core.answerTick(['1', '2', '3', '4', '5'].map((number) => issue(number)));
          } else if (one?.stage.kind === 'checking') {
            if (what === 'found') core.found(id, issue(id));
            else if (what === 'gone') core.found(id, null);
          } else if (one?.stage.kind === 'running') {
            if (what === 'fail') core.ended(id, diskFull);
            else if (what === 'silent') core.ended(id, failed('workspace_refused'));
            else if (what === 'turn') {
              core.progress(id, { kind: 'turn_finished', turn: 1 });
              expect(isOpen(core)).toBe(false);
              return;
            }
          }
          expect(isOpen(core)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
