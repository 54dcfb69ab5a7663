// Comments: known again by their key, else by their text, else sent once and never again. And the orchestrator's living
// comment, which is found by its marker and may be edited twice.

import {
  canComment,
  canEditComments,
  canKeyComments,
  type CommentCapability,
  type CommentEditCapability,
} from '../../../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../../../contract/tracker.ts';
import { createLivingComment, LIVING_MARKER, type WriteLivingComment } from '../living-comment.ts';
import { ABSENT, foundOn, HARMLESS, lost, resultOn, type Operation } from './operation.ts';

export const addComment: Operation<'add_comment'> = {
  surfacing: 'repeated',
  lacks: (tracker) => (canKeyComments(tracker) || canComment(tracker) ? null : 'comment'),

  async send({ issue, body }, { tracker, key, signal }) {
    if (canKeyComments(tracker)) {
      return resultOn(issue, await tracker.addKeyedComment(issue.id, body, key, signal));
    }
    if (!canComment(tracker)) return lost('addComment');
    return resultOn(issue, await tracker.addComment(issue.id, body, signal));
  },

  async look({ issue, body }, { tracker, key, signal }) {
    if (canKeyComments(tracker)) {
      const commentId = await tracker.findKeyedComment(issue.id, key, signal);
      return commentId === null ? ABSENT : foundOn(issue, commentId);
    }
    const words = canEditComments(tracker) ? plainWords(body) : '';
    if (words === '' || !canEditComments(tracker)) {
      return { kind: 'unknowable', why: 'this tracker adapter cannot find a comment again' };
    }
    // An older comment of ours with the same words counts as this one: rather none than two.
    const commentId = await tracker.findOwnComment(issue.id, words, signal);
    return commentId === null ? ABSENT : foundOn(issue, commentId);
  },
};

/** Shorter ones stand in too many texts. */
const WORDS_AT_LEAST = 12;

/** The longest run of words that no rich text changes; "" = none that is long enough. */
export function plainWords(body: string): string {
  const runs = body.match(/[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*/gu) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length < WORDS_AT_LEAST ? '' : longest;
}

/** The writers remember comments' ids, so there is one for each tracker. */
const writers = new WeakMap<TrackerAdapter, WriteLivingComment>();

function writerOf(tracker: TrackerAdapter & CommentCapability & CommentEditCapability): WriteLivingComment {
  const writer = writers.get(tracker) ?? createLivingComment(tracker);
  writers.set(tracker, writer);
  return writer;
}

export const livingComment: Operation<'living_comment'> = {
  surfacing: 'repeated',
  lacks: (tracker) => (canComment(tracker) && canEditComments(tracker) ? null : 'edit comments'),

  async send({ issue, facts }, { tracker, signal }) {
    if (!canComment(tracker) || !canEditComments(tracker)) return lost('editComment');
    return resultOn(issue, await writerOf(tracker)(issue, facts, signal));
  },

  async look({ issue }, { tracker, signal }) {
    if (!canEditComments(tracker)) return lost('findOwnComment');
    const commentId = await tracker.findOwnComment(issue.id, LIVING_MARKER, signal);
    // There is one; whether it says this already is no matter.
    return commentId === null ? ABSENT : HARMLESS;
  },
};
