// A small tracker in memory with everything that agents may write: projects, people, transitions, keys. It remembers
// each request and each write, can be switched off, and can be edited by hand as a person would.

import type { Issue } from '../../src/contract/issue.ts';
import type { IssueChanges, NewIssue, TrackerSchema } from '../../src/contract/tracker-capabilities.ts';
import { TrackerError, type TrackerAdapter } from '../../src/contract/tracker.ts';
import type { TrackerTool } from '../../src/contract/agent-tools.ts';
import { anIssue } from './an-issue.ts';

export interface Site {
  readonly tracker: TrackerAdapter;
  readonly requests: string[];
  readonly writes: string[];
  readonly issues: Map<string, Issue>;
  edit(id: string, change: Partial<Issue>): void;
  /** Every request fails before anything is applied. */
  down: boolean;
}

const people = [
  { accountId: 'a-1', displayName: 'Sarah Lee', email: 'sarah@example.com' },
  { accountId: 'a-2', displayName: 'Alex', email: 'alex.b@example.com' },
  { accountId: 'a-3', displayName: 'Alex', email: 'alex.c@example.com' },
];

const transitions = [
  { name: 'Start', toState: 'In Progress' },
  { name: 'Hand over', toState: 'In Review' },
  { name: 'Close', toState: 'Done' },
];

const schema: TrackerSchema = {
  projects: [{ key: 'ENG', name: 'Engineering' }],
  issueTypes: [
    { id: '1', name: 'Bug', subtask: false },
    { id: '2', name: 'Task', subtask: false },
  ],
  statuses: [],
  priorities: ['Highest', 'High', 'Medium', 'Low'].map((name, id) => ({ id: String(id), name })),
  fields: [
    { id: 'customfield_1', name: 'Story Points', type: 'number' },
    { id: 'customfield_2', name: 'Team', type: 'string' },
    { id: 'customfield_3', name: 'Team', type: 'string' },
    { id: 'priority', name: 'Priority', type: 'priority' },
  ],
};

