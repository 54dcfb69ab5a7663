// A TrackerWriter that sends at once and records nothing: for tests of the daemon and for the simulation, which judge
// what the core makes of a tracker's answers. The real one is the outbox, which has its own tests.

import {
  canComment,
  canEditComments,
  canLabel,
  type CommentRequest,
  type TrackerAdapter,
  type TrackerWriter,
} from '../../src/contract/index.ts';
import type { Counters } from '../../src/contract/counters.ts';
import { createLivingComment } from '../../src/tools/outbox/living-comment.ts';

export function createDirectWriter(
  tracker: TrackerAdapter,
  counters: Pick<Counters, 'countTrackerComment'>,
): TrackerWriter {
  const writeLiving = canComment(tracker) && canEditComments(tracker) ? createLivingComment(tracker) : null;
  /** Issue id → the end of the last living comment that was asked for: they take turns, as in a lane. */
  const turns = new Map<string, Promise<unknown>>();

  async function comment({ issue, body, style, facts }: CommentRequest, signal: AbortSignal): Promise<void> {
    if (style === 'plain') {
      if (!canComment(tracker)) throw new Error('this tracker cannot comment');
      await tracker.addComment(issue.id, body, signal);
      return;
    }
    if (writeLiving === null) throw new Error('this tracker cannot edit comments');
    const written = (turns.get(issue.id) ?? Promise.resolve()).then(() => {
      signal.throwIfAborted();
      return writeLiving(issue, facts, signal);
    });
    turns.set(
      issue.id,
      written.catch(() => undefined),
    );
    await written;
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
      if (!canLabel(tracker)) throw new Error('this tracker cannot label');
      if (add.length > 0) await tracker.addLabels(issue.id, add, signal);
      if (remove.length > 0) await tracker.removeLabels(issue.id, remove, signal);
    },
  };
}
