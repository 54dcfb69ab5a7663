// The living comment: one on an issue, whatever is written at the same time, and found again after a lost answer.

import { expect, it } from 'vitest';
import type { CommentFacts, CommentRequest } from '../../../src/contract/tracker-writer.ts';
import { livingCommentText } from '../../../src/tools/outbox/living-comment.ts';
import { issue as wholeIssue } from '../../core/issues.ts';
import { aStage, LOST, trackerError, type Stage } from './a-stage.ts';

const { signal } = new AbortController();

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

const say = (standing: CommentFacts['standing']): CommentRequest => ({
  ...{ issue: wholeIssue('1'), runId: 'r', lifecycle: 'dispatch', body: '', style: 'living' },
  facts: facts(standing),
});

/** `fails`: standings whose write goes wrong, and how. */
function aTracker(fails: Readonly<Record<string, Error>> = {}) {
  let own: string | null = null;
  let made = 0;
  const checked = (body: string, apply: () => void): void => {
    const error = fails[standingOf(body)];
    if (error !== LOST) apply();
    if (error !== undefined) throw error;
  };
  return {
    findOwnComment: () => own,
    addComment: (_id: string, body: string) => {
      checked(body, () => (own = `c${(made += 1)}`));
      return own;
    },
    editComment: (_id: string, _commentId: string, body: string) => {
      checked(body, () => undefined);
    },
  };
}

const standingOf = (text: string): string => /Sortie: (\w+)/.exec(text)?.[1] ?? '';
const writes = ({ asked }: Stage): string[] =>
  asked.filter((one) => !one.startsWith('find')).map((one) => `${one.split(' ')[0]} ${standingOf(one)}`);

it('is one, though two writes are asked for at once, and the later one stands', async () => {
  const stage = aStage(aTracker());
  const { writer } = stage.outbox;
  await Promise.all([writer.comment(say('working'), signal), writer.comment(say('parked'), signal)]);
  expect(writes(stage)).toEqual(['addComment working', 'editComment parked']);
});

it('is not held up by a write that failed', async () => {
  const stage = aStage(aTracker({ failed: trackerError({ applied: 'no' }) }));
  const asked = (['working', 'failed', 'parked'] as const).map((one) =>
    stage.outbox.writer.comment(say(one), signal),
  );
  const answers = await Promise.allSettled(asked);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(writes(stage)).toEqual(['addComment working', 'editComment failed', 'editComment parked']);
});

it('is looked for by its marker after a lost answer, and a person who deleted it gets a new one', async () => {
  const stage = aStage(aTracker({ failed: LOST, parked: trackerError({ kind: 'tracker_not_found' }) }));
  const { writer } = stage.outbox;
  await expect(writer.comment(say('failed'), signal)).rejects.toBe(LOST);
  expect(stage.asked.at(-1)).toBe('findOwnComment 1 Kept up to date by Sortie');
  for (const ms of [2_000, 8_000, 20_000]) await stage.pass(ms);
  expect(stage.row('own-1').status).toBe('failed');
  await writer.comment(say('working'), signal);
  await writer.comment(say('parked'), signal).catch(() => undefined);
  expect(writes(stage).slice(1)).toEqual(['addComment working', 'editComment parked', 'addComment parked']);
});

it('keeps its marker behind any reason, however long', () => {
  const text = livingCommentText({ ...facts('failed'), detail: 'no '.repeat(50_000) });
  expect(text.length).toBeLessThan(3_000);
  expect(text).toContain('Kept up to date by Sortie');
});