export function createSite(tools: readonly TrackerTool[] = []): Site {
  const issues = new Map<string, Issue>();
  for (const [id, identifier] of [
    ['1', 'ENG-1'],
    ['2', 'ENG-2'],
    ['9', 'OPS-1'],
  ] as const)
    issues.set(id, anIssue({ id, identifier }));
  const requests: string[] = [];
  const writes: string[] = [];
  const made = new Map<string, { readonly id: string; readonly identifier: string }>();
  let count = 100;

  async function ask(what: string, signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    signal.throwIfAborted();
    requests.push(what);
    if (site.down)
      throw new TrackerError({
        kind: 'tracker_transport_error',
        method: 'GET',
        path: what,
        detail: 'down',
        applied: 'no',
      });
  }
  function at(id: string): Issue {
    const issue = issues.get(id);
    if (issue !== undefined) return issue;
    throw new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: id, detail: 'no such issue' });
  }
  async function write(what: string, id: string, change: Partial<Issue>, signal: AbortSignal): Promise<void> {
    await ask(what, signal);
    site.edit(at(id).id, change);
    writes.push(what);
  }

  const tracker = {
    tools: () => tools,
    async fetchIssueById(id: string, signal: AbortSignal) {
      await ask(`get ${id}`, signal);
      return at(id);
    },
    async fetchIssueByIdentifier(identifier: string, signal: AbortSignal) {
      await ask(`find ${identifier}`, signal);
      return at([...issues.values()].find((one) => one.identifier === identifier)?.id ?? identifier);
    },
    async fetchIssueComments(id: string, signal: AbortSignal) {
      await ask(`comments ${id}`, signal);
      return at(id).comments ?? [];
    },
    async searchIssues(query: string, options: object, signal: AbortSignal) {
      await ask(`search ${query} ${JSON.stringify(options)}`, signal);
      return { issues: [...issues.values()].slice(0, 1), nextCursor: null };
    },
    async findUsers(query: string, signal: AbortSignal) {
      await ask(`users ${query}`, signal);
      return people.filter((one) => [one.accountId, one.displayName, one.email].includes(query));
    },
    async listTransitions(id: string, signal: AbortSignal) {
      await ask(`transitions ${id}`, signal);
      return transitions;
    },
    async discoverSchema(signal: AbortSignal) {
      await ask('schema', signal);
      return schema;
    },
    async readFields(id: string, changes: IssueChanges, signal: AbortSignal) {
      await ask(`fields ${id}`, signal);
      const { title, priority, labels } = at(id);
      const present: Record<string, string | readonly string[] | null> = {
        title,
        priority: priority === null ? null : (schema.priorities[priority]?.name ?? null),
        labels,
      };
      return Object.fromEntries(Object.keys(changes).map((name) => [name, present[name] ?? null]));
    },
    async transitionIssue(
      id: string,
      state: string,
      { from }: { from?: readonly string[] },
      signal: AbortSignal,
    ) {
      await ask(`move ${id}`, signal);
      if (from !== undefined && !from.includes(at(id).state))
        throw new TrackerError({
          kind: 'tracker_payload_error',
          method: 'POST',
          path: id,
          detail: 'moved meanwhile',
        });
      site.edit(id, { state });
      writes.push(`move ${at(id).identifier} ${state}`);
    },
    async updateIssue(id: string, changes: IssueChanges, signal: AbortSignal) {
      const priority = schema.priorities.findIndex(({ name }) => name === changes.priority);
      const change: Partial<Issue> = {
        ...(changes.title !== undefined && { title: changes.title }),
        ...(changes.priority !== undefined && { priority }),
      };
      await write(`update ${id} ${JSON.stringify(changes)}`, id, change, signal);
    },
    assignIssue: (id: string, accountId: string | null, signal: AbortSignal) =>
      write(`assign ${id} ${accountId}`, id, { assignee: accountId ?? '' }, signal),
    addLabels: (id: string, labels: readonly string[], signal: AbortSignal) =>
      write(`label ${id} ${labels.join()}`, id, { labels: [...at(id).labels, ...labels] }, signal),
    removeLabels: (id: string, labels: readonly string[], signal: AbortSignal) =>
      write(`unlabel ${id} ${labels.join()}`, id, {}, signal),
    addComment: () => Promise.reject(new Error('comments have keys here')),
    async addKeyedComment(id: string, body: string, key: string, signal: AbortSignal) {
      await write(`comment ${at(id).identifier} ${body}`, id, {}, signal);
      return key;
    },
    findKeyedComment: () => Promise.resolve(null),
    async createKeyedIssue(issue: NewIssue, key: string, signal: AbortSignal) {
      await ask(`create ${issue.title}`, signal);
      count += 1;
      const ref = { id: String(count), identifier: `${issue.project}-${count}` };
      issues.set(ref.id, anIssue({ ...ref, title: issue.title }));
      made.set(key, ref);
      writes.push(`create ${issue.project} ${issue.issueType} ${issue.title} ${issue.priority ?? '-'}`);
      return ref;
    },
    findKeyedIssue: (_issue: NewIssue, key: string) => Promise.resolve(made.get(key) ?? null),
    async linkIssues(
      link: { issue: { id: string }; target: { id: string }; type: string },
      signal: AbortSignal,
    ) {
      await write(`link ${link.issue.id} ${link.type} ${link.target.id}`, link.issue.id, {}, signal);
      return { wasThere: false };
    },
    addWatcher: (id: string, accountId: string, signal: AbortSignal) =>
      write(`watch ${id} ${accountId}`, id, {}, signal),
  };
  const site: Site = {
    tracker: tracker as unknown as TrackerAdapter,
    requests,
    writes,
    issues,
    down: false,
    edit(id, change) {
      issues.set(id, { ...at(id), ...change });
    },
  };
  return site;
}
