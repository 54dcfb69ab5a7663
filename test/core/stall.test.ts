// A run is stalled when its agent says nothing for agent.stall_timeout_ms during a turn, by the monotonic clock.

import { describe, expect, it } from 'vitest';
import { aCore, type Core } from './driver.ts';
import { issue, type SettingsChange } from './issues.ts';

function inTurn(change: SettingsChange = {}): Core {
  const core = aCore({ settings: change });
  core.start(issue('1'));
  core.inTurn('1');
  return core;
}

function stopped(core: Core): boolean {
  core.post({ kind: 'refresh_requested' });
  const stops = core.opened('stop_run').map(({ reason }) => reason);
  if (core.state.tick !== null) core.answerTick();
  return stops.includes('stalled');
}

describe('stall', () => {
  it('stops a run that says nothing for longer than the limit', () => {
    const core = inTurn();
    core.pass(299_999);
    expect(stopped(core)).toBe(false);
    core.pass(2);
    expect(stopped(core)).toBe(true);
  });

  it('is retried with backoff, as a stall', () => {
    const core = inTurn();
    core.pass(300_001);
    expect(stopped(core)).toBe(true);
    core.ended('1', { kind: 'cancelled', reason: 'stalled' });
    expect(core.retry('1')).toMatchObject({ trigger: 'stall', attempt: 1, failures: 1 });
    expect(core.retryInMs('1')).toBe(10_000);
  });

  it.each([
    { kind: 'notification', message: 'still here' },
    { kind: 'malformed', message: '{' },
    { kind: 'token_usage', inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, model: '', costUsd: null },
  ] as const)('is put off by any event of the agent: $kind', (event) => {
    const core = inTurn();
    core.pass(299_000);
    core.progress('1', { kind: 'agent_event', event });
    core.pass(2_000);
    expect(stopped(core)).toBe(false);
    core.pass(299_000);
    expect(stopped(core)).toBe(true);
  });

  it('runs only during a turn', () => {
    const core = aCore();
    core.start(issue('1'));
    core.pass(400_000);
    expect(stopped(core)).toBe(false);
    core.inTurn('1');
    expect(stopped(core)).toBe(false);
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.pass(400_000);
    expect(stopped(core)).toBe(false);
    core.progress('1', { kind: 'turn_started', turn: 2 });
    core.pass(1_000);
    expect(stopped(core)).toBe(false);
    core.progress('1', { kind: 'phase_entered', phase: 'finishing' });
    core.pass(400_000);
    expect(stopped(core)).toBe(false);
  });

  it('does not take a laptop’s sleep for silence', () => {
    const core = inTurn();
    core.atMs += 8 * 3_600_000;
    core.monotonicMs += 1_000;
    expect(stopped(core)).toBe(false);
  });

  it('is seen though the wall clock was set back', () => {
    const core = inTurn();
    core.atMs -= 3_600_000;
    core.monotonicMs += 300_001;
    expect(stopped(core)).toBe(true);
  });

  it.each([0, -1])('is switched off by %i', (stallTimeoutMs) => {
    const core = inTurn({ agent: { stallTimeoutMs } });
    core.pass(10_000_000);
    expect(stopped(core)).toBe(false);
  });

  it('goes by the limit that was set when the run started', () => {
    const core = inTurn();
    core.reload({ agent: { stallTimeoutMs: 1_000 } });
    core.pass(2_000);
    expect(stopped(core)).toBe(false);
  });

  it('is checked also while the tracker must not be asked', () => {
    const core = inTurn();
    core.tick([issue('2')]);
    core.fail(core.look('2'), { kind: 'tracker_api_error', message: 'slow down', retryAfterMs: 3_600_000 });
    core.pass(300_001);
    core.post({ kind: 'refresh_requested' });
    expect(core.one('stop_run').reason).toBe('stalled');
  });
});
