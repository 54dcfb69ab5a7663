// The orchestrator's door to the outbox: each of its writes is a row before it is sent, and its promise is settled as a
// tracker would do it. It repeats nothing: the core decides what follows a failure.

import { canComment, canEditComments, canLabel } from '../../contract/tracker-capabilities.ts';
import { TrackerError, type TrackerAdapter } from '../../contract/tracker.ts';
import type { Counters } from '../../contract/counters.ts';
import type { TrackerWrite } from '../../contract/tracker-write.ts';
import type { CommentRequest, TrackerWriter } from '../../contract/tracker-writer.ts';

export interface OrchestratorWriterParts {
  readonly tracker: TrackerAdapter;
  readonly counters: Pick<Counters, 'countTrackerComment'>;
  /** Resolves once it was applied; rejects with what the tracker said first, or with the signal's reason. */
  readonly write: (write: OrchestratorWrite, runId: string | null, signal: AbortSignal) => Promise<void>;
}

export type OrchestratorWrite = Exclude<TrackerWrite, { readonly operation: 'create_issue' }>;

export function createOrchestratorWriter({
  tracker,
  counters,
  write,
}: OrchestratorWriterParts): TrackerWriter {
  return {
    async transition({ issue, runId, toState, from }, signal) {
      signal.throwIfAborted();
      const move = {
        operation: 'transition_issue',
        issue: refOf(issue),
        toState,
        from,
        transition: '',
      } as const;
      await write(move, runId, signal);
    },
    async comment(request, signal) {
      signal.throwIfAborted();
      try {
        await write(commentOf(tracker, request), request.runId, signal);
        counters.countTrackerComment(request.lifecycle, 'success');
      } catch (error) {
        if (!signal.aborted) counters.countTrackerComment(request.lifecycle, 'error');
        throw error;
      }
    },
    async label({ issue, add, remove }, signal) {
      signal.throwIfAborted();
      if (!canLabel(tracker)) throw incapable('label issues; take tracker.park_label out');
      const of = refOf(issue);
      if (add.length > 0) await write({ operation: 'add_labels', issue: of, labels: add }, null, signal);
      if (remove.length > 0) {
        await write({ operation: 'remove_labels', issue: of, labels: remove }, null, signal);
      }
    },
  };
}

function commentOf(tracker: TrackerAdapter, request: CommentRequest): OrchestratorWrite {
  const { issue, body, style, facts } = request;
  if (!canComment(tracker)) throw incapable('comment; switch tracker.comments off');
  if (style === 'plain') return { operation: 'add_comment', issue: refOf(issue), body };
  if (!canEditComments(tracker)) throw incapable('edit comments; set tracker.comments.style to plain');
  return { operation: 'living_comment', issue: refOf(issue), facts };
}

/** Not the whole issue: the row is stored. */
function refOf({ id, identifier }: { readonly id: string; readonly identifier: string }): {
  id: string;
  identifier: string;
} {
  return { id, identifier };
}

function incapable(what: string): TrackerError {
  return new TrackerError({
    kind: 'tracker_api_error',
    method: 'write',
    path: 'tracker',
    detail: `this tracker adapter cannot ${what}`,
  });
}
