// Issues made, changed and assigned. A new one is known again by its key alone: without keys none is made, because one
// that stands there twice is worse than none. Changed fields are known by their values, where those can be read.

import type { Issue } from '../../../contract/issue.ts';
import {
  canAssign,
  canKeyIssues,
  canReadFields,
  canUpdateIssues,
  type IssueChanges,
} from '../../../contract/tracker-capabilities.ts';
import { ABSENT, foundOn, HARMLESS, lost, resultOn, type Looked, type Operation } from './operation.ts';

export const createIssue: Operation<'create_issue'> = {
  surfacing: 'indexed',
  lacks: (tracker) =>
    canKeyIssues(tracker) ? null : 'know an issue again that it has made, so none is made',

  async send({ issue }, { tracker, key, signal }) {
    if (!canKeyIssues(tracker)) return lost('createKeyedIssue');
    return resultOn(await tracker.createKeyedIssue(issue, key, signal));
  },

  async look({ issue }, { tracker, key, recordedAtMs, signal }) {
    if (!canKeyIssues(tracker)) {
      return { kind: 'unknowable', why: 'this tracker adapter cannot find the issue again' };
    }
    const made = await tracker.findKeyedIssue(issue, key, recordedAtMs, signal);
    return made === null ? ABSENT : foundOn(made);
  },
};

export const updateIssue: Operation<'update_issue'> = {
  surfacing: 'harmless',
  lacks: (tracker) => (canUpdateIssues(tracker) ? null : 'change issues'),

  async send({ issue, changes }, { tracker, signal }) {
    if (!canUpdateIssues(tracker)) return lost('updateIssue');
    await tracker.updateIssue(issue.id, changes, signal);
    return resultOn(issue);
  },

  async look({ issue, changes }, { tracker, signal }) {
    if (canReadFields(tracker)) {
      const present = await tracker.readFields(issue.id, changes, signal);
      const wanted = flat(changes);
      return wanted.every(([name, value]) => same(present[name], value)) ? foundOn(issue) : ABSENT;
    }
    const seen = await tracker.fetchIssueById(issue.id, signal);
    return compared(seen, changes) ? foundOn(issue) : HARMLESS;
  },
};

export const assignIssue: Operation<'assign_issue'> = {
  surfacing: 'harmless',
  lacks: (tracker) => (canAssign(tracker) ? null : 'assign issues'),

  async send({ issue, accountId }, { tracker, signal }) {
    if (!canAssign(tracker)) return lost('assignIssue');
    await tracker.assignIssue(issue.id, accountId, signal);
    return resultOn(issue);
  },

  async look({ issue, accountId }, { tracker, signal }): Promise<Looked> {
    if (canReadFields(tracker)) {
      const present = await tracker.readFields(issue.id, { accountId: accountId ?? '' }, signal);
      return same(present['accountId'], accountId) ? foundOn(issue) : ABSENT;
    }
    const { assignee } = await tracker.fetchIssueById(issue.id, signal);
    return accountId === null && assignee === '' ? foundOn(issue) : HARMLESS;
  },
};

/** What is given, under the names of `readFields`. */
function flat({ fields, ...named }: IssueChanges): readonly (readonly [string, unknown])[] {
  const byId = Object.entries(fields ?? {}).map(([id, value]) => [`fields.${id}`, value] as const);
  return [...Object.entries(named), ...byId].filter(([, value]) => value !== undefined);
}

/** Whether everything that is given can be compared with what an Issue holds, and is the same. */
function compared(seen: Issue, changes: IssueChanges): boolean {
  const { title = seen.title, description = seen.description, labels = seen.labels, ...others } = changes;
  const comparable = Object.values(others).every((value) => value === undefined);
  const lowered = labels.map((label) => label.toLowerCase());
  return (
    comparable && same(seen.title, title) && same(seen.description, description) && same(seen.labels, lowered)
  );
}

/** Empty is empty, however it is written; the order of a list and the space around a text do not count. */
function same(present: unknown, wanted: unknown): boolean {
  return plain(present) === plain(wanted);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '""';
  if (Array.isArray(value)) return value.length === 0 ? '""' : JSON.stringify(value.map(plain).sort());
  if (typeof value === 'string') return JSON.stringify(value.trim().replace(/\s+/g, ' '));
  return JSON.stringify(JSON.stringify(value));
}
