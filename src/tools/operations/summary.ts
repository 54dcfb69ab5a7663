// One sentence that says to a person what a write would do. Texts of an agent are cut and put into quotes, on one line.

import type { WriteAction } from '../../contract/tool-operations.ts';
import { oneLine } from '../one-line.ts';

const TEXT_LIMIT = 120;

/** @param target the identifier of the issue that would change. @param state where it is now; "" = not known. */
export function summarize(action: WriteAction, target: string, state: string): string {
  switch (action.operation) {
    case 'create_issue':
      return `Create ${one(action.details.issueType)} in ${one(action.details.projectKey)}: ${quoted(action.details.summary)}`;
    case 'create_issues': {
      const { issueCount, issueType, projectKey } = action.details;
      return `Create ${issueCount} × ${one(issueType)} in ${one(projectKey)}`;
    }
    case 'update_issue':
      return `Change ${touched(action.details)} of ${target}`;
    case 'transition_issue': {
      const { to, comment } = action.details;
      const move = `Move ${target}${state === '' ? '' : ` from ${one(state)}`} to ${one(to)}`;
      return comment === undefined ? move : `${move}, and comment: ${quoted(comment)}`;
    }
    case 'add_comment':
      return `Comment on ${target}: ${quoted(action.details.body)}`;
    case 'add_worklog':
      return `Log ${one(action.details.timeSpent)} of work on ${target}`;
    case 'link_issues':
      return `Link ${target} ${one(action.details.linkType)} ${one(action.details.targetIssueKey)}`;
    case 'add_labels':
      return `Add to ${target} the labels ${one(action.details.labels.join(', '))}`;
    case 'remove_labels':
      return `Take off ${target} the labels ${one(action.details.labels.join(', '))}`;
    case 'assign_issue':
      return action.details.assignee === null
        ? `Assign ${target} to nobody`
        : `Assign ${target} to ${one(action.details.assignee)}`;
    case 'add_watcher':
      return `Let ${one(action.details.watcher)} watch ${target}`;
  }
}

function touched(details: Extract<WriteAction, { operation: 'update_issue' }>['details']): string {
  const names = Object.keys(details).filter((name) => name !== 'issueKey' && name !== 'customFields');
  return one([...names, ...Object.keys(details.customFields ?? {})].join(', '));
}

function quoted(text: string): string {
  return `"${one(text)}"`;
}

function one(text: string): string {
  return oneLine(text, TEXT_LIMIT);
}
