// Whether a rule holds for an action: the one place that says so, for the policy that decides and for `sortie validate`,
// which finds rules that can never match. Pure. Values of rules and of facts are lower-cased by whoever made them.

import { READ_OPERATIONS, WRITE_OPERATIONS, type ToolOperation } from './tool-operations.ts';
import type { ConditionField, ToolRule } from './tool-policy.ts';

/** What a rule looks at, all values lower-cased. A field that the action does not give is absent, or []. */
export interface MatchFacts {
  readonly operation: ToolOperation;
  /**
   * Several values of one field are several things in `labels`, `components` and `fields`, and several words for the
   * same thing in every other (an account id, a display name and an e-mail address).
   */
  readonly fields: Readonly<Partial<Record<ConditionField, readonly string[]>>>;
  readonly to: readonly string[];
  /** Of `fields`: another word for one of its values, e.g. the name of a custom field that is given by its id. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
}

/** Fields of which an action has several values at once. */
export const SET_FIELDS: readonly ConditionField[] = ['labels', 'components', 'fields'];

const onIssue: readonly ConditionField[] = ['issue', 'project', 'agent'];
const ofNewIssue: readonly ConditionField[] = [
  ...onIssue,
  ...(['issue_type', 'priority', 'labels', 'components', 'assignee', 'fields'] as const),
];

/** What `when` may ask of an operation; anything else it never has. */
export const CONDITIONS_OF: Readonly<Record<ToolOperation, readonly ConditionField[]>> = {
  fetch_issue: onIssue,
  fetch_comments: onIssue,
  // A query need not name its projects, so that none can be relied upon: `tools.projects` bounds it.
  search_issues: ['agent'],
  list_projects: ['agent'],
  get_user: ['agent'],
  create_issue: ofNewIssue,
  create_issues: ofNewIssue,
  update_issue: [...onIssue, 'priority', 'labels', 'components', 'assignee', 'fields'],
  transition_issue: onIssue,
  add_comment: onIssue,
  add_worklog: onIssue,
  link_issues: [...onIssue, 'link_type'],
  add_labels: [...onIssue, 'labels'],
  remove_labels: [...onIssue, 'labels'],
  assign_issue: [...onIssue, 'assignee'],
  add_watcher: onIssue,
  notify_operator: ['agent'],
};

/** The short words of a rule's `operation` for many. */
export const OPERATION_GROUPS: Readonly<Record<'reads' | 'writes' | 'all', readonly ToolOperation[]>> = {
  reads: READ_OPERATIONS,
  writes: WRITE_OPERATIONS,
  all: [...READ_OPERATIONS, ...WRITE_OPERATIONS, 'notify_operator'],
};

/** What `issue` can be: an issue that is yet to be made is never the run's own. */
export function issueValues(operation: ToolOperation): readonly ('own' | 'other')[] {
  return operation === 'create_issue' || operation === 'create_issues' ? ['other'] : ['own', 'other'];
}

/** Rules for `create_issue` hold for each issue of `create_issues` as well. */
export function isAbout(rule: Pick<ToolRule, 'operations'>, operation: ToolOperation): boolean {
  return (
    rule.operations.includes(operation) ||
    (operation === 'create_issues' && rule.operations.includes('create_issue'))
  );
}

/**
 * Of a set, one listed value is enough where a rule restricts, but a rule that allows must list them all: who may
 * change the description may not change the priority along with it.
 */
export function needsAll(rule: Pick<ToolRule, 'decision'>, field: ConditionField): boolean {
  return rule.decision === 'allow' && SET_FIELDS.includes(field);
}

export function ruleMatches(rule: ToolRule, facts: MatchFacts): boolean {
  if (!isAbout(rule, facts.operation)) return false;
  const { to } = rule;
  if (to !== null && !facts.to.some((value) => to.includes(value))) return false;
  return Object.entries(rule.when).every(([name, listed]) => {
    const field = name as ConditionField;
    // What cannot be relied upon to be there never holds, even where it happens to be.
    if (!CONDITIONS_OF[facts.operation].includes(field)) return false;
    const values = facts.fields[field] ?? [];
    const aliases = field === 'fields' ? facts.aliases : undefined;
    const isListed = (value: string): boolean => {
      const alias = aliases && Object.hasOwn(aliases, value) ? aliases[value] : undefined;
      return listed.includes(value) || (alias !== undefined && listed.includes(alias));
    };
    if (needsAll(rule, field)) return values.length > 0 && values.every(isListed);
    return values.some(isListed);
  });
}
