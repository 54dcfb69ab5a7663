// "Since when": the beginning of the verdict, however its details change meanwhile; of a pause, of the breaker and of
// full slots their own beginning, the same in the list of what waits.

import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/contract/index.ts';
import { explainKnown, explainUnknown } from '../../src/core/explain.ts';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { issue, NO_BUDGET, REVIEW, storedRetry } from './issues.ts';

const LIMIT = { tracker: { handoffState: 'Review', maxInHandoff: 2 } };

function blockedIn(state: string, by = '9') {
  return issue('1', { blockedBy: [{ id: by, identifier: `DEMO-${by}`, state }] });
}

function why(core: Core, id = '1'): Explanation {
  return explainKnown(core.state, `DEMO-${id}`, core.atMs) as Explanation;
}

function asked(core: Core): Explanation {
  const question = { identifier: 'DEMO-7', issue: issue('7'), isCandidate: true };
  return explainUnknown(core.state, question, core.atMs);
}

function waitsSince(core: Core, id = '1'): number | undefined {
  return core.snapshot().waiting.find(({ issueId }) => issueId === id)?.sinceMs;
}

describe('a blocked issue', () => {
  it('is blocked since the first of its blockers, whatever state they are in', () => {
    const core = aCore();
    core.tick([blockedIn('Todo')]);
    const sinceMs = core.atMs;
    for (const read of [blockedIn('In Progress'), blockedIn('Review'), blockedIn('Todo', '8')]) {
      core.tick([read]);
      expect(core.told('verdict_changed')).toHaveLength(1);
      expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs, asOfMs: core.atMs });
      expect(waitsSince(core)).toBe(sinceMs);
    }
    core.tick([issue('1')]);
    core.found('1', blockedIn('Todo'));
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs: core.atMs });
  });

  it('was blocked all the time while it was held, and is anew after a run', () => {
    const core = aCore();
    core.tick([blockedIn('Todo')]);
    const sinceMs = core.atMs;
    core.pass(5_000);
    core.sayOf('hold', '1', blockedIn('Todo'));
    expect(why(core)).toMatchObject({ verdict: 'held', sinceMs: core.atMs });
    core.tick([blockedIn('Todo')]);
    core.sayOf('unhold', '1');
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs });
    core.tick([blockedIn('Todo')]);
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs });
    core.sayOf('dispatch', '1', blockedIn('Todo'));
    core.fire('retry:1');
    core.found('1', blockedIn('Todo'));
    core.ended('1', failed());
    core.sayOf('release', '1');
    core.tick([blockedIn('Todo')]);
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs: core.atMs });
  });
});

describe('an issue that may run', () => {
  it('is anew in line after a hold', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.tick([issue('1'), issue('2')]);
    core.sayOf('hold', '2', issue('2'));
    core.pass(60_000);
    core.sayOf('unhold', '2');
    expect(explainKnown(core.state, 'DEMO-2', core.atMs)).toBeNull();
  });
});

