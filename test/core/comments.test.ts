// Lifecycle comments: each has its switch, none on cancellation, and they hold facts only.

import { describe, expect, it } from 'vitest';
import type { RunExit } from '../../src/contract/index.ts';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { issue, type SettingsChange } from './issues.ts';

function comments(onCompletion: boolean, onFailure: boolean, handoffState = ''): SettingsChange {
  return {
    tracker: { handoffState, comments: { onDispatch: true, onCompletion, onFailure, style: 'plain' } },
  };
}

function after(change: SettingsChange, exit: RunExit): Core {
  const core = aCore({ settings: change });
  core.start(issue('1'));
  core.inTurn('1');
  core.progress('1', { kind: 'turn_finished', turn: 1 });
  core.ended('1', exit);
  return core;
}

const said = (core: Core) =>
  core.opened('comment_issue').map(({ lifecycle, body }) => `${lifecycle}: ${body}`);

describe('comments', () => {
  it('are made on completion', () => {
    expect(said(after(comments(true, false), normalEnd))).toEqual([
      'completion: Sortie: finished (attempt 0, 1 turn).',
    ]);
  });

  it('are made on completion when the handoff has succeeded, not before', () => {
    const core = after(comments(true, false, 'Review'), normalEnd);
    expect(said(core)).toEqual([]);
    core.wrote(core.one('transition_issue'));
    expect(said(core)).toEqual(['completion: Sortie: finished (attempt 0, 1 turn).']);
  });

  it('say nothing of turns when the run was in another life', () => {
    const core = after(comments(true, false, 'Review'), normalEnd);
    core.fail(core.one('transition_issue'));
    core.fire('retry:1');
    core.found('1', issue('1', { state: 'Review' }));
    expect(said(core)).toEqual(['completion: Sortie: finished (attempt 0).']);
  });

  it('are made on failure, whether it is retried or parked', () => {
    expect(said(after(comments(false, true), failed()))).toEqual([
      'failure: Sortie: attempt 0 failed. it broke',
    ]);
    expect(said(after(comments(false, true), failed('turn_timeout')))).toEqual([
      'failure: Sortie: attempt 0 timed out. it broke',
    ]);
    expect(said(after(comments(false, true), failed('agent_not_found')))).toHaveLength(1);
    expect(said(after(comments(false, true), failed('turn_failed', { message: '' })))).toEqual([
      'failure: Sortie: attempt 0 failed.',
    ]);
  });

  it('follow the durable end of the run', () => {
    const core = after(comments(false, true), failed());
    expect(core.ordered()).toEqual(['arm_timer', 'save', 'comment_issue']);
  });

  it.each(['terminal', 'not_active', 'shutdown', 'lost', 'operator'] as const)(
    'are not made when the run was cancelled (%s)',
    (reason) => {
      expect(said(after(comments(true, true), { kind: 'cancelled', reason }))).toEqual([]);
    },
  );

  it('are switched off each by its own switch', () => {
    expect(said(after(comments(false, true), normalEnd))).toEqual([]);
    expect(said(after(comments(true, false), failed()))).toEqual([]);
  });

  it('that fail change nothing', () => {
    const core = after(comments(false, true), failed());
    core.fail(core.one('comment_issue'));
    expect(core.stageOf('1')).toBe('retry_queued');
  });
});
