// The fields of a new site, and two custom ones, as GET /field lists them.
import type { FieldRecord } from './model.ts';

type Row = readonly [id: string, name: string, type: string, items?: string];

const rows: readonly Row[] = [
  ['summary', 'Summary', 'string'],
  ['description', 'Description', 'string'],
  ['status', 'Status', 'status'],
  ['priority', 'Priority', 'priority'],
  ['labels', 'Labels', 'array', 'string'],
  ['assignee', 'Assignee', 'user'],
  ['reporter', 'Reporter', 'user'],
  ['creator', 'Creator', 'user'],
  ['issuetype', 'Issue Type', 'issuetype'],
  ['project', 'Project', 'project'],
  ['parent', 'Parent', 'issuelink'],
  ['subtasks', 'Sub-tasks', 'array', 'issuelinks'],
  ['issuelinks', 'Linked Issues', 'array', 'issuelinks'],
  ['components', 'Components', 'array', 'component'],
  ['resolution', 'Resolution', 'resolution'],
  ['created', 'Created', 'datetime'],
  ['updated', 'Updated', 'datetime'],
  ['duedate', 'Due date', 'date'],
  ['comment', 'Comment', 'comments-page'],
  ['worklog', 'Log Work', 'array', 'worklog'],
  ['watches', 'Watchers', 'watches'],
];

const notNavigable = new Set(['comment', 'worklog']);
const notSearchable = new Set(['subtasks', 'issuelinks', 'worklog', 'watches']);

const system = rows.map(([id, name, type, items]): FieldRecord => ({
  id,
  name,
  custom: false,
  navigable: !notNavigable.has(id),
  searchable: !notSearchable.has(id),
  orderable: true,
  clauseNames: notSearchable.has(id) ? [] : [id],
  schema: { type, ...(items === undefined ? {} : { items }), system: id },
}));

function custom(customId: number, name: string, type: string, kind: string): FieldRecord {
  return {
    id: `customfield_${customId}`,
    name,
    custom: true,
    navigable: true,
    searchable: true,
    orderable: true,
    clauseNames: [`cf[${customId}]`, name],
    schema: { type, custom: `com.atlassian.jira.plugin.system.customfieldtypes:${kind}`, customId },
  };
}

export const standardFields: readonly FieldRecord[] = [
  ...system,
  custom(10_016, 'Story Points', 'number', 'float'),
  custom(10_020, 'Environment name', 'string', 'textfield'),
];
