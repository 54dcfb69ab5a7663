// Comments as tools answer them: the newest that fit, oldest first, each as Markdown. What does not fit is said.
import type { Json, JsonMap } from '../../../../../src/contract/tool-operations.ts';
import { isWire, markdownOf, personOf, textIn, type Wire } from './value.ts';

const commentLimit = 8_000;

export interface ShownComments {
  /** Oldest first. */
  readonly comments: readonly Json[];
  /** Older ones that did not fit. */
  readonly leftOut: number;
}

/** @param comments oldest first. @param chars all bodies together; the newest one always comes. */
export function commentsOf(comments: readonly Wire[], chars: number): ShownComments {
  const shown: JsonMap[] = [];
  let left = chars;
  for (const comment of comments.toReversed()) {
    const body = markdownOf(comment['body'] ?? '', commentLimit);
    if (shown.length > 0 && body.length > left) break;
    left -= body.length;
    const { author } = comment;
    shown.push({
      id: textIn(comment, 'id'),
      author: isWire(author) ? personOf(author) : null,
      created: textIn(comment, 'created'),
      body,
    });
  }
  return { comments: shown.toReversed(), leftOut: comments.length - shown.length };
}
