// Every kind of write by name. A new one does not compile until somebody has said how it is sent and found again.

import type { TrackerWrite, TrackerWriteOperation } from '../../../contract/tracker-write.ts';
import { addComment, livingComment } from './comments.ts';
import { assignIssue, createIssue, updateIssue } from './issues.ts';
import { addLabels, removeLabels } from './labels.ts';
import { addWatcher, linkIssues } from './links.ts';
import type { Operation } from './operation.ts';
import { transitionIssue } from './transition.ts';
import { addWorklog } from './worklog.ts';

export type { Looked, Operation, Sending } from './operation.ts';

const OPERATIONS: { readonly [K in TrackerWriteOperation]: Operation<K> } = {
  create_issue: createIssue,
  update_issue: updateIssue,
  transition_issue: transitionIssue,
  add_comment: addComment,
  add_worklog: addWorklog,
  link_issues: linkIssues,
  add_labels: addLabels,
  remove_labels: removeLabels,
  assign_issue: assignIssue,
  add_watcher: addWatcher,
  living_comment: livingComment,
};

/** Handed that write and no other. */
export function operationOf({ operation }: TrackerWrite): Operation<TrackerWriteOperation> {
  return OPERATIONS[operation];
}
