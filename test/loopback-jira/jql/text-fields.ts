// JQL fields that are searched in with `~`. `text` is the summary, the description and the comments.
import { textInside } from './text-match.ts';
import type { JqlContext, TextField } from './fields.ts';
import type { IssueRecord } from '../model.ts';

function commentText(issue: IssueRecord, { state }: JqlContext): string {
  return state
    .commentsOf(issue.id)
    .map(({ body }) => textInside(body))
    .join('\n');
}

export const textFields: readonly TextField[] = [
  {
    kind: 'text',
    names: ['summary'],
    text: ({ summary }) => summary,
    compare: (a, b) => a.summary.localeCompare(b.summary),
  },
  { kind: 'text', names: ['description'], text: ({ description }) => textInside(description) },
  { kind: 'text', names: ['comment'], text: commentText },
  {
    kind: 'text',
    names: ['text'],
    text: (issue, context) =>
      [issue.summary, textInside(issue.description), commentText(issue, context)].join('\n'),
  },
];
