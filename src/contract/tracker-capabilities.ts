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

/** Without it, agents change no fields. */
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
export interface SearchOptions {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly anyProject?: boolean | undefined;
  /** Within these instead of the configured project. Upper-cased keys, at least one. */
  readonly projects?: readonly string[] | undefined;
}
/** Without it, agents cannot search. */
export interface SearchCapability {
  /** In the tracker's own query language; within the configured project unless the caller says otherwise. */
  searchIssues(query: string, options: SearchOptions, signal: AbortSignal): Promise<SearchPage>;
}

/** Without it, agents get no tool that names the people or the projects of the site. */
export interface DirectoryCapability {
  /** `tracker_not_found` when there is none. */
  getUser(accountId: string, signal: AbortSignal): Promise<TrackerUser>;
  listProjects(
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly key: string; readonly name: string }[]>;
}

/** Without it, a transition can be named by its target state only. */
export interface TransitionListCapability {
  /** Those that our account may make from the issue's present state. */
  listTransitions(
    id: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly toState: string }[]>;
}

// ---- writes that are known again ----------------------------------------------------------------
// The outbox gives each write a key (a UUID). An adapter that can keep it where people do not see it finds its own
// write again after a lost answer. `find…` answers null only when the write is surely not there; it throws when that
// cannot be said (an index that lags is asked in another way, or waited for).

/** Without it, a comment whose answer was lost is looked for by its text (CommentEditCapability), or given up. */
export interface KeyedCommentCapability {
  /** Returns the comment's id. */
  addKeyedComment(id: string, body: string, key: string, signal: AbortSignal): Promise<string>;
  findKeyedComment(id: string, key: string, signal: AbortSignal): Promise<string | null>;
}

/** Without it, agents create no issues: one that may be there twice is worse than none. */
export interface KeyedIssueCapability {
  createKeyedIssue(issue: NewIssue, key: string, signal: AbortSignal): Promise<IssueRef>;
  /** @param sentAtMs when it was first sent: it cannot be older. */
  findKeyedIssue(
    issue: NewIssue,
    key: string,
    sentAtMs: number,
    signal: AbortSignal,
  ): Promise<IssueRef | null>;
}

export interface NewWorklog {
  /** In the tracker's own form, e.g. `2h 30m`. */
  readonly timeSpent: string;
  /** Markdown; "" = none. */
  readonly comment: string;
  readonly startedAtMs: number;
}

/** Without it, agents log no work. */
export interface WorklogCapability {
  /** Returns the worklog's id. */
  addWorklog(id: string, worklog: NewWorklog, key: string, signal: AbortSignal): Promise<string>;
  findWorklog(id: string, worklog: NewWorklog, key: string, signal: AbortSignal): Promise<string | null>;
}

export interface NewLink {
  /** Read as a sentence: `issue` `type` `target`, by the link type's name or by one of its two phrases. */
  readonly issue: IssueRef;
  readonly target: IssueRef;
  readonly type: string;
}

/** Without it, agents link no issues. */
export interface LinkCapability {
  /** A link that is there already is no error, and is not made twice. Answers whether it was there. */
  linkIssues(link: NewLink, signal: AbortSignal): Promise<{ readonly wasThere: boolean }>;
}

/** Without it, agents add no watchers. */
export interface WatchCapability {
  /** One who watches already is no error. */
  addWatcher(id: string, accountId: string, signal: AbortSignal): Promise<void>;
}

/** Without it, `update_issue` compares only what an Issue holds. */
export interface FieldValuesCapability {
  /**
   * The present values of what the changes touch, under the names of `IssueChanges` (`fields` by id: `fields.<id>`), in
   * the form that the changes have. null = empty.
   */
  readFields(
    id: string,
    changes: IssueChanges,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string | readonly string[] | null>>>;
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
  /** Absent: the tracker has none, or does not tell. `outward` reads from the issue that has the link. */
  readonly linkTypes?:
    readonly { readonly name: string; readonly inward: string; readonly outward: string }[] | undefined;
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
export const canUpdateIssues = has<UpdateIssueCapability>('updateIssue');
export const canAssign = has<AssignCapability>('assignIssue', 'findUsers');
export const canSearch = has<SearchCapability>('searchIssues');
export const canCount = has<CountCapability>('countIssuesByStates');
export const canFindIssue = has<FindIssueCapability>('fetchIssueByIdentifier');
export const canTestCandidates = has<CandidateTestCapability>('isCandidate');
export const canDescribeSchema = has<SchemaCapability>('discoverSchema');
export const canSayThrottles = has<ThrottleCapability>('throttles');
export const canTakeWebhooks = has<WebhookCapability>('webhookEnabled', 'takeWebhook');
export const canNamePeople = has<DirectoryCapability>('getUser', 'listProjects');
export const canListTransitions = has<TransitionListCapability>('listTransitions');
export const canKeyComments = has<KeyedCommentCapability>('addKeyedComment', 'findKeyedComment');
export const canKeyIssues = has<KeyedIssueCapability>('createKeyedIssue', 'findKeyedIssue');
export const canLogWork = has<WorklogCapability>('addWorklog', 'findWorklog');
export const canLink = has<LinkCapability>('linkIssues');
export const canWatch = has<WatchCapability>('addWatcher');
export const canReadFields = has<FieldValuesCapability>('readFields');
export const canDiagnose = has<DoctorCapability>('diagnose');
