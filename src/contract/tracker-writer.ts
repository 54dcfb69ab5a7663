// The one door through which every write to a tracker goes. The worker and the daemon ask here and never call
// an adapter's writing methods themselves, so that an outbox, approvals and counting can stand behind it.

import type { CommentLifecycle } from './effect.ts';
import type { Issue, IssueRef } from './issue.ts';
import type { TokenTotals } from './store.ts';

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

/** What a living comment shows: where the work on the issue stands. */
export interface CommentFacts {
  readonly standing: 'working' | 'finished' | 'failed' | 'parked';
  /** One line: the error or the reason; "" when there is nothing to add. */
  readonly detail: string;
  /** 0 on the first try. */
  readonly attempt: number;
  readonly agentKind: string;
  readonly turns: number;
  readonly secondsRunning: number;
  readonly tokens: TokenTotals;
  /** USD; null when unknown. */
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
}

/** Adding a comment that tells people about a run. */
export interface CommentRequest {
  readonly issue: Issue;
  readonly runId: string | null;
  readonly lifecycle: CommentLifecycle;
  /** Plain text: the comment, where each event has one of its own. */
  readonly body: string;
  /** `living`: one comment by us on the issue is kept up to date with `facts` instead. */
  readonly style: 'plain' | 'living';
  readonly facts: CommentFacts;
}

/** Putting labels on an issue or taking them off; absent ones are no error. */
export interface LabelRequest {
  readonly issue: IssueRef;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * The methods resolve when the tracker has confirmed the write, reject with TrackerError when it refused or
 * could not be reached, and with the signal's reason when that fired before the write was sent: then nothing
 * has been sent.
 */
export interface TrackerWriter {
  transition(request: TransitionRequest, signal: AbortSignal): Promise<void>;
  comment(request: CommentRequest, signal: AbortSignal): Promise<void>;
  label(request: LabelRequest, signal: AbortSignal): Promise<void>;
}
