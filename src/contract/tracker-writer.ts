// The one door through which every write to a tracker goes. The worker and the daemon ask here and never call
// an adapter's writing methods themselves, so that an outbox, approvals and counting can stand behind it.

import type { CommentLifecycle } from './effect.ts';
import type { Issue } from './issue.ts';

/** Moving an issue to another state. */
export interface TransitionRequest {
  /** As it was last looked up. */
  readonly issue: Issue;
  /** The run on whose behalf this is; null when no run asks for it. */
  readonly runId: string | null;
  readonly toState: string;
  /** The write is refused with `tracker_payload_error` when the issue's state is not in this list. */
  readonly from: readonly string[];
}

/** Adding a comment that tells people about a run. */
export interface CommentRequest {
  readonly issue: Issue;
  readonly runId: string | null;
  readonly lifecycle: CommentLifecycle;
  /** Plain text. */
  readonly body: string;
}

/**
 * Both methods resolve when the tracker has confirmed the write, reject with TrackerError when it refused or
 * could not be reached, and with the signal's reason when that fired before the write was sent: then nothing
 * has been sent.
 */
export interface TrackerWriter {
  transition(request: TransitionRequest, signal: AbortSignal): Promise<void>;
  comment(request: CommentRequest, signal: AbortSignal): Promise<void>;
}
