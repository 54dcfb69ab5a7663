// The living comment: one on an issue, whatever is written at the same time.

import { expect, it } from 'vitest';
import type { CommentFacts } from '../../src/contract/index.ts';
import { createLivingComment, livingCommentText } from '../../src/daemon/living-comment.ts';

const facts = (standing: CommentFacts['standing']): CommentFacts => ({
  standing,
  detail: '',
  attempt: 0,
  agentKind: 'mock',
  turns: 1,
  secondsRunning: 1,
  tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
  costUsd: null,
  costEstimated: false,
});

/** Remembers the calls; each takes a turn of the event loop, as a request would. */
function aTracker() {
  const calls: string[] = [];
  let own: string | null = null;
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const standingOf = (body: string): string => /Sortie: (\w+)/.exec(body)?.[1] ?? '';
  return {
    calls,
    async findOwnComment() {
      await later();
      return own;
    },
    async addComment(issueId: string, body: string) {
      await later();
      calls.push(`add ${issueId} ${standingOf(body)}`);
      own = 'c1';
      return own;
    },
    async editComment(issueId: string, _commentId: string, body: string) {
      await later();
      if (standingOf(body) === 'failed') throw new Error('away');
      calls.push(`edit ${issueId} ${standingOf(body)}`);
    },
  };
}

const issue = { id: '1', identifier: 'DEMO-1' };
const { signal } = new AbortController();

it('is one, though two writes are asked for at once, and the later one stands', async () => {
  const tracker = aTracker();
  const write = createLivingComment(tracker);
  await Promise.all([write(issue, facts('working'), signal), write(issue, facts('parked'), signal)]);
  expect(tracker.calls).toEqual(['add 1 working', 'edit 1 parked']);
});

it('is not held up by a write that failed', async () => {
  const tracker = aTracker();
  const write = createLivingComment(tracker);
  const writes = [facts('working'), facts('failed'), facts('parked')].map((one) => write(issue, one, signal));
  expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(tracker.calls).toEqual(['add 1 working', 'edit 1 parked']);
});

it('is not written any more when its run was cancelled while it waited', async () => {
  const tracker = aTracker();
  const write = createLivingComment(tracker);
  const cancelled = new AbortController();
  const first = write(issue, facts('working'), signal);
  const second = write(issue, facts('parked'), cancelled.signal);
  cancelled.abort(new Error('cancelled'));
  await first;
  await expect(second).rejects.toThrow('cancelled');
  expect(tracker.calls).toEqual(['add 1 working']);
});

it('keeps its marker behind any reason, however long', () => {
  const text = livingCommentText({ ...facts('failed'), detail: 'no '.repeat(50_000) });
  expect(text.length).toBeLessThan(3_000);
  expect(text).toContain('Kept up to date by Sortie');
});
