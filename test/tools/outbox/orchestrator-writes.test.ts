// The orchestrator's door: rows like everything, answers like a tracker's own, and no repetition that it did not ask for.

import { describe, expect, it } from 'vitest';
import type { CommentRequest, TransitionRequest } from '../../../src/contract/tracker-writer.ts';
import { issue as wholeIssue } from '../../core/issues.ts';
import { settled } from '../../daemon/hand-clock.ts';
import { aStage, LOST, SURELY_NOT } from './a-stage.ts';
import { comment, newWrite } from './outbox-parts.ts';

const { signal: never } = new AbortController();
const move: TransitionRequest = { issue: wholeIssue('1'), runId: 'r', toState: 'Review', from: ['Todo'] };
const say = {
  ...{ issue: wholeIssue('1'), runId: 'r', lifecycle: 'failure', style: 'plain' },
  body: 'it broke in the middle of the night',
} as CommentRequest;
const throwing = (error: unknown) => () => {
  throw error;
};

describe("the orchestrator's writer", () => {
  it('records what it sends, with the states that it may move an issue from', async () => {
    const stage = aStage({ transitionIssue: () => undefined });
    await stage.outbox.writer.transition(move, never);
    expect(stage.asked).toEqual(['transitionIssue 1 Review {"from":["Todo"]}']);
    expect(stage.row()).toMatchObject({
      origin: 'orchestrator',
      status: 'done',
      runId: 'r',
      lane: 'issue:1',
    });
    expect(stage.endings()).toEqual(['own-1 ok']);
    expect(stage.witnessed).toEqual([]);
  });

  it("rejects with the tracker's own error at the first sure failure, and tries no more", async () => {
    const stage = aStage({ addComment: throwing(SURELY_NOT) });
    await expect(stage.outbox.writer.comment(say, never)).rejects.toBe(SURELY_NOT);
    expect(stage.row()).toMatchObject({ status: 'failed', tries: 1 });
    expect(stage.counted).toContain('countTrackerComment failure error');
    await stage.pass(600_000);
    expect(stage.asked).toHaveLength(1);
  });

  it('resolves when a lost answer turns out to have been applied', async () => {
    const stage = aStage({
      transitionIssue: throwing(LOST),
      fetchIssueById: () => wholeIssue('1', { state: 'review' }),
    });
    await stage.outbox.writer.transition(move, never);
    expect(stage.row()).toMatchObject({ status: 'done', result: { wasThere: true } });
  });

  it('rejects with the first error when the look tells nothing, and still finds out', async () => {
    let state: string | null = null;
    const stage = aStage({
      transitionIssue: throwing(LOST),
      fetchIssueById: () => {
        if (state === null) throw SURELY_NOT;
        return wholeIssue('1', { state });
      },
    });
    await expect(stage.outbox.writer.transition(move, never)).rejects.toBe(LOST);
    expect(stage.row().status).toBe('unsure');
    state = 'Review';
    await stage.pass(5_000);
    expect(stage.row().status).toBe('done');
    expect(stage.asked.filter((one) => one.startsWith('transition'))).toHaveLength(1);
  });

  it('ends as failed, not sent again, when it was not applied after all', async () => {
    const stage = aStage({
      transitionIssue: throwing(LOST),
      fetchIssueById: () => wholeIssue('1', { state: 'Todo' }),
    });
    await expect(stage.outbox.writer.transition(move, never)).rejects.toBe(LOST);
    await stage.pass(2_000);
    await stage.pass(8_000);
    expect(stage.row()).toMatchObject({ status: 'failed', tries: 1 });
    expect(stage.endings()).toEqual(['own-1 tracker_transport_error']);
  });

  it('sends nothing once its signal has fired, and counts nothing', async () => {
    const stage = aStage({ addComment: () => 'c', transitionIssue: () => undefined });
    const fired = AbortSignal.abort(new Error('cancelled'));
    await expect(stage.outbox.writer.transition(move, fired)).rejects.toThrow('cancelled');
    await expect(stage.outbox.writer.comment(say, fired)).rejects.toThrow('cancelled');
    expect(stage.asked).toEqual([]);
    expect(stage.counted).toEqual([]);
    expect(stage.contents.rows.size).toBe(0);
  });

  it('is cancelled while it waits for its turn, and never sent', async () => {
    let release: (id: string) => void = () => undefined;
    const stage = aStage({ addComment: () => new Promise((resolve) => (release = resolve)) });
    const cancelled = new AbortController();
    const first = stage.outbox.writer.comment(say, never);
    const second = stage.outbox.writer.comment({ ...say, body: 'second' }, cancelled.signal);
    await settled();
    cancelled.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    release('c');
    await first;
    await settled();
    expect(stage.row('own-2').status).toBe('cancelled');
    expect(stage.asked).toHaveLength(1);
  });

  it('waits for an earlier write to its issue, and is told when that takes too long', async () => {
    const stage = aStage({
      addKeyedComment: throwing(SURELY_NOT),
      findKeyedComment: () => null,
      transitionIssue: () => undefined,
    });
    await stage.record(newWrite('w', comment()));
    const moved = stage.outbox.writer.transition(move, never).catch((error: unknown) => error);
    for (const ms of [5_000, 10_000, 20_000, 40_000]) await stage.pass(ms);
    expect(await moved).toMatchObject({ kind: 'tracker_transport_error', applied: 'no' });
    expect(String(await moved)).toMatch(/not sent: an earlier write to the issue waits/);
    expect(stage.row('own-1')).toMatchObject({ status: 'failed', tries: 0 });
    expect(stage.row('w').status).toBe('waiting');
  });

  it('says what the tracker cannot do, and records nothing', async () => {
    const stage = aStage({});
    const { writer } = stage.outbox;
    await expect(writer.comment(say, never)).rejects.toThrow(/cannot comment; switch tracker\.comments off/);
    const label = { issue: wholeIssue('1'), add: ['x'], remove: [] };
    await expect(writer.label(label, never)).rejects.toThrow(/take tracker\.park_label out/);
    expect(stage.counted).toEqual(['countTrackerComment failure error']);
    expect(stage.contents.rows.size).toBe(0);
  });
});
