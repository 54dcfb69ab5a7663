// Pause, resume and drain: what they keep from being started, what goes on, that they are durable before they are
// answered, and that a word which makes no sense changes nothing.

import { describe, expect, it } from 'vitest';
import { aCore, failed, normalEnd } from './driver.ts';
import { issue, openRun, REVIEW, storedRetry } from './issues.ts';

const PAUSED = { mode: 'paused', by: 'alice', reason: 'deploy', sinceMs: 7 } as const;

describe('a pause', () => {
  it('is written with who and why, told, and answered only behind the write', () => {
    const core = aCore();
    expect(core.say({ control: 'pause' }, { reason: 'deploy' })).toEqual({
      kind: 'accepted',
      message: 'dispatch is paused: nothing runs',
    });
    const said = { by: 'alice', reason: 'deploy' };
    expect(core.saved('put_dispatch')).toMatchObject([
      { dispatch: { ...said, mode: 'paused', sinceMs: core.atMs } },
    ]);
    expect(core.saved('operator_action')).toMatchObject([
      { action: { ...said, control: 'pause', atMs: core.atMs, issueId: null, issueIdentifier: null } },
    ]);
    expect(core.told('operator_acted')).toMatchObject([{ ...said, control: 'pause', issue: null }]);
    expect(core.told('dispatch_paused')).toMatchObject([{ reason: 'paused', detail: 'by alice: deploy' }]);
    expect(core.ordered()).toEqual(['save', 'answer_control']);
    expect(core.snapshot()).toMatchObject({ dispatch: { mode: 'paused' }, drained: false, mode: 'running' });
    expect(core.snapshot().pauses).toMatchObject([{ reason: 'paused', agentKind: null, untilMs: null }]);
  });

  it('starts no candidate, and says so of each', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    core.tick([issue('1')]);
    expect(core.stageOf('1')).toBe('unclaimed');
    expect(core.snapshot().waiting).toMatchObject([{ issueId: '1', verdict: 'paused', detail: 'by alice' }]);
  });

  it('starts nobody who was selected a moment before', () => {
    const core = aCore();
    core.tick([issue('1')]);
    core.say({ control: 'pause' });
    core.found('1', issue('1'));
    expect(core.opened('start_run')).toEqual([]);
    expect(core.stageOf('1')).toBe('unclaimed');
  });

  it('keeps a due retry queued with its attempt, whatever else happens, until it is resumed', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { attempt: 4 })] } });
    core.say({ control: 'pause' });
    core.fire('retry:1');
    core.tick();
    expect(core.shown('1')).toMatchObject({
      attempt: 4,
      error: 'dispatch is paused by an operator; after: it broke',
    });
    core.say({ control: 'resume' });
    core.found('1', issue('1'));
    expect(core.one('start_run').spec.attempt).toBe(4);
  });

  it('lets what runs go on to its end, and its continuation wait', () => {
    const core = aCore();
    core.start(issue('1'));
    core.say({ control: 'pause' });
    expect(core.opened('stop_run')).toEqual([]);
    core.ended('1', normalEnd);
    core.fire('retry:1');
    expect(core.stage('1', 'retry_queued').waitsForSlot).toBe(true);
    expect(core.retry('1').attempt).toBe(1);
  });

  it('lets finished work be handed off, now and when the tracker refused before', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.start(issue('1'));
    core.say({ control: 'pause' });
    core.ended('1', normalEnd);
    core.fail(core.one('transition_issue'));
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.one('transition_issue').toState).toBe('Review');
  });

  it('survives a restart: neither what waited nor what was in flight is started', () => {
    const stored = { dispatch: PAUSED, retries: [storedRetry('1')], openRuns: [openRun('2')] };
    const core = aCore({ stored });
    core.fire('retry:1');
    core.fire('retry:2');
    core.tick([issue('3')]);
    expect(core.opened('fetch_issue')).toEqual([]);
    expect(core.snapshot().dispatch).toEqual(PAUSED);
    expect(core.retry('2').attempt).toBe(1);
  });

  it('comes first of all that keeps runs from being started', () => {
    const core = aCore({
      settings: { agent: { budget: { ...aCore().state.settings.agent.budget, maxTokensPerDay: 1 } } },
    });
    core.start(issue('1'));
    const usage = { inputTokens: 5, outputTokens: 5, cacheReadTokens: 0, costUsd: null, model: '' };
    core.progress('1', { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
    core.say({ control: 'pause' });
    expect(core.snapshot().pauses.map(({ reason }) => reason)).toEqual(['paused', 'budget']);
  });
});

describe('a resume', () => {
  it('begins a tick now and takes up what waits', () => {
    const core = aCore({ stored: { dispatch: PAUSED } });
    core.say({ control: 'resume' });
    expect(core.told('dispatch_resumed')).toMatchObject([{ reason: 'paused' }]);
    core.answerTick([issue('1')]);
    expect(core.stageOf('1')).toBe('checking');
    expect(core.snapshot().dispatch).toMatchObject({ mode: 'running', by: 'alice', sinceMs: core.atMs });
  });
});

describe('a word that makes no sense', () => {
  it.each([
    ['resume', [], 'dispatch is running: pause and drain are possible'],
    ['pause', ['pause'], 'resume and drain are possible'],
    ['drain', ['drain'], 'resume is possible'],
    ['pause', ['drain'], 'resume is possible'],
  ] as const)(
    '%s after %j is refused, says what would work, and changes nothing',
    (control, before, says) => {
      const core = aCore();
      for (const one of before) core.say({ control: one });
      const { dispatch } = core.snapshot();
      const answer = core.say({ control });
      expect(answer).toMatchObject({ kind: 'refused', code: 'invalid_state' });
      expect(answer?.message).toContain(says);
      expect(core.ordered()).toEqual(['answer_control']);
      expect(core.snapshot().dispatch).toEqual(dispatch);
    },
  );
});

