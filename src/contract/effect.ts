// What the core orders, in the imperative. The daemon carries the effects of one step out in order:
// `save` is awaited before the next one and, when it fails, cancels the rest of the step; the others are
// started and come back later as exactly one event that carries the effect's id.

import type { ControlAnswer } from './controls.ts';
import type { Issue, IssueRef } from './issue.ts';
import type { Notice } from './notice.ts';
import type { CancelReason, RunSpec } from './run.ts';
import type { StoreWrite } from './store.ts';
import type { CommentFacts } from './tracker-writer.ts';

export type EffectId = number;

interface Identified {
  readonly id: EffectId;
}

export type CommentLifecycle = 'dispatch' | 'completion' | 'failure';

export type Effect = Identified &
  (
    | { readonly kind: 'save'; readonly writes: readonly StoreWrite[] }
    /** Ends in `states_fetched` or `fetch_failed`. */
    | { readonly kind: 'fetch_states'; readonly issueIds: readonly string[] }
    | { readonly kind: 'fetch_states_by_identifier'; readonly identifiers: readonly string[] }
    /** Ends in `preflight_done`. */
    | { readonly kind: 'run_preflight' }
    /** How many issues wait in the handoff state. Ends in `handoff_counted` or `fetch_failed`. */
    | { readonly kind: 'count_handoff'; readonly state: string }
    /** `cursor` null = from the start. Ends in `candidates_fetched` or `fetch_failed`. */
    | { readonly kind: 'fetch_candidates'; readonly cursor: string | null }
    /** Ends in `issue_fetched` or `fetch_failed`. */
    | { readonly kind: 'fetch_issue'; readonly issueId: string }
    /** Ends in `run_ended`; carries no settings: the daemon adds those in force to make the RunSpec. */
    | {
        readonly kind: 'start_run';
        readonly spec: Pick<
          RunSpec,
          | 'runId'
          | 'issue'
          | 'attempt'
          | 'agentKind'
          | 'resumeSessionId'
          | 'sessionUsage'
          | 'emptyRuns'
          | 'recordedWorkspacePath'
          | 'labelsOverruled'
        >;
      }
    /** Ends in `effect_done` once the wish is recorded; the run itself ends in `run_ended`. */
    | {
        readonly kind: 'stop_run';
        readonly runId: string;
        readonly issueId: string;
        readonly reason: CancelReason;
      }
    /** Ends in `write_done` or `write_failed`. */
    | {
        readonly kind: 'transition_issue';
        readonly issue: Issue;
        readonly runId: string | null;
        readonly toState: string;
        readonly from: readonly string[];
      }
    /** Ends in `write_done` or `write_failed`. */
    | {
        readonly kind: 'comment_issue';
        readonly issue: Issue;
        readonly runId: string | null;
        readonly lifecycle: CommentLifecycle;
        readonly body: string;
        readonly style: 'plain' | 'living';
        readonly facts: CommentFacts;
      }
    /** Ends in `write_done` or `write_failed`. */
    | {
        readonly kind: 'label_issue';
        readonly issue: IssueRef;
        readonly add: readonly string[];
        readonly remove: readonly string[];
      }
    /** Runs `before_remove`, then removes. Ends in `workspace_removed` or `workspace_not_removed`. */
    | {
        readonly kind: 'remove_workspace';
        readonly issueId: string;
        readonly issueIdentifier: string;
        readonly path: string;
      }
    /** One timer a key; arming it again replaces it. Ends in `timer_fired` (or never, when replaced). */
    | { readonly kind: 'arm_timer'; readonly timer: TimerKey; readonly dueAtMs: number }
    | { readonly kind: 'disarm_timer'; readonly timer: TimerKey }
    /** To the operator who waits for it; ends in `effect_done`. Comes after the `save` that makes it true. */
    | { readonly kind: 'answer_control'; readonly controlId: string; readonly answer: ControlAnswer }
    /** For logs and metrics; ends in no event. */
    | { readonly kind: 'tell'; readonly notice: Notice }
    /** Everything has ended: the daemon may close. The last effect ever. */
    | { readonly kind: 'finish' }
  );

export type EffectKind = Effect['kind'];

/** `tick`, `shutdown`, `progress` (what was counted is saved), or `retry:<issue id>` / `park:<issue id>`. */
export type TimerKey = 'tick' | 'shutdown' | 'progress' | `retry:${string}` | `park:${string}`;
