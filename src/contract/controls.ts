// What an operator may tell the daemon: words, requests and answers. The core judges each one; a shell resolves the
// issue first and answers only after the word is durable. Who said it and why is kept with it.

import type { Issue, IssueRef } from './issue.ts';

/** `paused`: no run is started. `draining`: the same, and the daemon says when the last run has ended. */
export const DISPATCH_MODES = ['running', 'paused', 'draining'] as const;
export type DispatchMode = (typeof DISPATCH_MODES)[number];

/** Who last changed the mode and why; durable. The first daemon on a store starts with `running`, by "", since 0. */
export interface DispatchControl {
  readonly mode: DispatchMode;
  readonly by: string;
  readonly reason: string;
  readonly sinceMs: number;
}

export const DAEMON_CONTROLS = ['pause', 'resume', 'drain'] as const;
export type DaemonControl = (typeof DAEMON_CONTROLS)[number];

/**
 * - `dispatch`: run it now, before anything else that waits; its state must be active, blockers, labels and the
 *   review limit are overruled, slots are not.
 * - `cancel`: ends what runs; the issue is held, or the next tick would start it again.
 * - `retry`: what is queued or parked (not held) is due now, with a fresh allowance.
 * - `release`: what is queued or parked (not held) is forgotten; the next tick judges it anew.
 * - `hold`: not started until `unhold`; what runs must be cancelled instead, and finished work whose handoff is owed is
 *   waited for or released.
 */
export const ISSUE_CONTROLS = ['dispatch', 'cancel', 'retry', 'release', 'hold', 'unhold'] as const;
export type IssueControl = (typeof ISSUE_CONTROLS)[number];

export type ControlName = DaemonControl | IssueControl;

/** Of a `refresh`, the core only notes who asked: it changes nothing that would have to be refused or kept. */
export const OPERATOR_ACTIONS = [...DAEMON_CONTROLS, ...ISSUE_CONTROLS, 'refresh'] as const;
/** What the operators' log holds. */
export type OperatorActionName = (typeof OPERATOR_ACTIONS)[number];

/** Who says it and why; both are cleaned to one line and cut at the edge. */
export interface OperatorWord {
  /** `operator` when nobody is named, else a user's or a command's name. */
  readonly by: string;
  /** "" when none was given. */
  readonly reason: string;
}

/** As the core takes it: the shell has resolved the identifier, and read the issue by id for `dispatch` and `hold`. */
export type ControlCommand =
  | { readonly control: DaemonControl }
  | {
      readonly control: IssueControl;
      readonly issue: IssueRef;
      /** Fresh, by id, with `dispatch` and `hold` of an issue that we have no claim on; null otherwise. */
      readonly found: Issue | null;
      /** With `found` of a `dispatch`: whether a candidate read would bring it; absent = nobody can tell. */
      readonly isCandidate?: boolean | undefined;
    };

export type ControlRefusal =
  /** It makes no sense in the state that things are in; the message says which and what would. 409. */
  | 'invalid_state'
  /** 404: neither we nor the tracker know it. */
  | 'issue_not_found'
  /** 502: the tracker had to be asked and did not answer. */
  | 'tracker_failed'
  /**
   * 503: nothing was changed; or, where the daemon ended before the write, it was taken and nobody knows whether it will
   * be there after the next start. The message says which.
   */
  | 'store_failed'
  /** 409: the daemon is shutting down. */
  | 'draining'
  /** 503: not recovered yet. */
  | 'snapshot_unavailable';

export type ControlAnswer =
  /** Durable. `message`: one line that says what happens now. */
  | { readonly kind: 'accepted'; readonly message: string }
  | { readonly kind: 'refused'; readonly code: ControlRefusal; readonly message: string };

/** One line of the operators' log. */
export interface OperatorAction extends OperatorWord {
  readonly atMs: number;
  readonly control: OperatorActionName;
  /** null = the daemon as a whole. */
  readonly issueId: string | null;
  readonly issueIdentifier: string | null;
}

/** What would change a verdict; stable codes. */
export const VERDICT_ENDS = [
  'issue_change',
  'workflow_change',
  'operator',
  'restart',
  'raised_limit',
  'until',
  'state_change',
  'label_added',
  'blocker_closed',
  'slot_free',
  'retry_due',
  'run_end',
  'resume',
  'unhold',
  'review_done',
  'filter_match',
  'next_tick',
  'preflight_passes',
] as const;
export type VerdictEnd = (typeof VERDICT_ENDS)[number];
