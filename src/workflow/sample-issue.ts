// The issues that `sortie validate` renders a template with: one that has everything, and one that has only
// what every issue has, as the first of many real ones will. Never shown to an agent.

import type { Issue } from '../contract/issue.ts';
import type { PromptVariables } from '../contract/prompt.ts';

const fullIssue: Issue = {
  id: '10001',
  identifier: 'SAMPLE-1',
  title: 'A sample issue',
  description: 'What is wrong and what is wanted.',
  priority: 2,
  state: 'In Progress',
  branchName: 'sample-1',
  url: 'https://tracker.example/SAMPLE-1',
  assignee: 'Sam',
  issueType: 'Task',
  labels: ['backend', 'sample'],
  parent: { id: '10000', identifier: 'SAMPLE-0' },
  comments: [{ id: '1', author: 'Kim', body: 'A comment.', createdAt: '2026-01-02T00:00:00Z' }],
  blockedBy: [{ id: '9999', identifier: 'SAMPLE-2', state: 'Done' }],
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
};

const bareIssue: Issue = {
  ...fullIssue,
  description: '',
  priority: null,
  branchName: '',
  url: '',
  assignee: '',
  issueType: '',
  labels: [],
  parent: null,
  comments: [],
  blockedBy: [],
  createdAt: '',
  updatedAt: '',
};

const run = { turnNumber: 1, maxTurns: 20, isContinuation: false };

export interface Sample {
  readonly name: string;
  readonly variables: PromptVariables;
  /** A prompt of the first turn must not be empty. */
  readonly firstTurn: boolean;
}

export const samples: readonly Sample[] = [
  { name: 'a full sample issue', variables: { issue: fullIssue, attempt: 0, run }, firstTurn: true },
  {
    name: 'an issue with no optional field',
    variables: { issue: bareIssue, attempt: 0, run },
    firstTurn: true,
  },
  {
    name: 'a continuation',
    variables: { issue: fullIssue, attempt: 1, run: { ...run, turnNumber: 2, isContinuation: true } },
    firstTurn: false,
  },
];
