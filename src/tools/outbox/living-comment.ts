// `tracker.comments.style: living`: one comment by us on an issue, edited in place. It is found again by its marker
// after a restart or a lost answer. Its writes to one issue come one after another (the lane sees to it), so there is
// never a second one.

import type { CommentCapability, CommentEditCapability } from '../../contract/tracker-capabilities.ts';
import type { CommentFacts } from '../../contract/tracker-writer.ts';
import type { IssueRef } from '../../contract/issue.ts';
import { TrackerError } from '../../contract/tracker.ts';

/** Plain words, so that it survives every tracker's rich text. */
export const LIVING_MARKER = 'Kept up to date by Sortie';

const STANDINGS: Readonly<Record<CommentFacts['standing'], string>> = {
  working: 'working',
  finished: 'finished',
  failed: 'failed',
  parked: 'parked: waits for a person',
};

/** Characters of a reason. Trackers cut long comments, and the marker stands behind it. */
const DETAIL_LIMIT = 2_000;

/** Issues whose comment is remembered; the rest are looked up again. */
const REMEMBERED = 1_000;

/** Edits the comment of the issue, or adds it when there is none; answers its id. */
export type WriteLivingComment = (
  issue: IssueRef,
  facts: CommentFacts,
  signal: AbortSignal,
) => Promise<string>;

/** Two writes to one issue must not overlap. */
export function createLivingComment(tracker: CommentCapability & CommentEditCapability): WriteLivingComment {
  const known = new Map<string, string>();

  function keep({ id }: IssueRef, commentId: string): string {
    known.delete(id);
    known.set(id, commentId);
    const oldest = known.keys().next();
    if (known.size > REMEMBERED && !oldest.done) known.delete(oldest.value);
    return commentId;
  }

  return async (issue, facts, signal) => {
    const body = livingCommentText(facts);
    const commentId = known.get(issue.id) ?? (await tracker.findOwnComment(issue.id, LIVING_MARKER, signal));
    if (commentId !== null) {
      try {
        await tracker.editComment(issue.id, commentId, body, signal);
        return keep(issue, commentId);
      } catch (error) {
        known.delete(issue.id);
        // A person deleted it: they get a new one.
        if (!(error instanceof TrackerError) || error.kind !== 'tracker_not_found') throw error;
      }
    }
    return keep(issue, await tracker.addComment(issue.id, body, signal));
  };
}

/** Markdown that also reads well where a tracker shows it as plain text. */
export function livingCommentText(facts: CommentFacts): string {
  const { tokens } = facts;
  const estimated = facts.costEstimated ? ' (estimated)' : '';
  const lines = [
    `**Sortie: ${STANDINGS[facts.standing]}**`,
    ...(facts.detail === '' ? [] : ['', quote(facts.detail)]),
    '',
    `- Attempt: ${facts.attempt}`,
    `- Agent: ${facts.agentKind}`,
    `- Turns: ${facts.turns}`,
    `- Duration: ${duration(facts.secondsRunning)}`,
    `- Tokens: ${tokens.inputTokens} in, ${tokens.outputTokens} out, ${tokens.cacheReadTokens} cache read`,
    ...(facts.costUsd === null ? [] : [`- Cost: ${facts.costUsd.toFixed(2)} USD${estimated}`]),
    '',
    `${LIVING_MARKER}. Write a comment of your own to talk to people; it is read by the next run.`,
  ];
  return lines.join('\n');
}

/** An agent's or tracker's words: shown as they are, never as markup of ours. */
function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('`', "'");
  // Never half of a surrogate pair.
  const cut = line.slice(0, DETAIL_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
  return `\`${cut}${line.length > DETAIL_LIMIT ? '…' : ''}\``;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
