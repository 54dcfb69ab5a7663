// The issues that a creation would make, each whole: what one of many does not say is taken from what is said for all,
// and only the first `issueCount` count.

import type { NewIssueDetails, WriteAction, WriteDetails } from '../../contract/tool-operations.ts';

export type WholeIssue = WriteDetails['create_issue'];

type Creation = Extract<WriteAction, { readonly operation: 'create_issue' | 'create_issues' }>;

export function newIssuesOf(action: Creation): readonly WholeIssue[] {
  if (action.operation === 'create_issue') return [action.details];
  const { issueCount, issues, ...common } = action.details;
  return issues.slice(0, issueCount).map((issue) => ({ ...common, ...given(issue) }));
}

function given(issue: NewIssueDetails): NewIssueDetails & { readonly issueType: string } {
  const entries = Object.entries(issue).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as NewIssueDetails & { readonly issueType: string };
}
