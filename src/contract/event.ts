// What happened, in the past tense: the only input of the core. Clock readings and fresh UUIDs come with
// the event, because the core has neither clock nor randomness of its own. Events are plain data, so
// that a journal of them can be replayed.

import type { ControlCommand, OperatorWord } from './controls.ts';
import type { EffectId, TimerKey } from './effect.ts';
import type { Issue } from './issue.ts';
import type { RunEvent, RunExit } from './run.ts';
import type { NotificationSettings } from './notification.ts';
import type { Settings } from './settings.ts';
import type { StoredState } from './store.ts';
import type { TrackerErrorKind } from './tracker.ts';

/** What every event carries. */
export interface Stamp {
  /** Wall clock, milliseconds since the epoch: for due times and what people are shown. */
  readonly atMs: number;
  /** Monotonic milliseconds, any origin: for durations. */
  readonly monotonicMs: number;
  /** A fresh UUID, for whatever this step may have to name (at most one run). */
  readonly uuid: string;
}

export interface TrackerFailure {
  readonly kind: TrackerErrorKind;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** The tracker said whom it asks to wait, and it is not everybody: other calls go on. */
  readonly othersGoOn?: boolean | undefined;
}

/** The settings that the core reads. */
export type CoreSettings = Pick<Settings, 'pollIntervalMs' | 'tokenRates'> & {
  readonly tracker: Pick<
    Settings['tracker'],
    | 'activeStates'
    | 'terminalStates'
    | 'handoffState'
    | 'requiredLabels'
    | 'comments'
    | 'parkLabel'
    | 'queryFilter'
    | 'maxInHandoff'
  >;
  readonly agent: Pick<
    Settings['agent'],
    | 'kind'
    | 'maxSessions'
    | 'maxConcurrentAgents'
    | 'maxConcurrentAgentsByState'
    | 'stallTimeoutMs'
    | 'toolTimeoutMs'
    | 'budget'
    | 'evidence'
    | 'maxEmptyRuns'
    | 'maxRetryBackoffMs'
    | 'breakerFailures'
  >;
  /** Who wants to be told of what. */
  readonly notifications: readonly Pick<NotificationSettings, 'name' | 'events'>[];
};

export type EventBody =
  /** First of all; starts the first tick. `openRuns` were in flight when the last daemon died. */
  | { readonly kind: 'recovered'; readonly stored: StoredState; readonly settings: CoreSettings }
  | { readonly kind: 'timer_fired'; readonly timer: TimerKey }
  /** `words`: of operators who asked for it, to be noted; absent = nobody did. */
  | { readonly kind: 'refresh_requested'; readonly words?: readonly OperatorWord[] }
  /** An operator's word; ends in the effect `answer_control` with the same `controlId`. */
  | {
      readonly kind: 'control_requested';
      readonly controlId: string;
      readonly command: ControlCommand;
      readonly word: OperatorWord;
    }
  /** Somebody says that this issue has changed; it is looked at by id if we have a hold on it. */
  | { readonly kind: 'issue_touched'; readonly issueId: string }
  /** A write that an agent asked for is about to be sent; ends in `issue_written` with the same `writeId`. */
  | { readonly kind: 'issue_writing'; readonly writeId: string; readonly issueId: string }
  /** `state`: where it moved the issue; null = it moved nothing, or was not applied. */
  | {
      readonly kind: 'issue_written';
      readonly writeId: string;
      readonly issueId: string;
      readonly runId: string | null;
      readonly state: string | null;
    }
  /** `endsParks`: the prompt or `tracker`, `agent`, `hooks`, `workspace` or an adapter's block changed. */
  | { readonly kind: 'settings_reloaded'; readonly settings: CoreSettings; readonly endsParks: boolean }
  | { readonly kind: 'shutdown_requested'; readonly deadlineMs: number }
  // ---- answers to effects
  | {
      readonly kind: 'states_fetched';
      readonly effectId: EffectId;
      /** By issue id, or by identifier when those were asked for. */
      readonly states: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'fetch_failed'; readonly effectId: EffectId; readonly failure: TrackerFailure }
  | { readonly kind: 'preflight_done'; readonly effectId: EffectId; readonly problems: readonly string[] }
  | {
      readonly kind: 'candidates_fetched';
      readonly effectId: EffectId;
      readonly issues: readonly Issue[];
      /** null when this was the last page. */
      readonly nextCursor: string | null;
      /** The tracker's own dispatch order, page after page: it is kept. */
      readonly ordered: boolean;
    }
  /** null = the tracker has no such issue. */
  | { readonly kind: 'issue_fetched'; readonly effectId: EffectId; readonly issue: Issue | null }
  /** Of `count_handoff`. */
  | { readonly kind: 'handoff_counted'; readonly effectId: EffectId; readonly count: number }
  | { readonly kind: 'write_done'; readonly effectId: EffectId }
  | { readonly kind: 'write_failed'; readonly effectId: EffectId; readonly failure: TrackerFailure }
  | { readonly kind: 'workspace_removed'; readonly effectId: EffectId }
  | { readonly kind: 'workspace_not_removed'; readonly effectId: EffectId; readonly message: string }
  | { readonly kind: 'effect_done'; readonly effectId: EffectId }
  /** `cancelled`: the effects of the same step that were therefore not carried out. */
  | {
      readonly kind: 'store_failed';
      readonly effectId: EffectId;
      readonly cancelled: readonly EffectId[];
      readonly message: string;
    }
  /** Only after a `store_failed`: the failed `save`, tried again, went through. */
  | { readonly kind: 'store_recovered' }
  // ---- runs
  | { readonly kind: 'run_progressed'; readonly runId: string; readonly event: RunEvent }
  | { readonly kind: 'run_ended'; readonly runId: string; readonly exit: RunExit };

export type Event = Stamp & EventBody;
export type EventKind = EventBody['kind'];
