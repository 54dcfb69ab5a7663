// Which operations a tracker can do at all: asked by capability, never by its kind. Pure.

import type { ToolOperation } from './tool-operations.ts';
import {
  canAssign,
  canComment,
  canKeyIssues,
  canLabel,
  canLink,
  canLogWork,
  canNamePeople,
  canSearch,
  canUpdateIssues,
  canWatch,
} from './tracker-capabilities.ts';
import type { TrackerAdapter } from './tracker.ts';

const always = (): boolean => true;

const asked: Readonly<Record<ToolOperation, (tracker: TrackerAdapter) => boolean>> = {
  fetch_issue: always,
  fetch_comments: always,
  search_issues: canSearch,
  list_projects: canNamePeople,
  get_user: canNamePeople,
  // One that may be there twice is worse than none.
  create_issue: canKeyIssues,
  create_issues: canKeyIssues,
  update_issue: canUpdateIssues,
  transition_issue: always,
  add_comment: canComment,
  add_worklog: canLogWork,
  link_issues: canLink,
  add_labels: canLabel,
  remove_labels: canLabel,
  assign_issue: canAssign,
  add_watcher: (tracker) => canWatch(tracker) && canAssign(tracker),
  notify_operator: always,
};

/** Without it, agents never ask for the operation, and rules about it do nothing. */
export function supports(tracker: TrackerAdapter, operation: ToolOperation): boolean {
  return asked[operation](tracker);
}
