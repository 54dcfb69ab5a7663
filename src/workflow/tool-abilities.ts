// Rules about what the tracker's adapter cannot do: they are harmless, but somebody may believe that agents can. Asked by
// feature, like everything of an adapter.

import { dirname, join } from 'node:path';
import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import type { ToolOperation } from '../contract/tool-operations.ts';
import { OPERATION_GROUPS } from '../contract/tool-policy-match.ts';
import {
  canAssign,
  canComment,
  canCreateIssues,
  canKeyIssues,
  canLabel,
  canLink,
  canLogWork,
  canNamePeople,
  canSearch,
  canUpdateIssues,
  canWatch,
} from '../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../contract/tracker.ts';

const canCreate = (adapter: TrackerAdapter): boolean => canCreateIssues(adapter) && canKeyIssues(adapter);

/** What is not here, every tracker can. */
const needs: Readonly<Partial<Record<ToolOperation, (adapter: TrackerAdapter) => boolean>>> = {
  search_issues: canSearch,
  list_projects: canNamePeople,
  get_user: canNamePeople,
  create_issue: canCreate,
  create_issues: canCreate,
  update_issue: canUpdateIssues,
  add_comment: canComment,
  add_worklog: canLogWork,
  link_issues: canLink,
  add_labels: canLabel,
  remove_labels: canLabel,
  assign_issue: canAssign,
  add_watcher: canWatch,
};

export function toolWarnings(workflow: Workflow, adapter: TrackerAdapter): WorkflowProblem[] {
  const { tools, tracker } = workflow.settings;
  return tools.rules.flatMap(({ number, operations }): WorkflowProblem[] => {
    const named = withoutGroups(operations);
    const unable = named.filter((operation) => needs[operation]?.(adapter) === false);
    if (unable.length === 0) return [];
    const key = `tools.rules[${number - 1}].operation`;
    const place = workflow.effective.find((setting) => setting.key === key)?.place;
    const where = place === undefined ? workflow.path : join(dirname(workflow.path), place);
    const text = `the tracker adapter "${tracker.kind}" cannot do ${unable.join(', ')}, so that agents never ask for it; take it out`;
    return [{ severity: 'warning', check: `config.${key}`, message: `${where}: ${key}: ${text}` }];
  });
}

/** Who writes `writes` means those that there are. */
function withoutGroups(operations: readonly ToolOperation[]): readonly ToolOperation[] {
  const { reads, writes } = OPERATION_GROUPS;
  const whole = [reads, writes].filter((group) => group.every((one) => operations.includes(one))).flat();
  return operations.filter((operation) => !whole.includes(operation));
}
