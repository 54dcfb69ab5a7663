// What a write says, on one short line: enough to know which one it is, never whole texts. Also says a rule's limit.

import type { RuleLimit } from '../contract/tool-policy.ts';
import type { TrackerWrite } from '../contract/tracker-write.ts';
import { oneLine } from './one-line.ts';

const LONGEST = 120;
const LONGEST_TEXT = 60;

export function writeSummary(write: TrackerWrite): string {
  return oneLine(summaryOf(write), LONGEST);
}

function summaryOf(write: TrackerWrite): string {
  switch (write.operation) {
    case 'create_issue':
      return `${write.issue.issueType} in ${write.issue.project}: ${beginning(write.issue.title)}`;
    case 'update_issue':
      return `sets ${Object.keys(write.changes).join(', ')}`;
    case 'transition_issue':
      return `to ${write.toState}`;
    case 'add_comment':
      return beginning(write.body);
    case 'add_worklog':
      return write.timeSpent;
    case 'link_issues':
      return `${write.linkType} ${write.target.identifier}`;
    case 'add_labels':
    case 'remove_labels':
      return write.labels.join(', ');
    case 'assign_issue':
      return write.accountId === null ? 'to nobody' : `to ${write.accountId}`;
    case 'add_watcher':
      return write.accountId;
    case 'living_comment':
      return 'the comment that is kept up to date';
  }
}

function beginning(text: string): string {
  const line = oneLine(text, LONGEST_TEXT + 1);
  return [...line].length > LONGEST_TEXT ? `${oneLine(line, LONGEST_TEXT)}…` : line;
}

export function limitText(limit: RuleLimit | null): string | null {
  return limit && `${limit.count}/${limit.per}`;
}