describe('a drain', () => {
  it('ends when the last run has ended and nothing is left to hand off, and that is told once', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.start(issue('1'));
    core.say({ control: 'drain' });
    expect(core.told('operator_drained')).toEqual([]);
    core.ended('1', normalEnd);
    core.fail(core.one('transition_issue'));
    expect(core.snapshot().drained).toBe(false);
    core.fire('retry:1');
    core.found('1', issue('1'));
    expect(core.told('operator_drained')).toEqual([]);
    core.wrote(core.one('transition_issue'));
    expect(core.told('operator_drained')).toHaveLength(1);
    expect(core.snapshot()).toMatchObject({ drained: true, dispatch: { mode: 'draining' }, mode: 'running' });
    core.tick([issue('2')]);
    expect(core.all.filter((e) => e.kind === 'tell' && e.notice.kind === 'operator_drained')).toHaveLength(1);
    expect(core.snapshot().waiting).toMatchObject([{ issueId: '2', verdict: 'draining' }]);
  });

  it('is over at once when nothing runs, and keeps its queued retries', () => {
    const core = aCore({ stored: { retries: [storedRetry('1')] } });
    core.say({ control: 'drain' });
    expect(core.told('operator_drained')).toHaveLength(1);
    core.fire('retry:1');
    expect(core.stageOf('1')).toBe('retry_queued');
  });

  it('follows a pause, counts anew after a resume, and goes on after a restart', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    expect(core.told('operator_drained')).toEqual([]);
    core.say({ control: 'drain' });
    expect(core.told('operator_drained')).toHaveLength(1);
    core.pass(10);
    core.say({ control: 'resume' });
    expect(core.snapshot().drained).toBe(false);
    core.pass(10);
    core.say({ control: 'drain' });
    expect(core.told('operator_drained')).toHaveLength(1);
    const again = aCore({ stored: { dispatch: core.state.dispatch, openRuns: [openRun('1')] } });
    again.fire('retry:1');
    expect(again.snapshot()).toMatchObject({ drained: true, dispatch: { mode: 'draining' } });
  });

  it('sends one message to each who asked for it, for one drain', () => {
    const notifications = [{ name: 'ops', events: ['drained'] }] as const;
    const core = aCore({ settings: { notifications } });
    core.say({ control: 'drain' });
    expect(core.saved('queue_notification')).toMatchObject([
      { notification: { id: `drained:${core.atMs}:ops`, destination: 'ops' } },
    ]);
  });
});

describe('who speaks while nobody can listen', () => {
  it('is told to come again before recovery', () => {
    const core = aCore();
    core.state.mode = 'recovering';
    expect(core.say({ control: 'pause' })).toMatchObject({ kind: 'refused', code: 'snapshot_unavailable' });
    expect(core.state.dispatch.mode).toBe('running');
  });

  it('is told that the daemon shuts down, while it does and when it has', () => {
    const core = aCore();
    core.start(issue('1'));
    core.shutdown();
    expect(core.say({ control: 'pause' })).toMatchObject({ kind: 'refused', code: 'draining' });
    expect(core.sayOf('cancel', '1')).toMatchObject({ kind: 'refused', code: 'draining' });
    core.ended('1', { kind: 'cancelled', reason: 'shutdown' });
    expect(core.opened('finish')).toHaveLength(1);
    expect(core.say({ control: 'pause' })).toMatchObject({ kind: 'refused', code: 'draining' });
    expect(core.ordered()).toEqual(['answer_control']);
  });
});

describe('a word whose write fails', () => {
  it('is in force, and answered when the write went through', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    core.loseSave();
    expect(core.answers()).toEqual([]);
    core.tick([issue('1')]);
    expect(core.stageOf('1')).toBe('unclaimed');
    core.post({ kind: 'store_recovered' });
    expect(core.answers()).toMatchObject([{ controlId: 'word-1', answer: { kind: 'accepted' } }]);
    core.post({ kind: 'store_recovered' });
    expect(core.answers()).toEqual([]);
  });

  it('is answered at the end at the latest, and not as done', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    core.loseSave();
    core.shutdown();
    expect(core.answers()).toMatchObject([
      { controlId: 'word-1', answer: { kind: 'refused', code: 'store_failed' } },
    ]);
  });

  it('is answered even when the daemon has ended before it is known', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    const [answer] = core.answers();
    core.shutdown();
    expect(core.opened('finish')).toHaveLength(1);
    const cancelled = [answer?.id ?? 0];
    core.post({ kind: 'store_failed', effectId: 0, cancelled, message: 'disk full' });
    expect(core.answers()).toMatchObject([
      { controlId: 'word-1', answer: { kind: 'refused', code: 'store_failed' } },
    ]);
  });

  it('keeps later words out: nothing is changed while a write waits', () => {
    const core = aCore();
    core.start(issue('1'));
    core.progress('1', { kind: 'workspace_ready', path: '/w/1', created: true });
    core.loseSave();
    for (const answer of [core.say({ control: 'pause' }), core.sayOf('cancel', '1')]) {
      expect(answer).toMatchObject({ kind: 'refused', code: 'store_failed' });
      expect(core.ordered()).toEqual(['answer_control']);
    }
    expect(core.run('1').stopping).toBeNull();
    core.ended('1', failed());
    core.post({ kind: 'store_recovered' });
    expect(core.say({ control: 'pause' })).toMatchObject({ kind: 'accepted' });
  });
});
