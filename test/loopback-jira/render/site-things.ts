// Statuses, priorities, issue types and link types as answers show them.
import type { IssueTypeRecord, LinkTypeRecord, PriorityRecord, StatusRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { api } from './links.ts';

const categories = {
  new: { id: 2, name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, name: 'Done', colorName: 'green' },
} as const;

export function statusDetails(site: Site, status: StatusRecord): Record<string, unknown> {
  const { id, name, colorName } = categories[status.category];
  return {
    self: api(site, `/status/${status.id}`),
    id: status.id,
    name: status.name,
    description: '',
    iconUrl: `${site.url}/images/icons/statuses/generic.png`,
    statusCategory: { self: api(site, `/statuscategory/${id}`), id, key: status.category, colorName, name },
    ...(status.projectId === null ? {} : { scope: { type: 'PROJECT', project: { id: status.projectId } } }),
  };
}

export function priorityDetails(site: Site, priority: PriorityRecord): Record<string, unknown> {
  return {
    self: api(site, `/priority/${priority.id}`),
    id: priority.id,
    name: priority.name,
    iconUrl: `${site.url}/images/icons/priorities/medium.svg`,
  };
}

export function issueTypeDetails(site: Site, type: IssueTypeRecord): Record<string, unknown> {
  return {
    self: api(site, `/issuetype/${type.id}`),
    id: type.id,
    name: type.name,
    description: '',
    iconUrl: `${site.url}/images/icons/issuetypes/task.svg`,
    hierarchyLevel: type.hierarchyLevel,
    subtask: type.subtask,
  };
}

export function linkTypeDetails(site: Site, type: LinkTypeRecord): Record<string, unknown> {
  return { self: api(site, `/issueLinkType/${type.id}`), ...type };
}
