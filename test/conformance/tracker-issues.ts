// The issues that the tracker suite puts into a world, and the check that an issue has the shape of the contract.
import assert from 'node:assert/strict';
import type { Comment, Issue } from '../../src/contract/issue.ts';
import type { WorldIssue } from './tracker-world.ts';

export const activeStates = ['To Do', 'In Progress'];
export const terminalStates = ['Done'];

export function worldIssue(number: number, changes: Partial<WorldIssue> = {}): WorldIssue {
  return {
    id: String(10_000 + number),
    identifier: `DEMO-${number}`,
    title: `Issue ${number}`,
    description: '',
    priority: null,
    state: 'To Do',
    branchName: '',
    url: '',
    assignee: '',
    issueType: '',
    labels: [],
    parent: null,
    comments: [],
    blockedBy: [],
    createdAt: '2026-01-02T03:04:05.000Z',
    updatedAt: '2026-01-02T03:04:05.000Z',
    ...changes,
  };
}

/** One of each kind: in every state, with and without comments, labels, priority, blockers. */
export function mixedIssues(): WorldIssue[] {
  return [
    worldIssue(1, {
      title: 'First: "quotes", ünïcode and 🎉',
      description: 'Line one\nLine two with {{ braces }}',
      priority: 2,
      labels: ['Backend', 'URGENT'],
      comments: [comment(1), comment(2), comment(3)],
    }),
    worldIssue(2, {
      state: 'In Progress',
      priority: 0,
      blockedBy: [{ id: '10004', identifier: 'DEMO-4', state: 'Done' }],
    }),
    worldIssue(3, { state: 'In Review' }),
    worldIssue(4, { state: 'Done' }),
  ];
}

export function assertShape(issue: Issue): void {
  const name = `issue ${JSON.stringify(issue.identifier)}`;
  for (const key of ['id', 'identifier', 'title', 'state'] as const) {
    assert.ok(
      typeof issue[key] === 'string' && issue[key] !== '',
      `${name}: ${key} must be a non-empty string`,
    );
  }
  const texts = [
    'description',
    'branchName',
    'url',
    'assignee',
    'issueType',
    'createdAt',
    'updatedAt',
  ] as const;
  for (const key of texts)
    assert.equal(typeof issue[key], 'string', `${name}: ${key} must be a string, "" when absent`);
  const { priority, labels, parent } = issue;
  assert.ok(priority === null || Number.isInteger(priority), `${name}: priority must be an integer or null`);
  isArray(labels, `${name}: labels must be an array`);
  assert.deepEqual(
    labels,
    labels.map((label) => label.toLowerCase()),
    `${name}: labels must be lower-cased`,
  );
  assert.ok(
    parent === null || typeof parent.identifier === 'string',
    `${name}: parent must be null or a reference`,
  );
  isArray(issue.blockedBy, `${name}: blockedBy must be an array`);
  for (const blocker of issue.blockedBy) {
    for (const key of ['id', 'identifier', 'state'] as const) {
      assert.equal(
        typeof blocker[key],
        'string',
        `${name}: blockedBy[].${key} must be a string, "" when unknown`,
      );
    }
  }
  if (issue.comments !== null) issue.comments.forEach(assertComment);
}

/** Apart, because the narrowing of `Array.isArray` would make every element `any`. */
function isArray(value: unknown, message: string): void {
  assert.ok(Array.isArray(value), message);
}

export function assertComment(value: Comment): void {
  assert.ok(typeof value.id === 'string' && value.id !== '', 'a comment must have an id');
  for (const key of ['author', 'body', 'createdAt'] as const) {
    assert.equal(typeof value[key], 'string', `a comment's ${key} must be a string, "" when absent`);
  }
}

function comment(number: number): Comment {
  const createdAt = `2026-01-0${number}T10:00:00.000Z`;
  return { id: String(500 + number), author: 'Ada', body: `comment ${number}`, createdAt };
}
