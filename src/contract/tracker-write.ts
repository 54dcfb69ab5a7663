// One change of the tracker, as the outbox records and sends it: names are resolved, projects checked, people decided.
// Plain data. Each kind says how it is known, after a lost answer, whether it was applied.

import type { IssueRef } from './issue.ts';
import { WRITE_OPERATIONS } from './tool-operations.ts';
import type { IssueChanges, NewIssue } from './tracker-capabilities.ts';
import type { CommentFacts } from './tracker-writer.ts';

export type TrackerWrite =
  /** Known again by its key where the tracker keeps keys, else by project, title and time. */
  | { readonly operation: 'create_issue'; readonly issue: NewIssue }
  /** Known by the values of the fields: applied when all are as wanted. */
  | { readonly operation: 'update_issue'; readonly issue: IssueRef; readonly changes: IssueChanges }
  /** Known by the state. */
  | {
      readonly operation: 'transition_issue';
      readonly issue: IssueRef;
      readonly toState: string;
      readonly from: readonly string[];
      /** By name, where several lead there; "" = any. */
      readonly transition: string;
    }
  /** Known by its key, else by its text. */
  | {
      readonly operation: 'add_comment';
      readonly issue: IssueRef;
      readonly body: string;
      /** Id of the write that it belongs to: it is written once that is done, and not at all when it comes to nothing. */
      readonly after?: string | undefined;
    }
  | {
      readonly operation: 'add_worklog';
      readonly issue: IssueRef;
      readonly timeSpent: string;
      /** "" = none. */
      readonly comment: string;
      /** Fixed when it was asked for, so that a repetition is the same worklog. */
      readonly startedAtMs: number;
    }
  /** The others change nothing when they are repeated. */
  | {
      readonly operation: 'link_issues';
      readonly issue: IssueRef;
      readonly target: IssueRef;
      readonly linkType: string;
    }
  | {
      readonly operation: 'add_labels' | 'remove_labels';
      readonly issue: IssueRef;
      readonly labels: readonly string[];
    }
  | { readonly operation: 'assign_issue'; readonly issue: IssueRef; readonly accountId: string | null }
  | { readonly operation: 'add_watcher'; readonly issue: IssueRef; readonly accountId: string }
  /** The orchestrator's own: one comment that is kept up to date. */
  | { readonly operation: 'living_comment'; readonly issue: IssueRef; readonly facts: CommentFacts };

/** Each is one write; several issues that are made together are as many writes. */
export const TRACKER_WRITE_OPERATIONS: readonly TrackerWriteOperation[] = [
  ...WRITE_OPERATIONS.filter((one) => one !== 'create_issues'),
  'living_comment',
];
export type TrackerWriteOperation = TrackerWrite['operation'];

/** What became of it; the tracker's own names. */
export interface WriteResult {
  /** The issue that was made or changed. */
  readonly issue: IssueRef | null;
  /** Id of the comment or worklog; "" = none. */
  readonly entryId: string;
  /** Page for people; "" = not known. */
  readonly url: string;
  /** It was there before we sent anything, or a lost answer had applied it. */
  readonly wasThere: boolean;
}

/** What a write is about to change, as last read: for the check just before it is sent, for people and the audit. */
export interface SeenIssue {
  readonly atMs: number;
  readonly state: string;
  /** ISO-8601 as the tracker gave it. */
  readonly updatedAt: string;
  /** Of the fields that the write touches, under the names of its details: `summary`, `priority`, `labels`… */
  readonly fields: Readonly<Record<string, string | readonly string[] | null>>;
}
