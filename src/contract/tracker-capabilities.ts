// What a tracker adapter may be able to do beyond the seven methods. Each is asked for by feature, never by the
// adapter's kind; absence is normal, and its consequence stands with each. The same rules hold as for the seven:
// TrackerError or AbortError, nothing half-filled, every method takes a signal.

import type { Issue, IssueRef } from './issue.ts';
import type { TrackerAdapter } from './tracker.ts';

/** Without it, lifecycle comments (`tracker.comments.*`) are refused at start and by `sortie validate`. */
export interface CommentCapability {
  /** Adds a comment (Markdown where the tracker has rich text, else plain) and returns its id. */
  addComment(id: string, body: string, signal: AbortSignal): Promise<string>;
}

/** Without it, `tracker.comments.style: living` is refused at start and by `sortie validate`. */
export interface CommentEditCapability {
  /** Replaces the body of a comment of ours. `tracker_not_found` when it was deleted. */
  editComment(id: string, commentId: string, body: string, signal: AbortSignal): Promise<void>;
  /** The id of the newest comment by our own account whose text holds `marker`; null when there is none. */
  findOwnComment(id: string, marker: string, signal: AbortSignal): Promise<string | null>;
}

/** Without it, every candidate is read before the first one is dispatched. */
export interface CandidateStreamCapability {
  /**
   * Pages in dispatch order; the caller stops reading once its slots are filled and never sorts again. A stream
   * that stops at a limit of its own says so through `TrackerContext.warn`.
   */
  streamCandidateIssues(signal: AbortSignal): AsyncIterable<readonly Issue[]>;
}

