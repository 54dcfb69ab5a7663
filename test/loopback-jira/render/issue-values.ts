// The value of each field of an issue, by field id. A field that an issue does not have (a parent) gives
// undefined and is left out; an empty one is null, as in Jira.
import { may, sees, type Caller } from '../accounts.ts';
import { jiraDate } from '../jira-date.ts';
import type { IssueRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { api } from './links.ts';
import { commentDetails, worklogDetails } from './issue-notes.ts';
import { personById } from './people.ts';
import { issueTypeDetails, linkTypeDetails, priorityDetails, statusDetails } from './site-things.ts';

type Render = (issue: IssueRecord, site: Site, caller: Caller) => unknown;

export const issueValues: Readonly<Record<string, Render>> = {
  summary: ({ summary }) => summary,
  description: ({ description }) => description,
  status: ({ statusId }, site) => statusDetails(site, site.state.need(site.state.statuses, statusId)),
  priority: ({ priorityId }, site) => priorityOf(site, priorityId) ?? null,
  labels: ({ labels }) => labels,
  assignee: ({ assigneeId }, site, caller) => personById(site, caller, assigneeId),
  reporter: ({ reporterId }, site, caller) => personById(site, caller, reporterId),
  creator: ({ creatorId }, site, caller) => personById(site, caller, creatorId),
  issuetype: ({ issueTypeId }, site) =>
    issueTypeDetails(site, site.state.need(site.state.issueTypes, issueTypeId)),
  project: ({ projectId }, site) => {
    const { id, key, name, style } = site.state.need(site.state.projects, projectId);
    const self = api(site, `/project/${id}`);
    return { self, id, key, name, projectTypeKey: 'software', simplified: style === 'next-gen' };
  },
  parent: ({ parentId }, site) => {
    const parent = parentId === null ? undefined : site.state.issues.get(parentId);
    return parent && linkedIssue(parent, site);
  },
  subtasks: ({ id }, site) =>
    [...site.state.issues.values()]
      .filter(
        ({ parentId, issueTypeId }) => parentId === id && site.state.issueTypes.get(issueTypeId)?.subtask,
      )
      .map((child) => linkedIssue(child, site)),
  issuelinks: ({ id }, site, caller) =>
    site.state.linksOf(id).flatMap(({ id: linkId, typeId, inwardId, outwardId }) => {
      const other = site.state.issue(inwardId === id ? outwardId : inwardId);
      if (!sees(caller, other, site.state.projects)) return [];
      const side = inwardId === id ? 'outwardIssue' : 'inwardIssue';
      const type = linkTypeDetails(site, site.state.need(site.state.linkTypes, typeId));
      return [
        { id: linkId, self: api(site, `/issueLink/${linkId}`), type, [side]: linkedIssue(other, site) },
      ];
    }),
  components: ({ components }, site) =>
    components.map((name, index) => ({
      id: String(20_000 + index),
      name,
      self: api(site, `/component/${20_000 + index}`),
    })),
  resolution: ({ resolution }, site) => {
    if (resolution === null) return null;
    const id = String(site.state.resolutions.indexOf(resolution) + 1);
    return { self: api(site, `/resolution/${id}`), id, name: resolution, description: '' };
  },
  created: ({ createdMs }) => jiraDate(createdMs),
  updated: ({ updatedMs }) => jiraDate(updatedMs),
  duedate: ({ dueDate }) => dueDate,
  comment: ({ id }, site, caller) => {
    const comments = site.state.commentsOf(id).map((comment) => commentDetails(site, caller, comment));
    const total = comments.length;
    return { comments, self: api(site, `/issue/${id}/comment`), maxResults: total, total, startAt: 0 };
  },
  worklog: ({ id }, site, caller) => {
    const worklogs = (site.state.worklogs.get(id) ?? []).map((log) => worklogDetails(site, caller, log));
    return { startAt: 0, maxResults: 20, total: worklogs.length, worklogs: worklogs.slice(0, 20) };
  },
  watches: ({ id, key }, site, caller) => {
    const watchers = site.state.watchers.get(id) ?? new Set();
    return {
      self: api(site, `/issue/${key}/watchers`),
      watchCount: watchers.size,
      isWatching: may(caller, 'watch') && watchers.has(caller.account?.accountId ?? ''),
    };
  },
};

export function linkedIssue(issue: IssueRecord, site: Site): Record<string, unknown> {
  const { id, key, summary } = issue;
  const bare = { id, key, self: api(site, `/issue/${id}`) };
  if (!site.settings.linkedFields) return bare;
  const priority = priorityOf(site, issue.priorityId);
  const { status, issuetype } = issueValues;
  const fields = {
    summary,
    status: status?.(issue, site, { account: null, loginReason: null }),
    ...(priority ? { priority } : {}),
    issuetype: issuetype?.(issue, site, { account: null, loginReason: null }),
  };
  return { ...bare, fields };
}

function priorityOf(site: Site, id: string | null): Record<string, unknown> | null {
  const priority = site.state.priorities.find((candidate) => candidate.id === id);
  return priority ? priorityDetails(site, priority) : null;
}
