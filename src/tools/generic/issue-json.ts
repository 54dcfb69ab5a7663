// An issue as agents are given it by the tools of every tracker: the names of prompts, API and file tracker.

import type { Comment, Issue } from '../../contract/issue.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';

export function issueJson(issue: Issue): JsonMap {
  return {
    id: issue.id,
    identifier: issue.identifier,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    priority: issue.priority,
    issue_type: issue.issueType,
    labels: [...issue.labels],
    assignee: issue.assignee,
    branch_name: issue.branchName,
    url: issue.url,
    parent: issue.parent === null ? null : { ...issue.parent },
    blocked_by: issue.blockedBy.map((blocker) => ({ ...blocker })),
    comments: issue.comments === null ? null : issue.comments.map(commentJson),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
  };
}

export function commentJson({ id, author, body, createdAt }: Comment): JsonMap {
  return { id, author, body, created_at: createdAt };
}
