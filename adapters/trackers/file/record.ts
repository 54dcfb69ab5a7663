// One element of the array → one checked issue. A record that breaks a rule throws RecordProblem with the field
// to blame; whoever reads the list leaves it out and warns. Whether a number was written as an integer cannot be
// seen here: `document.ts` looks at the text.
import type { Blocker, Comment, Issue, IssueRef } from '../../../src/contract/issue.ts';

/** What breaks the rules: the field (`labels[2]`, "" = the record itself) and why. */
export class RecordProblem extends Error {
  override readonly name = 'RecordProblem';
  readonly field: string;

  constructor(field: string, problem: string) {
    super(problem);
    this.field = field;
  }
}

/** Here `comments` is never null: the file always has them all. */
export interface FileIssue extends Issue {
  readonly comments: readonly Comment[];
}

type Fields = Readonly<Record<string, unknown>>;

export function readRecord(value: unknown): FileIssue {
  if (!isObject(value)) throw new RecordProblem('', `must be an object, is ${typeName(value)}`);
  return {
    id: required(value, 'id'),
    identifier: required(value, 'identifier'),
    title: required(value, 'title'),
    description: optional(value, 'description'),
    priority: priorityOf(value['priority']),
    state: required(value, 'state'),
    branchName: optional(value, 'branch_name'),
    url: optional(value, 'url'),
    assignee: optional(value, 'assignee'),
    issueType: optional(value, 'issue_type'),
    labels: labelsOf(value['labels']),
    parent: parentOf(value['parent']),
    comments: commentsOf(value['comments']),
    blockedBy: blockersOf(value['blocked_by']),
    createdAt: optional(value, 'created_at'),
    updatedAt: optional(value, 'updated_at'),
  };
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function required(record: Fields, key: string): string {
  const value = record[key];
  if (typeof value !== 'string') {
    throw new RecordProblem(key, `must be a non-empty string, is ${typeName(value)}`);
  }
  if (value.trim() === '') throw new RecordProblem(key, 'must be a non-empty string, is empty');
  return value;
}

/** null is what exports write for "none". */
function optional(record: Fields, key: string, field = key): string {
  const value = record[key];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new RecordProblem(field, `must be a string, is ${typeName(value)}`);
  return value;
}

function priorityOf(value: unknown): number | null {
  // Adding zero turns -0 into 0.
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : null;
}

function labelsOf(value: unknown): string[] {
  return listOf(value, 'labels').map((label, index) => {
    if (typeof label === 'string') return label.toLowerCase();
    throw new RecordProblem(`labels[${index}]`, `must be a string, is ${typeName(label)}`);
  });
}

function parentOf(value: unknown): IssueRef | null {
  if (value === undefined || value === null) return null;
  return referenceOf(objectAt(value, 'parent'), 'parent');
}

function blockersOf(value: unknown): Blocker[] {
  return listOf(value, 'blocked_by').map((entry, index) => {
    const field = `blocked_by[${index}]`;
    const blocker = objectAt(entry, field);
    return { ...referenceOf(blocker, field), state: optional(blocker, 'state', `${field}.state`) };
  });
}

function commentsOf(value: unknown): Comment[] {
  const comments = listOf(value ?? [], 'comments').map((entry, index) => {
    const field = `comments[${index}]`;
    const comment = objectAt(entry, field);
    return {
      // A hand-written comment often has none; its place is as stable as the file.
      id: optional(comment, 'id', `${field}.id`) || String(index + 1),
      author: optional(comment, 'author', `${field}.author`),
      body: optional(comment, 'body', `${field}.body`),
      createdAt: optional(comment, 'created_at', `${field}.created_at`),
    };
  });
  return oldestFirst(comments);
}

/** By time when every comment has a readable one, else as the file has them. */
function oldestFirst(comments: Comment[]): Comment[] {
  if (comments.length < 2) return comments;
  const timed = comments.map((comment) => ({ comment, atMs: Date.parse(comment.createdAt) }));
  if (timed.some(({ atMs }) => Number.isNaN(atMs))) return comments;
  return timed.sort((one, other) => one.atMs - other.atMs).map(({ comment }) => comment);
}

function referenceOf(record: Fields, field: string): IssueRef {
  const id = optional(record, 'id', `${field}.id`);
  const identifier = optional(record, 'identifier', `${field}.identifier`);
  if (id === '' && identifier === '') throw new RecordProblem(field, 'must have an id or an identifier');
  return { id, identifier };
}

/** Absent = none; null and anything that is no array break the rules. */
function listOf(value: unknown, field: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new RecordProblem(field, `must be an array, is ${typeName(value)}`);
  return value;
}

function objectAt(value: unknown, field: string): Fields {
  if (!isObject(value)) throw new RecordProblem(field, `must be an object, is ${typeName(value)}`);
  return value;
}
