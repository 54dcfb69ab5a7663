// The one door for writes. A write whose signal has fired is not sent.

import { describe, expect, it } from 'vitest';
import type { CommentRequest, TrackerAdapter, TransitionRequest } from '../../src/contract/index.ts';
import { createTrackerWriter } from '../../src/daemon/tracker-writer.ts';
import { issue } from '../core/issues.ts';
import { rememberingCounters } from './hand-clock.ts';

const never = new AbortController().signal;
const move: TransitionRequest = { issue: issue('1'), runId: 'r', toState: 'Review', from: ['Todo'] };
const say = {
  issue: issue('1'),
  runId: 'r',
  lifecycle: 'failure',
  body: 'it broke',
  style: 'plain',
} as CommentRequest;

function aWriter(change: object = {}) {
  const sent: unknown[][] = [];
  const send =
    (name: string) =>
    (...args: unknown[]) => {
      sent.push([name, ...args.slice(0, -1)]);
      return Promise.resolve('');
    };
  const adapter = { transitionIssue: send('transition'), addComment: send('comment'), ...change };
  const { counters, counted } = rememberingCounters();
  return { writer: createTrackerWriter(adapter as unknown as TrackerAdapter, counters), sent, counted };
}

describe('the tracker writer', () => {
  it('always sends the states that it may move an issue from', async () => {
    const { writer, sent } = aWriter();
    await writer.transition(move, never);
    expect(sent).toEqual([['transition', '1', 'Review', { from: ['Todo'] }]]);
  });

  it('sends comments and counts them by their lifecycle', async () => {
    const { writer, sent, counted } = aWriter();
    await writer.comment(say, never);
    expect(sent).toEqual([['comment', '1', 'it broke']]);
    expect(counted).toEqual(['countTrackerComment failure success']);
  });

  it('counts a comment that was refused', async () => {
    const { writer, counted } = aWriter({ addComment: () => Promise.reject(new Error('no')) });
    await expect(writer.comment(say, never)).rejects.toThrow('no');
    expect(counted).toEqual(['countTrackerComment failure error']);
  });

  it('says so when the tracker cannot comment', async () => {
    const { writer, counted } = aWriter({ addComment: undefined });
    await expect(writer.comment(say, never)).rejects.toThrow(/cannot comment; switch tracker\.comments off/);
    expect(counted).toEqual(['countTrackerComment failure error']);
  });

  it('sends nothing once its signal has fired, and counts nothing', async () => {
    const { writer, sent, counted } = aWriter();
    const fired = AbortSignal.abort(new Error('cancelled'));
    await expect(writer.transition(move, fired)).rejects.toThrow('cancelled');
    await expect(writer.comment(say, fired)).rejects.toThrow('cancelled');
    expect(sent).toEqual([]);
    expect(counted).toEqual([]);
  });
});
