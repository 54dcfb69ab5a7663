// After a Retry-After the core does not look at the tracker before its time.

import { describe, expect, it } from 'vitest';
import { aCore, failed, type Core } from './driver.ts';
import { failure, issue, storedRetry } from './issues.ts';

const slowDown = failure({ kind: 'tracker_api_error', message: 'slow down', retryAfterMs: 100_000 });

const asked = (core: Core) =>
  core.last.map(({ kind }) => kind).filter((kind) => kind.startsWith('fetch_') || kind === 'run_preflight');

function throttled(): Core {
  const core = aCore();
  core.fire('tick');
  core.preflight();
  core.fail(core.one('fetch_candidates'), slowDown);
  return core;
}

describe('retry-after', () => {
  it('keeps every tick from the tracker until its time, then goes on', () => {
    const core = throttled();
    for (let ticks = 0; ticks < 3; ticks += 1) {
      core.fire('tick');
      expect(asked(core)).toEqual([]);
      expect(core.told('tick_completed')).toMatchObject([
        {
          result: 'error',
          error: expect.stringMatching(/^the tracker asked for no requests before 20/) as string,
        },
      ]);
    }
    core.fire('tick');
    expect(asked(core)).toEqual(['run_preflight']);
  });

  it('keeps a refresh from it, too', () => {
    const core = throttled();
    core.post({ kind: 'refresh_requested' });
    expect(asked(core)).toEqual([]);
  });

  it('puts retries off that come due meanwhile', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { dueAtMs: 1 })] } });
    core.fire('tick');
    core.preflight();
    core.fail(core.one('fetch_candidates'), slowDown);
    core.fire('retry:1');
    expect(asked(core)).toEqual([]);
    expect(core.timers.get('retry:1')).toBe(core.atMs + 100_000);
    core.fire('retry:1');
    expect(asked(core)).toEqual(['fetch_issue']);
  });

  it('keeps a waiting retry waiting though a slot is free', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.start(issue('1'));
    core.ended('1', failed());
    core.start(issue('2'));
    core.fire('retry:1');
    core.ended('2', failed('tracker_api_error', { retryAfterMs: 60_000 }));
    expect(core.stageOf('1')).toBe('retry_queued');
    core.pass(60_001);
    core.tick();
    expect(core.stageOf('1')).toBe('checking');
  });

  it('heard from the state refresh ends the tick before it asks for candidates', () => {
    const core = aCore();
    core.start(issue('1'));
    core.fire('tick');
    core.fail(core.one('fetch_states'), slowDown);
    core.preflight();
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'error' }]);
  });

  it('heard between two pages ends the tick', () => {
    const core = aCore({ stored: { retries: [storedRetry('9', { dueAtMs: 1 })] } });
    core.fire('retry:9');
    core.fire('tick');
    core.preflight();
    core.fail(core.look('9'), slowDown);
    core.candidates([issue('1')], 'p2');
    expect(core.opened('fetch_candidates')).toEqual([]);
    expect(core.told('tick_completed')).toMatchObject([{ result: 'error', nothingEligible: false }]);
  });

  it('never shortens a longer one', () => {
    const core = throttled();
    const until = core.state.trackerNotBeforeMs;
    core.post({ kind: 'fetch_failed', effectId: 0, failure: failure({ retryAfterMs: 1_000 }) });
    core.post({ kind: 'write_failed', effectId: 0, failure: failure({ retryAfterMs: 2_000 }) });
    expect(core.state.trackerNotBeforeMs).toBe(until);
  });
});

it('goes on with everything else when the tracker asked only some calls to wait', () => {
  const core = aCore();
  core.tick([issue('1')]);
  const failure = {
    kind: 'tracker_api_error',
    message: '429 for this issue',
    retryAfterMs: 600_000,
    othersGoOn: true,
  } as const;
  core.fail(core.look('1'), failure);
  core.tick([issue('2')]);
  expect(core.stageOf('2')).toBe('checking');
});
