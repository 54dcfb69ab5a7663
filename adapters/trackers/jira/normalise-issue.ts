// Jira's issue → the tracker-neutral issue, by the seed's field mapping. It reads only the fields that were asked for
// and ignores all others, because Jira adds new ones at any time. An issue is normalised whole or refused: `id`, `key`
// and the status are there or the answer is `tracker_payload_error`; everything else may be absent or null.
import { z } from 'zod';
import type { Issue, IssueRef } from '../../../src/contract/issue.ts';
import { blockersOf, issueLinkWire } from './normalise-links.ts';

/** What is asked of a search and of an issue by id, in the seed's order. */
export const issueFields: readonly string[] = [
  'summary',
  'status',
  'priority',
  'labels',
  'assignee',
  'issuetype',
  'parent',
  'issuelinks',
  'created',
  'updated',
  'description',
];

const named = z.object({ name: z.string().nullish() });
const text = z.string().nullish();

export const statusWire = z.object({ name: z.string().min(1) });

export const priorityWire = z.object({ id: z.union([z.string(), z.number()]).nullish(), name: text });
export type PriorityWire = z.infer<typeof priorityWire>;

export const issueWire = z.object({
  id: z.string().min(1),
  key: z.string().min(1),
  fields: z.object({
    summary: text,
    status: statusWire,
    priority: priorityWire.nullish(),
    labels: z.array(z.string()).nullish(),
    assignee: z.object({ displayName: text }).nullish(),
    issuetype: named.nullish(),
    parent: z.object({ id: text, key: text }).nullish(),
    issuelinks: z.array(issueLinkWire).nullish(),
    created: text,
    updated: text,
    description: z.unknown().optional(),
  }),
});
export type IssueWire = z.infer<typeof issueWire>;

/** What an issue's normal form depends on beside the answer. */
export interface IssueView {
  /** For `url`: the site, without a trailing slash. */
  readonly endpoint: string;
  /** A document → what prompts show, by `tracker.rich_text`. Never throws. */
  readonly bodyText: (document: unknown) => string;
  readonly priorityOf: (priority: PriorityWire | null | undefined) => number | null;
}

/** `comments` is null: they are read apart. */
export function normaliseIssue({ id, key, fields }: IssueWire, view: IssueView): Issue {
  return {
    id,
    identifier: key,
    title: fields.summary ?? '',
    description: view.bodyText(fields.description),
    priority: view.priorityOf(fields.priority),
    state: fields.status.name,
    branchName: '',
    url: `${view.endpoint}/browse/${key}`,
    assignee: fields.assignee?.displayName ?? '',
    issueType: fields.issuetype?.name ?? '',
    labels: (fields.labels ?? []).map((label) => label.toLowerCase()),
    parent: parentOf(fields.parent),
    comments: null,
    blockedBy: blockersOf(fields.issuelinks ?? []),
    createdAt: fields.created ?? '',
    updatedAt: fields.updated ?? '',
  };
}

function parentOf(parent: IssueWire['fields']['parent']): IssueRef | null {
  if (!parent?.id && !parent?.key) return null;
  return { id: parent.id ?? '', identifier: parent.key ?? '' };
}
