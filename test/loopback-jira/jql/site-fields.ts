// JQL fields whose values are things of the site: project, status, priority, type, people.
// Names are compared without casing; several things may share a name, and then all of them match.
import type { IssueRecord } from '../model.ts';
import type { JqlContext, SetField } from './fields.ts';

interface NamedThing {
  readonly id: string;
  readonly name: string;
}

const categoryNames = { new: 'to do', indeterminate: 'in progress', done: 'done' } as const;

/** Ids of the things with that name, or with that id; null when there are none. */
function byNameOrId(things: Iterable<NamedThing>, text: string): string[] | null {
  const wanted = text.toLowerCase();
  const all = [...things];
  const named = all.filter(({ name }) => name.toLowerCase() === wanted);
  const found = named.length > 0 ? named : all.filter(({ id }) => id === text);
  return found.length > 0 ? found.map(({ id }) => id) : null;
}

function byPosition(ids: Iterable<string>, id: string): number {
  return [...ids].indexOf(id);
}

/** Urgency: larger is more urgent, so that ascending order is lowest first, as in Jira. */
function urgency({ state }: JqlContext, priorityId: string | null): number {
  return -state.priorityRank(priorityId);
}

function person(names: readonly string[], of: (issue: IssueRecord) => string | null): SetField {
  const shown = (issue: IssueRecord, { state }: JqlContext): string =>
    state.users.get(of(issue) ?? '')?.displayName ?? '\uffff';
  return {
    kind: 'set',
    names,
    values: (issue) => {
      const id = of(issue);
      return id === null ? [] : [id];
    },
    resolve: ({ text }, { state }) => {
      const wanted = text.toLowerCase();
      const found = [...state.users.values()].filter(
        ({ accountId, displayName, email }) =>
          accountId === text || displayName.toLowerCase() === wanted || email.toLowerCase() === wanted,
      );
      return found.length > 0 ? found.map(({ accountId }) => accountId) : null;
    },
    compare: (a, b, context) => shown(a, context).localeCompare(shown(b, context)),
  };
}

export const siteFields: readonly SetField[] = [
  {
    kind: 'set',
    names: ['project'],
    values: ({ projectId }) => [projectId],
    resolve: ({ text }, { state }) => {
      const project = state.findProject(text);
      return project ? [project.id] : byNameOrId(state.projects.values(), text);
    },
    compare: (a, b, { state }) => {
      const nameOf = (issue: IssueRecord): string => state.need(state.projects, issue.projectId).name;
      return nameOf(a).localeCompare(nameOf(b));
    },
  },
  {
    kind: 'set',
    names: ['status'],
    values: ({ statusId }) => [statusId],
    resolve: ({ text }, { state }) => byNameOrId(state.statuses.values(), text),
    compare: (a, b, { state }) =>
      byPosition(state.statuses.keys(), a.statusId) - byPosition(state.statuses.keys(), b.statusId),
  },
  {
    kind: 'set',
    names: ['statuscategory'],
    values: ({ statusId }, { state }) => [state.need(state.statuses, statusId).category],
    resolve: ({ text }) => {
      const wanted = text.toLowerCase();
      const found = Object.entries(categoryNames).find(([key, name]) => key === wanted || name === wanted);
      return found ? [found[0]] : null;
    },
  },
  {
    kind: 'set',
    names: ['priority'],
    values: ({ priorityId }) => (priorityId === null ? [] : [priorityId]),
    resolve: ({ text }, { state }) => byNameOrId(state.priorities, text),
    rank: (id, context) => urgency(context, id),
    compare: (a, b, context) => urgency(context, a.priorityId) - urgency(context, b.priorityId),
    defaultDirection: 'desc',
  },
  {
    kind: 'set',
    names: ['issuetype', 'type'],
    values: ({ issueTypeId }) => [issueTypeId],
    resolve: ({ text }, { state }) => byNameOrId(state.issueTypes.values(), text),
    compare: (a, b, { state }) =>
      byPosition(state.issueTypes.keys(), a.issueTypeId) - byPosition(state.issueTypes.keys(), b.issueTypeId),
  },
  person(['assignee'], ({ assigneeId }) => assigneeId),
  person(['reporter'], ({ reporterId }) => reporterId),
  person(['creator'], ({ creatorId }) => creatorId),
];
