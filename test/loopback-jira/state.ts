// Everything that the loopback site holds, and the only place where an issue is replaced or removed.
// It knows nothing of HTTP, of callers or of the search index: it tells its listeners of each change.
// Always true: a key, old or new, leads to at most one issue, and an issue's current key leads to it.
import type {
  CommentRecord,
  FieldRecord,
  IssueRecord,
  IssueTypeRecord,
  LinkRecord,
  LinkTypeRecord,
  PriorityRecord,
  ProjectRecord,
  StatusRecord,
  UserRecord,
  WorkflowRecord,
  WorklogRecord,
} from './model.ts';

/** Told of the issue's new record, or of null when it was deleted. */
export type IssueListener = (id: string, record: IssueRecord | null) => void;

export class JiraState {
  readonly users = new Map<string, UserRecord>();
  readonly statuses = new Map<string, StatusRecord>();
  /** In order of rank, most urgent first. */
  readonly priorities: PriorityRecord[] = [];
  readonly issueTypes = new Map<string, IssueTypeRecord>();
  readonly workflows = new Map<string, WorkflowRecord>();
  readonly projects = new Map<string, ProjectRecord>();
  readonly linkTypes = new Map<string, LinkTypeRecord>();
  readonly links = new Map<string, LinkRecord>();
  readonly fields = new Map<string, FieldRecord>();
  readonly resolutions: string[] = [];
  readonly issues = new Map<string, IssueRecord>();
  /** By issue id, oldest first. */
  readonly comments = new Map<string, readonly CommentRecord[]>();
  readonly worklogs = new Map<string, readonly WorklogRecord[]>();
  readonly watchers = new Map<string, ReadonlySet<string>>();
  /** The clock of the site. */
  now: () => number = Date.now;

  readonly #idByKey = new Map<string, string>();
  readonly #linksOf = new Map<string, LinkRecord[]>();
  readonly #listeners: IssueListener[] = [];
  readonly #lastNumber = new Map<string, number>();
  #lastId = 10_000;

  /** A number that no other thing of this site has. */
  nextId(): string {
    return String(++this.#lastId);
  }

  nextKey(project: ProjectRecord): string {
    const next = (this.#lastNumber.get(project.id) ?? 0) + 1;
    this.#lastNumber.set(project.id, next);
    return `${project.key}-${next}`;
  }

  onIssueChange(listener: IssueListener): void {
    this.#listeners.push(listener);
  }

  /** Stores a new issue or the next version of one. */
  putIssue(record: IssueRecord): void {
    this.issues.set(record.id, record);
    this.#idByKey.set(record.key.toUpperCase(), record.id);
    for (const listener of this.#listeners) listener(record.id, record);
  }

  /** Replaces some fields; `updatedMs` is now unless it is among them. */
  editIssue(id: string, changes: Partial<IssueRecord>): IssueRecord {
    const record = { ...this.issue(id), updatedMs: this.now(), ...changes };
    this.putIssue(record);
    return record;
  }

  removeIssue(id: string): void {
    for (const link of this.linksOf(id)) this.removeLink(link.id);
    this.issues.delete(id);
    this.comments.delete(id);
    this.worklogs.delete(id);
    this.watchers.delete(id);
    for (const [key, target] of this.#idByKey) if (target === id) this.#idByKey.delete(key);
    for (const listener of this.#listeners) listener(id, null);
  }

  /** The issue with that id; a test that names one that is not there is mistaken. */
  issue(id: string): IssueRecord {
    const record = this.issues.get(id);
    if (!record) throw new Error(`loopback Jira: no issue has the id ${id}: name one of state.issues`);
    return record;
  }

  /** By id, by key in any casing, or by a key that it had before it was moved. */
  findIssue(idOrKey: string): IssueRecord | null {
    return this.issues.get(idOrKey) ?? this.findByKey(idOrKey);
  }

  findByKey(key: string): IssueRecord | null {
    return this.issues.get(this.#idByKey.get(key.toUpperCase()) ?? '') ?? null;
  }

  findProject(idOrKey: string): ProjectRecord | null {
    const wanted = idOrKey.toUpperCase();
    const byId = this.projects.get(idOrKey);
    return byId ?? [...this.projects.values()].find(({ key }) => key.toUpperCase() === wanted) ?? null;
  }

  /** The rank of a priority, 0 the most urgent; unknown and none rank below all. */
  priorityRank(id: string | null): number {
    const rank = this.priorities.findIndex((priority) => priority.id === id);
    return rank < 0 ? this.priorities.length : rank;
  }

  workflowOf(issue: IssueRecord): WorkflowRecord {
    return this.need(this.workflows, this.need(this.projects, issue.projectId).workflowId);
  }

  linksOf(issueId: string): readonly LinkRecord[] {
    return [...(this.#linksOf.get(issueId) ?? [])];
  }

  addLink(link: LinkRecord): void {
    this.links.set(link.id, link);
    for (const id of new Set([link.inwardId, link.outwardId])) {
      this.#linksOf.set(id, [...(this.#linksOf.get(id) ?? []), link]);
    }
  }

  removeLink(linkId: string): void {
    const link = this.links.get(linkId);
    if (!link) return;
    this.links.delete(linkId);
    for (const id of [link.inwardId, link.outwardId]) {
      const left = (this.#linksOf.get(id) ?? []).filter((other) => other.id !== linkId);
      this.#linksOf.set(id, left);
    }
  }

  commentsOf(issueId: string): readonly CommentRecord[] {
    return this.comments.get(issueId) ?? [];
  }

  findComment(id: string): CommentRecord | null {
    for (const comments of this.comments.values()) {
      const found = comments.find((comment) => comment.id === id);
      if (found) return found;
    }
    return null;
  }

  need<K, V>(map: ReadonlyMap<K, V>, key: K): V {
    const value = map.get(key);
    if (value === undefined) throw new Error(`loopback Jira: nothing is stored under ${String(key)}`);
    return value;
  }
}
