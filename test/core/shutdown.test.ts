// The end. Whatever is posted after a shutdown was asked for, nothing is started; what is under way may end until
// the deadline; and the last effect, once, is `finish`.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectKind, EventBody } from '../../src/contract/index.ts';
import { aCore, failed, NOTHING_STORED, normalEnd, noticesOf, type Core } from './driver.ts';
import { failure, issue, REVIEW, settings, storedRetry } from './issues.ts';

const finishes = (core: Core) => core.all.filter(({ kind }) => kind === 'finish').length;

/** What only a daemon that goes on may order. */
const BEGINNINGS: ReadonlySet<EffectKind> = new Set<EffectKind>([
  'fetch_candidates',
  'fetch_issue',
  'fetch_states',
  'fetch_states_by_identifier',
  'run_preflight',
  'start_run',
  'transition_issue',
  'comment_issue',
  'remove_workspace',
]);

/** One issue in every stage. */
function busy(): Core {
  const core = aCore({
    settings: { ...REVIEW, agent: { maxConcurrentAgents: 5 } },
    stored: { retries: [storedRetry('8', { dueAtMs: 1_900_000_000_000 })] },
  });
  core.start(issue('1'), issue('2'), issue('3'), issue('4'));
  for (const id of ['1', '2', '3', '4']) core.inTurn(id);
  core.tick([issue('5')]);
  core.ended('2', normalEnd);
  core.ended('3', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
  core.fire('tick');
  core.states({ 4: 'Done' });
  core.ended('4', { kind: 'cancelled', reason: 'terminal' });
  expect(['1', '2', '3', '4', '5', '8'].map((id) => core.stageOf(id))).toEqual([
    'running',
    'handing_off',
    'parked',
    'cleaning',
    'checking',
    'retry_queued',
  ]);
  return core;
}

describe('shutdown', () => {
  it('stops every run, disarms timers, and waits for what is under way', () => {
    const core = busy();
    core.shutdown(20_000);
    expect(core.told('draining')).toMatchObject([{ running: 1 }]);
    const stops = core.last.filter(({ kind }) => kind === 'stop_run');
    expect(stops).toMatchObject([{ issueId: '1', reason: 'shutdown' }]);
    expect([...core.timers]).toEqual([['shutdown', core.atMs + 20_000]]);
    expect(core.snapshot().mode).toBe('draining');
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(finishes(core)).toBe(0);
    core.wrote(core.one('transition_issue'));
    expect(finishes(core)).toBe(0);
    core.removed(core.one('remove_workspace'));
    expect(finishes(core)).toBe(1);
    expect(core.ordered().at(-1)).toBe('finish');
    expect(core.told('drained')).toMatchObject([{ leftBehind: 0 }]);
    expect(core.timers.has('shutdown')).toBe(false);
  });

  it('ends at once when nothing is under way', () => {
    const core = aCore();
    core.shutdown();
    expect(core.ordered().at(-1)).toBe('finish');
  });

  it('waits for a comment that was sent', () => {
    const comments = { onDispatch: false, onCompletion: false, onFailure: true, style: 'plain' as const };
    const core = aCore({ settings: { tracker: { comments } } });
    core.start(issue('1'));
    core.ended('1', failed());
    core.shutdown();
    expect(finishes(core)).toBe(0);
    core.wrote(core.one('comment_issue'));
    expect(finishes(core)).toBe(1);
  });

  it('records interrupted runs, due at once at the next start', () => {
    const core = aCore();
    core.start(issue('1'));
    core.shutdown();
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(core.saved('run_ended')).toMatchObject([{ status: 'interrupted' }]);
    expect(core.saved('put_retry')).toMatchObject([
      {
        retry: { attempt: 1, failures: 0, dueAtMs: core.atMs, trigger: 'continuation', error: 'interrupted' },
      },
    ]);
    expect(core.last.map(({ kind }) => kind).slice(-2)).toEqual(['save', 'finish']);
  });

  it('owes the handoff of a run that ended well meanwhile', () => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.shutdown();
    core.ended('1', normalEnd);
    expect(core.opened('transition_issue')).toEqual([]);
    expect(core.saved('put_retry')).toMatchObject([{ retry: { step: 'handoff', attempt: 0 } }]);
  });

  it('leaves a retry in the store that was being looked at, and no trace of a candidate', () => {
    const core = aCore({ stored: { retries: [storedRetry('1')] } });
    core.fire('retry:1');
    core.tick([issue('2')]);
    core.shutdown();
    const deleted = core.all.flatMap((effect) =>
      effect.kind === 'save' ? effect.writes.filter(({ kind }) => kind === 'delete_retry') : [],
    );
    expect(deleted).toEqual([]);
    expect(core.state.claims.size).toBe(0);
  });

  it('queues a refused handoff for the next start', () => {
    const core = aCore({ settings: REVIEW });
    core.start(issue('1'));
    core.ended('1', normalEnd);
    core.shutdown();
    core.fail(core.one('transition_issue'));
    expect(core.saved('put_retry')).toMatchObject([{ retry: { step: 'handoff' } }]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(finishes(core)).toBe(1);
  });

  it('does not wait past its deadline, and says what it left', () => {
    const core = busy();
    core.shutdown(5_000);
    core.fire('shutdown');
    expect(core.told('drained')).toMatchObject([{ leftBehind: 3 }]);
    expect(core.ordered().at(-1)).toBe('finish');
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(finishes(core)).toBe(1);
  });

  it('keeps its first deadline when it is asked again', () => {
    const core = aCore();
    core.start(issue('1'));
    core.shutdown(5_000);
    const due = core.timers.get('shutdown');
    core.pass(1_000);
    expect(core.shutdown(60_000)).toEqual([]);
    expect(core.timers.get('shutdown')).toBe(due);
  });

  it('finishes though the last write failed', () => {
    const core = aCore();
    core.start(issue('1'));
    core.shutdown();
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(core.opened('finish')).toHaveLength(1);
    core.loseSave();
    expect(core.ordered()).toEqual(['finish']);
  });

  it('finishes once when several writes fail', () => {
    const core = aCore();
    core.start(issue('1'), issue('2'));
    core.shutdown();
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    const first = core.last.find(({ kind }) => kind === 'save')?.id ?? 0;
    core.ended('2', { kind: 'cancelled', reason: 'shutdown' });
    const second = core.last;
    const lost = second.slice(second.findIndex(({ kind }) => kind === 'save'));
    core.post({ kind: 'store_failed', effectId: first, cancelled: [], message: 'disk full' });
    expect(core.last).toEqual([]);
    const cancelled = lost.slice(1).map(({ id }) => id);
    core.post({ kind: 'store_failed', effectId: lost[0]?.id ?? 0, cancelled, message: 'disk full' });
    expect(core.ordered()).toEqual(['finish']);
    core.post({ kind: 'store_failed', effectId: lost[0]?.id ?? 0, cancelled, message: 'disk full' });
    expect(core.last).toEqual([]);
  });

  it('starts nothing afterwards, whatever comes in whatever order', () => {
    const anEvent = fc.oneof(
      fc.constantFrom<EventBody>(
        { kind: 'refresh_requested' },
        { kind: 'timer_fired', timer: 'tick' },
        { kind: 'timer_fired', timer: 'retry:8' },
        { kind: 'timer_fired', timer: 'park:3' },
        { kind: 'timer_fired', timer: 'shutdown' },
        { kind: 'shutdown_requested', deadlineMs: 0 },
        { kind: 'settings_reloaded', settings: settings(), endsParks: true },
        { kind: 'store_recovered' },
        {
          kind: 'recovered',
          stored: { ...NOTHING_STORED, retries: [storedRetry('9')] },
          settings: settings(),
        },
        { kind: 'run_progressed', runId: 'run-1', event: { kind: 'turn_started', turn: 2 } },
      ),
      fc.constantFrom('answer', 'fail', 'end' as const),
    );
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 30 }), (events) => {
        const core = busy();
        const before = core.all.length;
        core.shutdown();
        for (const event of events) {
          if (typeof event !== 'string') core.post(event);
          else answerSome(core, event);
        }
        const after = core.all.slice(before);
        expect(after.map(({ kind }) => kind).filter((kind) => BEGINNINGS.has(kind))).toEqual([]);
        expect(after.filter(({ kind }) => kind === 'finish').length).toBeLessThanOrEqual(1);
        expect(noticesOf(after, 'dispatched')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** Answers whatever is open, well or badly, or ends the run. */
function answerSome(core: Core, how: string): void {
  if (how === 'end' && core.stageOf('1') === 'running') {
    core.ended('1', normalEnd);
    return;
  }
  for (const look of core.opened('fetch_issue')) {
    if (how === 'fail') core.fail(look, failure());
    else core.found(look.issueId, issue(look.issueId));
  }
  for (const transition of core.opened('transition_issue')) {
    if (how === 'fail') core.fail(transition, failure());
    else core.wrote(transition);
  }
  if (core.opened('run_preflight').length > 0) core.preflight();
  if (core.opened('fetch_candidates').length > 0) core.candidates([issue('6'), issue('7')]);
}
