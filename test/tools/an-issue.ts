// An issue that says nothing in particular.

import type { Issue } from '../../src/contract/issue.ts';

export function anIssue(change: Partial<Issue> = {}): Issue {
  return {
    id: '1',
    identifier: 'ENG-1',
    title: 'A title',
    description: '',
    priority: 2,
    state: 'To Do',
    branchName: '',
    url: '',
    assignee: '',
    issueType: 'Bug',
    labels: [],
    parent: null,
    comments: [],
    blockedBy: [],
    createdAt: '2026-11-22T08:00:00.000Z',
    updatedAt: '2026-11-22T09:00:00.000Z',
    ...change,
  };
}
