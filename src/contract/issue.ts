// The tracker-neutral issue. Every tracker adapter normalises to it; nothing past the adapter knows
// what the tracker's own records look like. Field names are snake_case outside the process (templates,
// JSON, the file tracker) and camelCase here.

/** One comment on an issue, oldest first wherever comments are listed. */
export interface Comment {
  readonly id: string;
  /** Display name; "" when the tracker gives none. */
  readonly author: string;
  /** Plain text. */
  readonly body: string;
  /** ISO-8601 as the tracker gave it; "" when absent. */
  readonly createdAt: string;
}

/** Another issue that must be finished first. A state of "" is unknown and counts as blocking. */
export interface Blocker {
  readonly id: string;
  readonly identifier: string;
  readonly state: string;
}

export interface IssueRef {
  readonly id: string;
  readonly identifier: string;
}

export interface Issue {
  /** Tracker-internal and stable: the key of every map. */
  readonly id: string;
  /** The key people use, e.g. `PROJ-123`; used for paths and logs. */
  readonly identifier: string;
  readonly title: string;
  /** "" when absent. */
  readonly description: string;
  /** Lower is more urgent; null sorts last. Always an integer. */
  readonly priority: number | null;
  /** The tracker's own casing; compared case-insensitively. */
  readonly state: string;
  readonly branchName: string;
  readonly url: string;
  readonly assignee: string;
  readonly issueType: string;
  /** Lower-cased; [] when none. */
  readonly labels: readonly string[];
  readonly parent: IssueRef | null;
  /** null = not fetched, [] = none exist. */
  readonly comments: readonly Comment[] | null;
  readonly blockedBy: readonly Blocker[];
  /** ISO-8601 as the tracker gave it; "" when absent. */
  readonly createdAt: string;
  readonly updatedAt: string;
}
