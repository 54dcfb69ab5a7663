// What the core tells people: the facts behind log lines and counters. The core neither logs nor counts;
// the daemon turns each notice into one log line and the metrics that belong to it.

import type { OperatorActionName, OperatorWord } from './controls.ts';
import type { EffectKind } from './effect.ts';
import type { IssueRef } from './issue.ts';
import type { CancelReason, RunPhase } from './run.ts';
import type { PauseEntry, TickResult, Verdict } from './snapshot.ts';
import type { ParkReason, RetryTrigger, RunStatus } from './store.ts';

/** Which issue and run a notice is about; null where there is none. */
export interface NoticeSubject {
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly runId: string | null;
  /** The agent's conversation, as far as it is known. */
  readonly sessionId: string | null;
  readonly attempt: number;
}

export type ExitType = 'normal' | 'error' | 'cancelled';

/** Somebody told the daemon something; it was done. */
export interface OperatorNotice extends OperatorWord {
  readonly kind: 'operator_acted';
  readonly control: OperatorActionName;
  /** null = the daemon as a whole. */
  readonly issue: IssueRef | null;
}

export type IssueNotice = NoticeSubject &
  (
    | { readonly kind: 'dispatched'; readonly state: string }
    /** The by-id check just before the start found it no longer eligible. */
    | { readonly kind: 'dispatch_refused'; readonly verdict: string; readonly detail: string }
    | { readonly kind: 'dispatch_failed'; readonly message: string }
    | { readonly kind: 'run_stopping'; readonly reason: CancelReason }
    | {
        readonly kind: 'run_finished';
        readonly status: RunStatus;
        readonly exitType: ExitType;
        readonly secondsRunning: number;
        readonly error: string;
      }
    | { readonly kind: 'run_warned'; readonly message: string; readonly detail: string }
    | {
        readonly kind: 'retry_queued';
        readonly trigger: RetryTrigger;
        readonly dueAtMs: number;
        readonly error: string;
      }
    | { readonly kind: 'handed_off'; readonly toState: string }
    | { readonly kind: 'handoff_failed'; readonly message: string }
    /** No `tracker.handoff_state`. */
    | { readonly kind: 'handoff_skipped' }
    | { readonly kind: 'parked'; readonly reason: ParkReason; readonly detail: string }
    | { readonly kind: 'park_ended'; readonly reason: ParkReason; readonly by: string }
    | { readonly kind: 'released'; readonly why: string }
    /** The issue's own verdict is another one than before. */
    | { readonly kind: 'verdict_changed'; readonly verdict: Verdict; readonly detail: string }
    | {
        readonly kind: 'phase_ended';
        readonly phase: RunPhase;
        readonly durationMs: number;
      }
    | {
        readonly kind: 'turn_ended';
        readonly turn: number;
        readonly durationMs: number;
      }
    | {
        readonly kind: 'tool_ended';
        readonly tool: string;
        readonly durationMs: number | null;
        readonly ok: boolean;
      }
    | { readonly kind: 'reconciled'; readonly action: 'stop' | 'cleanup' | 'keep' }
    | { readonly kind: 'workspace_removed'; readonly path: string }
    | { readonly kind: 'workspace_not_removed'; readonly path: string; readonly message: string }
  );

export type DaemonNotice =
  | {
      readonly kind: 'tick_completed';
      readonly result: TickResult;
      readonly durationMs: number;
      readonly candidates: number;
      readonly dispatched: number;
      /** Every candidate was read, and none of them could have been dispatched. */
      readonly nothingEligible: boolean;
      /** Cut short because the tracker asked for peace: no read has failed. */
      readonly throttled: boolean;
      readonly error: string;
    }
  | { readonly kind: 'fetch_failed'; readonly what: EffectKind; readonly message: string }
  | { readonly kind: 'preflight_failed'; readonly problems: readonly string[] }
  | { readonly kind: 'preflight_recovered' }
  | ({ readonly kind: 'dispatch_paused' } & PauseEntry)
  | {
      readonly kind: 'dispatch_resumed';
      readonly reason: PauseEntry['reason'];
      readonly agentKind: string | null;
    }
  | { readonly kind: 'store_paused'; readonly message: string }
  | { readonly kind: 'store_resumed' }
  | {
      readonly kind: 'recovered';
      readonly retries: number;
      readonly parks: number;
      readonly interrupted: number;
    }
  /** An operator's drain: nothing runs any more. */
  | { readonly kind: 'operator_drained' }
  | { readonly kind: 'draining'; readonly running: number }
  | { readonly kind: 'drained'; readonly leftBehind: number };

export type Notice = IssueNotice | DaemonNotice | OperatorNotice;
