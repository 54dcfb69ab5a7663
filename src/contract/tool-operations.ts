// What agents may ask for, by name. A *tool* is what an agent sees and calls; each call comes down to one or more
// *operations*, which policy, approvals, outbox, audit and metrics all speak of in the same words. The details of a
// writing operation are what a person is shown and may edit: plain JSON under the names of the tools' parameters.

/** Look at the tracker; never go through the outbox. */
export const READ_OPERATIONS = [
  'fetch_issue',
  'fetch_comments',
  'search_issues',
  'list_projects',
  'get_user',
] as const;
export type ReadOperation = (typeof READ_OPERATIONS)[number];

/** Change the tracker; each goes through policy, perhaps an approval, and the outbox. */
export const WRITE_OPERATIONS = [
  'create_issue',
  /** Many at once, decided as one. Rules for `create_issue` hold for it as well. */
  'create_issues',
  'update_issue',
  'transition_issue',
  'add_comment',
  'add_worklog',
  'link_issues',
  'add_labels',
  'remove_labels',
  /** `assignee` null = nobody. */
  'assign_issue',
  'add_watcher',
] as const;
export type WriteOperation = (typeof WRITE_OPERATIONS)[number];

/** Reach people, not the tracker. Allowed unless a rule says otherwise; never waits for an approval. */
export const MESSAGE_OPERATIONS = ['notify_operator'] as const;
export type MessageOperation = (typeof MESSAGE_OPERATIONS)[number];

export type ToolOperation = ReadOperation | WriteOperation | MessageOperation;

export const TOOL_OPERATIONS: readonly ToolOperation[] = [
  ...READ_OPERATIONS,
  ...WRITE_OPERATIONS,
  ...MESSAGE_OPERATIONS,
];

export function isWriteOperation(operation: string): operation is WriteOperation {
  return (WRITE_OPERATIONS as readonly string[]).includes(operation);
}

/** JSON as it is stored, shown and hashed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

/** Of a field by name: people may be given by display name, e-mail address or account id. */
export interface NewIssueDetails {
  readonly summary: string;
  /** Markdown. */
  readonly description?: string | undefined;
  readonly issueType?: string | undefined;
  readonly assignee?: string | undefined;
  readonly priority?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly parentKey?: string | undefined;
  /** By field id or name. */
  readonly customFields?: JsonMap | undefined;
}

/** What each writing operation is asked with. `issueKey` is an identifier, or the tracker's own id. */
export interface WriteDetails {
  readonly create_issue: NewIssueDetails & { readonly projectKey: string; readonly issueType: string };
  /** What is not said by one of `issues` is taken from what is said for all. Only the first `issueCount` are made. */
  readonly create_issues: Omit<NewIssueDetails, 'summary' | 'description'> & {
    readonly projectKey: string;
    readonly issueType: string;
    readonly issueCount: number;
    readonly issues: readonly NewIssueDetails[];
  };
  readonly update_issue: Partial<Omit<NewIssueDetails, 'issueType' | 'parentKey'>> & {
    readonly issueKey: string;
  };
  /** By the name of the transition or of the state that it leads to. */
  readonly transition_issue: {
    readonly issueKey: string;
    readonly to: string;
    /** Markdown: belongs to the move, is decided with it, and is written when it is done or not at all. */
    readonly comment?: string | undefined;
  };
  readonly add_comment: { readonly issueKey: string; readonly body: string };
  readonly add_worklog: {
    readonly issueKey: string;
    /** e.g. `2h 30m`. */
    readonly timeSpent: string;
    readonly comment?: string | undefined;
  };
  /** Read as a sentence: `issueKey` `linkType` `targetIssueKey`, e.g. ENG-1 blocks ENG-2. */
  readonly link_issues: {
    readonly issueKey: string;
    readonly targetIssueKey: string;
    readonly linkType: string;
  };
  readonly add_labels: { readonly issueKey: string; readonly labels: readonly string[] };
  readonly remove_labels: { readonly issueKey: string; readonly labels: readonly string[] };
  readonly assign_issue: { readonly issueKey: string; readonly assignee: string | null };
  readonly add_watcher: { readonly issueKey: string; readonly watcher: string };
}

/** One operation with its details, as asked for or as a person has edited it. */
export type WriteAction = {
  readonly [Operation in WriteOperation]: {
    readonly operation: Operation;
    readonly details: WriteDetails[Operation];
  };
}[WriteOperation];

/** Stable codes of a refused or failed tool call, beside the kinds of a TrackerError. */
export const TOOL_ERROR_KINDS = [
  /** Unknown or missing fields, wrong types, a combination that makes no sense. */
  'invalid_arguments',
  'too_large',
  'unsupported_operation',
  /** Found before any request. */
  'project_scope_violation',
  'policy_denied',
  /** A rule's `limit`, or the limit of messages. */
  'limit_exceeded',
  /** Too many calls in too short a time; the message says when to come again. */
  'rate_limited',
  'approval_rejected',
  'approval_expired',
  /** No such proposal of this issue. */
  'approval_not_found',
  /** The issue is not what it was when the write was asked for. */
  'changed_meanwhile',
  /** A name fits nobody, or several. */
  'ambiguous_name',
  /** The token is not, or no longer, that of a run. */
  'run_ended',
  'store_failed',
  'internal_error',
] as const;
export type ToolErrorKind = (typeof TOOL_ERROR_KINDS)[number];
