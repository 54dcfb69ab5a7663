// The one door for writes to the tracker. Today it sends them at once; an outbox will sit here. A write whose
// run was cancelled before it was sent is not sent.

import { canComment, TrackerError, type TrackerAdapter, type TrackerWriter } from '../contract/index.ts';
import type { Counters } from './ports.ts';

export function createTrackerWriter(
  tracker: TrackerAdapter,
  counters: Pick<Counters, 'countTrackerComment'>,
): TrackerWriter {
  return {
    async transition({ issue, toState, from }, signal) {
      signal.throwIfAborted();
      await tracker.transitionIssue(issue.id, toState, { from }, signal);
    },
    async comment({ issue, lifecycle, body }, signal) {
      signal.throwIfAborted();
      try {
        if (!canComment(tracker)) {
          throw new TrackerError({
            kind: 'tracker_api_error',
            method: 'comment',
            path: issue.identifier,
            detail: 'this tracker adapter cannot comment; switch tracker.comments off',
          });
        }
        await tracker.addComment(issue.id, body, signal);
        counters.countTrackerComment(lifecycle, 'success');
      } catch (error) {
        if (!signal.aborted) counters.countTrackerComment(lifecycle, 'error');
        throw error;
      }
    },
  };
}
