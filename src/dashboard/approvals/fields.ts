// The fields of each writing operation: what they are called, how they are edited, and which cannot be missing. Pure. A
// field that came with a newer daemon is shown under its own name and edited by what it holds.

import { words } from '../phrases.ts';
import type { WireJson, WireJsonMap } from '../wire-tools.ts';
import { isTextList, ownValue } from './json-values.ts';

/** One line, several lines of Markdown, several short texts, or anything else. */
export type FieldKind = 'line' | 'text' | 'list' | 'json';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
}

const labels: Readonly<Record<string, string>> = {
  issueKey: 'Issue',
  targetIssueKey: 'Linked issue',
  projectKey: 'Project',
  parentKey: 'Parent',
  issueType: 'Type',
  linkType: 'Link',
  timeSpent: 'Time spent',
  customFields: 'Custom fields',
  to: 'To state',
  body: 'Comment',
  watcher: 'Watcher',
};

const kinds: Readonly<Record<string, FieldKind>> = {
  description: 'text',
  body: 'text',
  comment: 'text',
  labels: 'list',
  components: 'list',
  customFields: 'json',
};

interface Names {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const shared = ['priority', 'assignee', 'labels', 'components', 'customFields'];

const operations: Readonly<Record<string, Names>> = {
  create_issue: {
    required: ['projectKey', 'issueType', 'summary'],
    optional: ['description', ...shared, 'parentKey'],
  },
  create_issues: { required: ['projectKey', 'issueType'], optional: [...shared, 'parentKey'] },
  update_issue: { required: ['issueKey'], optional: ['summary', 'description', ...shared] },
  transition_issue: { required: ['issueKey', 'to'], optional: ['comment'] },
  add_comment: { required: ['issueKey', 'body'], optional: [] },
  add_worklog: { required: ['issueKey', 'timeSpent'], optional: ['comment'] },
  link_issues: { required: ['issueKey', 'linkType', 'targetIssueKey'], optional: [] },
  add_labels: { required: ['issueKey', 'labels'], optional: [] },
  remove_labels: { required: ['issueKey', 'labels'], optional: [] },
  assign_issue: { required: ['issueKey', 'assignee'], optional: [] },
  add_watcher: { required: ['issueKey', 'watcher'], optional: [] },
};

/** One ticket of a creation of many. */
const ofTicket: Names = {
  required: ['summary'],
  optional: ['description', 'issueType', ...shared, 'parentKey'],
};

/** The fields that an operation knows, and those beside them that `details` holds. */
export function fieldsOf(action: string, details: WireJsonMap): readonly Field[] {
  return fieldsBy(operations[action] ?? { required: [], optional: [] }, details);
}

export function ticketFields(ticket: WireJsonMap): readonly Field[] {
  return fieldsBy(ofTicket, ticket);
}

/** Edited as a list of tickets instead. */
const TICKET_FIELDS = new Set(['issues', 'issueCount']);

function fieldsBy({ required, optional }: Names, details: WireJsonMap): readonly Field[] {
  const known = [...required, ...optional];
  const others = Object.keys(details).filter((name) => !known.includes(name) && !TICKET_FIELDS.has(name));
  return [...known, ...others].map((name) => ({
    name,
    label: Object.hasOwn(labels, name) ? (labels[name] ?? name) : plain(name),
    kind: kindOf(name, ownValue(details, name)),
    required: required.includes(name),
  }));
}

/** `dueDate` → `Due date`. */
function plain(name: string): string {
  return words(name.replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`));
}

function kindOf(name: string, value: WireJson | undefined): FieldKind {
  const kind = Object.hasOwn(kinds, name) ? (kinds[name] ?? 'line') : null;
  if (value === undefined || value === null) return kind ?? 'line';
  if (typeof value === 'string') return kind === 'text' || value.includes('\n') ? 'text' : 'line';
  return isTextList(value) && kind !== 'json' ? 'list' : 'json';
}

const actions: Readonly<Record<string, string>> = {
  create_issue: 'New issue',
  create_issues: 'New issues',
  update_issue: 'Change',
  transition_issue: 'Move',
  add_comment: 'Comment',
  add_worklog: 'Worklog',
  link_issues: 'Link',
  add_labels: 'Add labels',
  remove_labels: 'Remove labels',
  assign_issue: 'Assign',
  add_watcher: 'Watcher',
  living_comment: 'Progress comment',
};

/** An operation in a word or two. */
export function actionLabel(action: string): string {
  return Object.hasOwn(actions, action) ? (actions[action] ?? action) : words(action);
}