/** Without it, `tracker.park_label` is refused at start and by `sortie validate`. */
export interface LabelCapability {
  addLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void>;
  removeLabels(id: string, labels: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface NewIssue {
  readonly project: string;
  readonly issueType: string;
  readonly title: string;
  /** Markdown. */
  readonly description?: string | undefined;
  readonly accountId?: string | undefined;
  readonly priority?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly parent?: string | undefined;
  /** By the tracker's field id. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Only what is given is changed. */
export type IssueChanges = Partial<Omit<NewIssue, 'project' | 'issueType' | 'parent'>>;

/** Without these, agents get no tools that create, change or assign issues. */
export interface CreateIssueCapability {
  createIssue(issue: NewIssue, signal: AbortSignal): Promise<IssueRef>;
}
export interface UpdateIssueCapability {
  updateIssue(id: string, changes: IssueChanges, signal: AbortSignal): Promise<void>;
}
export interface TrackerUser {
  readonly accountId: string;
  readonly displayName: string;
  /** "" when the tracker keeps it private. */
  readonly email: string;
}
export interface AssignCapability {
  /** `accountId` null = nobody. */
  assignIssue(id: string, accountId: string | null, signal: AbortSignal): Promise<void>;
  /** By name, e-mail or account id; exact matches only when there is exactly one, else all that fit. */
  findUsers(query: string, signal: AbortSignal): Promise<TrackerUser[]>;
}

export interface SearchPage {
  readonly issues: readonly Issue[];
  readonly nextCursor: string | null;
}
/** Without it, agents cannot search. */
export interface SearchCapability {
  /** In the tracker's own query language; within the configured project unless the caller says otherwise. */
  searchIssues(
    query: string,
    options: { readonly limit: number; readonly cursor?: string | undefined; readonly anyProject?: boolean },
    signal: AbortSignal,
  ): Promise<SearchPage>;
}

/** Without it, `tracker.max_in_handoff` is refused. */
export interface CountCapability {
  /** May be approximate. */
  countIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<number>;
}

/** Without it, `explain` and `hold` of an issue that was never read here need its id. */
export interface FindIssueCapability {
  /** By identifier, case-insensitively, whatever its state; `tracker_not_found` when there is none. */
  fetchIssueByIdentifier(identifier: string, signal: AbortSignal): Promise<Issue>;
}

/** Without it, `explain` cannot tell an issue that the filter leaves out from one that was not reached yet. */
export interface CandidateTestCapability {
  /** Whether a candidate read would hold it: project, states and filter. One request. */
  isCandidate(issue: IssueRef, signal: AbortSignal): Promise<boolean>;
}

export interface TrackerSchema {
  readonly projects: readonly { readonly key: string; readonly name: string }[];
  readonly issueTypes: readonly { readonly id: string; readonly name: string; readonly subtask: boolean }[];
  readonly statuses: readonly { readonly name: string; readonly category: string }[];
  readonly priorities: readonly { readonly id: string; readonly name: string }[];
  readonly fields: readonly { readonly id: string; readonly name: string; readonly type: string }[];
}
/** Without it, tool descriptions name no projects, types or fields. */
export interface SchemaCapability {
  discoverSchema(signal: AbortSignal): Promise<TrackerSchema>;
}

export interface Throttle {
  /** `all`, or which endpoint or issue must wait. */
  readonly scope: string;
  readonly untilMs: number;
  /** As the tracker gave it, or `retry-after`. */
  readonly reason: string;
}
/** Without it, throttling is known only by the errors that it causes. */
export interface ThrottleCapability {
  /** What must wait at this moment; [] = nothing. */
  throttles(): readonly Throttle[];
}

export type WebhookAnswer =
  /** Not proven to come from the tracker, or not a notification at all. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'duplicate' }
  /** Something changed: look at these issues ([] = look at everything). Polling stays the truth. */
  | { readonly kind: 'wake'; readonly issueIds: readonly string[] };
/** Without it, `/hooks/<tracker kind>` does not exist. */
export interface WebhookCapability {
  /** False unless its secret is set: then the route answers 404. */
  webhookEnabled(): boolean;
  /** Checks the proof over the raw body in constant time, and remembers deliveries it has seen. No I/O. */
  takeWebhook(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): WebhookAnswer;
}

export interface DoctorRequest {
  readonly handoffState: string;
  readonly inProgressState: string;
  /** What will be written. `comment_edit`: one comment is kept up to date (`tracker.comments.style: living`). */
  readonly writes: readonly ('comment' | 'comment_edit' | 'label' | 'transition')[];
}
export interface DoctorFinding {
  readonly status: 'ok' | 'warning' | 'problem';
  /** Stable code, e.g. `credentials`, `project`, `states`, `transitions`, `filter`. */
  readonly check: string;
  /** One line: what was found. */
  readonly message: string;
  /** What to do; "" when nothing. */
  readonly remedy: string;
}
/** Without it, `sortie doctor` says what `validate` says and tries one read. */
export interface DoctorCapability {
  /** Line by line as it finds out; never throws for what it finds wrong. Writes nothing. */
  diagnose(request: DoctorRequest, signal: AbortSignal): AsyncIterable<DoctorFinding>;
}

// ---- asking -------------------------------------------------------------------------------------

function has<T>(...methods: readonly (keyof T & string)[]) {
  return (adapter: TrackerAdapter): adapter is TrackerAdapter & T => {
    const found = adapter as unknown as Readonly<Record<string, unknown>>;
    return methods.every((method) => typeof found[method] === 'function');
  };
}

export const canComment = has<CommentCapability>('addComment');
export const canEditComments = has<CommentEditCapability>('editComment', 'findOwnComment');
export const canStreamCandidates = has<CandidateStreamCapability>('streamCandidateIssues');
export const canLabel = has<LabelCapability>('addLabels', 'removeLabels');
export const canCreateIssues = has<CreateIssueCapability>('createIssue');
export const canUpdateIssues = has<UpdateIssueCapability>('updateIssue');
export const canAssign = has<AssignCapability>('assignIssue', 'findUsers');
export const canSearch = has<SearchCapability>('searchIssues');
export const canCount = has<CountCapability>('countIssuesByStates');
export const canFindIssue = has<FindIssueCapability>('fetchIssueByIdentifier');
export const canTestCandidates = has<CandidateTestCapability>('isCandidate');
export const canDescribeSchema = has<SchemaCapability>('discoverSchema');
export const canSayThrottles = has<ThrottleCapability>('throttles');
export const canTakeWebhooks = has<WebhookCapability>('webhookEnabled', 'takeWebhook');
export const canDiagnose = has<DoctorCapability>('diagnose');
