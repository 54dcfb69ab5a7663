// `--until-idle`: nothing runs or waits, one complete read after the last exit found nothing, and how it went.

import { describe, expect, it } from 'vitest';
import type { Notice, ParkReason, RunStatus } from '../../src/contract/index.ts';
import { createIdleWatch } from '../../src/daemon/until-idle.ts';

const about = (id: string) => ({
  issueId: id,
  issueIdentifier: `DEMO-${id}`,
  runId: `run-${id}`,
  sessionId: null,
  attempt: 0,
});
const quiet = () => ({ running: 0, retrying: 0, paused: '' });

function finished(id: string, status: RunStatus, error = ''): Notice {
  return { ...about(id), kind: 'run_finished', status, exitType: 'normal', secondsRunning: 1, error };
}

function tick(facts: Partial<Extract<Notice, { kind: 'tick_completed' }>> = {}): Notice {
  const counts = {
    durationMs: 1,
    candidates: 0,
    dispatched: 0,
    nothingEligible: true,
    throttled: false,
    error: '',
  };
  return { kind: 'tick_completed', result: 'success', ...counts, ...facts };
}

const parked = (id: string, reason: ParkReason): Notice => ({
  ...about(id),
  kind: 'parked',
  reason,
  detail: 'a question',
});
const released = (id: string): Notice => ({ ...about(id), kind: 'released', why: 'handed off' });
const handedOff = (id: string): Notice => ({ ...about(id), kind: 'handed_off', toState: 'Review' });

/** The answer to the last notice; nothing before it may have ended the watch. */
function after(notices: readonly Notice[], activity = quiet) {
  const watch = createIdleWatch();
  const answers = notices.map((notice) => watch.take(notice, activity));
  expect(answers.slice(0, -1).filter((answer) => answer !== null && answer !== 'refresh')).toEqual([]);
  return answers.at(-1);
}

describe('until idle', () => {
  it('ends well at once when there was nothing to do', () => {
    expect(after([tick()])).toEqual({ exitCode: 0, runs: 0, succeeded: [], failed: [], gaveUp: '' });
  });

  it('ends well when the last run of every issue succeeded', () => {
    const notices = [
      finished('1', 'failed', 'it broke'),
      finished('1', 'succeeded'),
      released('1'),
      finished('2', 'succeeded'),
      released('2'),
      tick(),
      tick(),
    ];
    expect(after(notices)).toEqual({
      exitCode: 0,
      runs: 3,
      succeeded: ['DEMO-1', 'DEMO-2'],
      failed: [],
      gaveUp: '',
    });
  });

  it('counts work that was handed off for review as done', () => {
    const notices = [finished('1', 'needs_human_review'), handedOff('1'), released('1'), tick(), tick()];
    expect(after(notices)).toMatchObject({ exitCode: 0, succeeded: ['DEMO-1'] });
  });

  it('counts a handoff of an earlier life', () => {
    expect(after([handedOff('1'), released('1'), tick(), tick()])).toMatchObject({
      exitCode: 0,
      runs: 0,
      succeeded: ['DEMO-1'],
    });
  });

  it('ends badly when an issue’s last run failed or it was parked, and says how', () => {
    const notices = [
      finished('1', 'failed', 'it broke'),
      released('1'),
      finished('2', 'succeeded'),
      parked('2', 'handoff_failed'),
      finished('3', 'succeeded'),
      parked('3', 'max_sessions'),
      tick(),
      tick(),
    ];
    expect(after(notices)).toEqual({
      exitCode: 1,
      runs: 3,
      // Its last run went well; the limit only keeps it from being worked on for ever.
      succeeded: ['DEMO-3'],
      failed: [
        { identifier: 'DEMO-1', how: 'failed: it broke' },
        { identifier: 'DEMO-2', how: 'parked handoff_failed: a question' },
      ],
      gaveUp: '',
    });
  });

  it('is not idle while something runs, waits or could run', () => {
    expect(after([tick()], () => ({ running: 1, retrying: 0, paused: '' }))).toBeNull();
    expect(after([tick()], () => ({ running: 0, retrying: 1, paused: '' }))).toBeNull();
    expect(after([tick({ nothingEligible: false })])).toBeNull();
    const watch = createIdleWatch();
    expect(watch.take(tick(), () => null)).toBeNull();
  });

  it('asks for a look as soon as the last run has ended', () => {
    expect(after([finished('1', 'succeeded'), released('1')])).toBe('refresh');
    expect(after([released('1')], () => ({ running: 1, retrying: 0, paused: '' }))).toBeNull();
  });

  it('does not trust a read that may have begun before the last exit: what it unblocked is not in it', () => {
    const watch = createIdleWatch();
    watch.take(finished('1', 'succeeded'), quiet);
    watch.take(released('1'), quiet);
    expect(watch.take(tick(), quiet)).toBe('refresh');
    expect(watch.take(tick(), quiet)).toMatchObject({ exitCode: 0 });
  });

  it('gives up after three reads in a row that failed', () => {
    const failed = tick({ result: 'error', nothingEligible: false, throttled: false, error: 'no such file' });
    expect(after([failed, failed, tick({ nothingEligible: false }), failed, failed])).toBeNull();
    expect(after([failed, failed, failed])).toMatchObject({ exitCode: 1, gaveUp: 'no such file' });
    const skipped = tick({ result: 'skipped', nothingEligible: false, throttled: false, error: 'no agent' });
    expect(after([skipped, skipped, skipped])).toMatchObject({ exitCode: 1, gaveUp: 'no agent' });
  });

  it('gives up when nothing may be started any more, but not before what runs has ended', () => {
    const paused = 'dispatch is paused: agent codex refuses to work';
    const unfinished = tick({ nothingEligible: false });
    expect(after([unfinished], () => ({ running: 1, retrying: 2, paused }))).toBeNull();
    expect(
      after([finished('1', 'failed'), unfinished], () => ({ running: 0, retrying: 2, paused })),
    ).toMatchObject({
      exitCode: 1,
      gaveUp: paused,
    });
  });
});