describe('what keeps every run back', () => {
  it('review that is full, since it was counted first, whatever the figure is later', () => {
    const core = aCore({ settings: LIMIT, inFirstTick: true });
    core.preflight();
    core.counted(2);
    core.candidates([issue('1')]);
    const sinceMs = core.atMs;
    core.fire('tick');
    core.preflight();
    core.counted(5);
    core.candidates([issue('1'), issue('2')]);
    expect(core.atMs).toBeGreaterThan(sinceMs);
    for (const id of ['1', '2']) {
      expect(why(core, id)).toMatchObject({ verdict: 'handoff_limit', sinceMs });
      expect(waitsSince(core, id)).toBe(sinceMs);
    }
    expect(asked(core)).toMatchObject({ verdict: 'handoff_limit', sinceMs });
    core.fire('tick');
    core.preflight();
    core.counted(1);
    core.candidates([]);
    core.fire('tick');
    core.preflight();
    core.counted(2);
    core.candidates([issue('1')]);
    expect(why(core)).toMatchObject({ verdict: 'handoff_limit', sinceMs: core.atMs });
  });

  it('the budget, since it was used up', () => {
    const core = aCore({ settings: { agent: { budget: { ...NO_BUDGET, maxTokensPerDay: 100 } } } });
    core.start(issue('2'));
    const usage = { inputTokens: 120, outputTokens: 0, cacheReadTokens: 0, costUsd: null, model: '' };
    core.progress('2', { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
    const sinceMs = core.atMs;
    core.pass(7_000);
    core.progress('2', { kind: 'agent_event', event: { kind: 'token_usage', ...usage, inputTokens: 150 } });
    core.tick([issue('1')]);
    expect(why(core)).toMatchObject({ verdict: 'budget_paused', sinceMs });
    expect(waitsSince(core)).toBe(sinceMs);
  });

  it.each([
    ['an agent that refuses to work', failed('agent_not_found'), 'paused'],
    ['an agent over its limit', failed('turn_failed', { reason: 'quota', resetAtMs: 1e15 }), 'paused'],
    ['the breaker', failed('hook_failed'), 'breaker_open'],
  ] as const)('%s, since it was met', (_, exit, verdict) => {
    const core = aCore({ settings: { agent: { breakerFailures: 1 } } });
    core.start(issue('2'));
    core.ended('2', exit);
    const sinceMs = core.atMs;
    core.tick([issue('1')]);
    core.pass(1_000);
    expect(why(core)).toMatchObject({ verdict, sinceMs });
    expect(waitsSince(core)).toBe(sinceMs);
    expect(asked(core)).toMatchObject({ verdict, sinceMs });
  });

  it('an operator’s word, since it was said', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    const sinceMs = core.atMs;
    core.tick([issue('1')]);
    expect(why(core)).toMatchObject({ verdict: 'paused', sinceMs });
    expect(waitsSince(core)).toBe(sinceMs);
  });

  it('a preflight that fails, a tracker that wants to be left alone, a store that cannot be written', () => {
    const core = aCore();
    core.fire('tick');
    core.preflight(['no agent']);
    const failedAtMs = core.atMs;
    core.fire('tick');
    core.preflight(['no agent', 'no root']);
    expect(asked(core)).toMatchObject({ verdict: 'eligible', sinceMs: failedAtMs });
    core.fire('tick');
    core.preflight();
    expect(asked(core)).toMatchObject({ verdict: 'eligible', sinceMs: null });
    core.fail(core.one('fetch_candidates'), {
      kind: 'tracker_api_error',
      message: 'slow down',
      retryAfterMs: 60_000,
    });
    const heldAtMs = core.atMs;
    core.pass(1_000);
    core.post({ kind: 'issue_touched', issueId: 'nobody' });
    expect(asked(core)).toMatchObject({ detail: /asked for no requests/, sinceMs: heldAtMs });
    core.say({ control: 'pause' });
    core.loseSave();
    core.post({ kind: 'store_recovered' });
    core.say({ control: 'resume' });
    core.loseSave();
    const brokenAtMs = core.atMs;
    core.pass(1_000);
    expect(asked(core)).toMatchObject({ detail: /store cannot be written/, sinceMs: brokenAtMs });
  });
});

describe('slots', () => {
  it('are full since the last one was taken, for what was read as waiting for something else', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.say({ control: 'pause' });
    core.tick([issue('1')]);
    core.pass(1_000);
    core.say({ control: 'resume' });
    core.sayOf('dispatch', '2', issue('2'));
    core.answerTick([]);
    core.pass(1_000);
    core.fire('retry:2');
    core.found('2', issue('2'));
    const sinceMs = core.atMs;
    core.pass(60_000);
    expect(asked(core)).toMatchObject({ verdict: 'no_global_slot', sinceMs });
  });

  it('that are free again: it may run since the last look at the earliest', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.tick([issue('1'), issue('2')]);
    const lookedAtMs = core.atMs;
    expect(why(core, '2')).toMatchObject({ verdict: 'no_global_slot', sinceMs: lookedAtMs });
    core.pass(5_000);
    core.found('1', null);
    expect(why(core, '2')).toMatchObject({ verdict: 'eligible', sinceMs: lookedAtMs, asOfMs: lookedAtMs });
  });
});

describe('what we have a claim on', () => {
  it('runs since its run began, its handoff included', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.start(issue('1'));
    const sinceMs = core.atMs;
    core.pass(90_000);
    core.ended('1', normalEnd);
    expect(core.stageOf('1')).toBe('handing_off');
    expect(why(core)).toMatchObject({ verdict: 'running', sinceMs });
  });

  it('is queued since it was queued, and not since it was told to hurry', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { dueAtMs: 1e15 })] } });
    const { sinceMs } = why(core);
    core.pass(5_000);
    core.sayOf('retry', '1');
    expect(why(core)).toMatchObject({ verdict: 'retry_queued', sinceMs });
  });
});
