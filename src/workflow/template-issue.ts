// The issue as templates see it: snake_case, plain data of our own, every known key present. It is a copy,
// so that nothing a template does reaches the run's issue; and text in it is only ever printed.

import type { Issue } from '../contract/issue.ts';
import type { PromptVariables } from '../contract/prompt.ts';

export type TemplateIssue = Readonly<Record<string, unknown>>;

export function toTemplateIssue(issue: Issue): TemplateIssue {
  return {
    id: issue.id,
    identifier: issue.identifier,
    title: issue.title,
    description: issue.description,
    priority: issue.priority,
    state: issue.state,
    branch_name: issue.branchName,
    url: issue.url,
    assignee: issue.assignee,
    issue_type: issue.issueType,
    labels: [...issue.labels],
    parent: issue.parent && { id: issue.parent.id, identifier: issue.parent.identifier },
    comments:
      issue.comments &&
      issue.comments.map(({ id, author, body, createdAt }) => ({ id, author, body, created_at: createdAt })),
    blocked_by: issue.blockedBy.map(({ id, identifier, state }) => ({ id, identifier, state })),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
  };
}

/** Everything that a template may name. */
export function toTemplateScope(variables: PromptVariables): Record<string, unknown> {
  const { issue, attempt, run } = variables;
  return {
    issue: toTemplateIssue(issue),
    attempt,
    run: { turn_number: run.turnNumber, max_turns: run.maxTurns, is_continuation: run.isContinuation },
    ci_failure: null,
    review_comments: null,
  };
}
