// The one door for writes to the tracker. Today it sends them at once; an outbox will sit here. A write whose
// run was cancelled before it was sent is not sent.

import {
  canComment,
  canEditComments,
  canLabel,
  TrackerError,
  type CommentRequest,
  type TrackerAdapter,
  type TrackerWriter,
} from '../contract/index.ts';
import { createLivingComment } from './living-comment.ts';
import type { Counters } from '../contract/counters.ts';

export function createTrackerWriter(
  tracker: TrackerAdapter,
  counters: Pick<Counters, 'countTrackerComment'>,
): TrackerWriter {
  const writeLiving = canComment(tracker) && canEditComments(tracker) ? createLivingComment(tracker) : null;

  async function comment({ issue, body, style, facts }: CommentRequest, signal: AbortSignal): Promise<void> {
    if (style === 'living') {
      if (writeLiving === null) throw incapable('edit comments; set tracker.comments.style to plain');
      await writeLiving(issue, facts, signal);
      return;
    }
    if (!canComment(tracker)) throw incapable('comment; switch tracker.comments off');
    await tracker.addComment(issue.id, body, signal);
  }

  return {
    async transition({ issue, toState, from }, signal) {
      signal.throwIfAborted();
      await tracker.transitionIssue(issue.id, toState, { from }, signal);
    },
    async comment(request, signal) {
      signal.throwIfAborted();
      try {
        await comment(request, signal);
        counters.countTrackerComment(request.lifecycle, 'success');
      } catch (error) {
        if (!signal.aborted) counters.countTrackerComment(request.lifecycle, 'error');
        throw error;
      }
    },
    async label({ issue, add, remove }, signal) {
      signal.throwIfAborted();
      if (!canLabel(tracker)) throw incapable('label issues; take tracker.park_label out');
      if (add.length > 0) await tracker.addLabels(issue.id, add, signal);
      if (remove.length > 0) await tracker.removeLabels(issue.id, remove, signal);
    },
  };
}

function incapable(what: string): TrackerError {
  return new TrackerError({
    kind: 'tracker_api_error',
    method: 'write',
    path: 'tracker',
    detail: `this tracker adapter cannot ${what}`,
  });
}
