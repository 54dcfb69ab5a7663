// Jira's issue → our issue: the seed's table, row by row, and any JSON at all.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  issueWire,
  normaliseIssue,
  type IssueView,
} from '../../../../adapters/trackers/jira/normalise-issue.ts';
import { commentWire, normaliseComment } from '../../../../adapters/trackers/jira/normalise-comment.ts';
import { priorityBy } from '../../../../adapters/trackers/jira/normalise-priority.ts';
import { assertShape } from '../../../conformance/tracker-issues.ts';
import { scripted } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

const view: IssueView = {
  endpoint: 'https://acme.atlassian.net',
  bodyText: (document) => (document === null || document === undefined ? '' : 'text'),
  priorityOf: priorityBy([]),
};

const full = {
  id: '10042',
  key: 'PROJ-42',
  fields: {
    summary: 'Title',
    status: { name: 'Selected for Development', id: '3' },
    priority: { id: '2', name: 'High' },
    labels: ['Backend', 'URGENT'],
    assignee: { displayName: 'Ada', accountId: 'x' },
    issuetype: { name: 'Bug' },
    parent: { id: '10001', key: 'PROJ-1', fields: {} },
    issuelinks: [
      {
        type: { name: 'Blocks' },
        inwardIssue: { id: '1', key: 'A-1', fields: { status: { name: 'Done' } } },
      },
      { type: { name: 'Blocks' }, inwardIssue: { id: '2', key: 'A-2' } },
      { type: { name: 'Blocks' }, outwardIssue: { id: '3', key: 'A-3' } },
      { type: { name: 'Relates' }, inwardIssue: { id: '4', key: 'A-4' } },
    ],
    created: '2026-01-02T03:04:05.678+0000',
    updated: '2026-01-03T03:04:05.678+0000',
    description: { type: 'doc' },
    customfield_1: 'ignored',
  },
};

it('maps every field', () => {
  expect(normaliseIssue(issueWire.parse(full), view)).toEqual({
    id: '10042',
    identifier: 'PROJ-42',
    title: 'Title',
    description: 'text',
    priority: 2,
    state: 'Selected for Development',
    branchName: '',
    url: 'https://acme.atlassian.net/browse/PROJ-42',
    assignee: 'Ada',
    issueType: 'Bug',
    labels: ['backend', 'urgent'],
    parent: { id: '10001', identifier: 'PROJ-1' },
    comments: null,
    blockedBy: [
      { id: '1', identifier: 'A-1', state: 'Done' },
      { id: '2', identifier: 'A-2', state: '' },
    ],
    createdAt: '2026-01-02T03:04:05.678+0000',
    updatedAt: '2026-01-03T03:04:05.678+0000',
  });
});

it.each([
  {},
  { priority: null, labels: null, assignee: null, issuetype: null, parent: null, issuelinks: null },
])('takes absent and null fields for none: %j', (fields) => {
  const issue = { id: '1', key: 'A-1', fields: { status: { name: 'To Do' }, ...fields } };
  expect(normaliseIssue(issueWire.parse(issue), view)).toMatchObject({
    title: '',
    description: '',
    priority: null,
    labels: [],
    assignee: '',
    issueType: '',
    parent: null,
    blockedBy: [],
    createdAt: '',
    updatedAt: '',
  });
});

it.each([
  ['3', 3],
  ['10000', 10_000],
  ['-1', -1],
  ['', null],
  ['high', null],
  ['1.5', null],
  ['9007199254740993', null],
])('priority id %j is %j', (id, expected) => {
  expect(priorityBy([])({ id })).toBe(expected);
});

it('ranks priorities by the order of names, in any case; what is not listed has none', () => {
  const rank = priorityBy(['Show Stopper', 'major']);
  expect([rank({ name: 'SHOW stopper' }), rank({ name: 'Major' }), rank({ name: 'Low', id: '1' })]).toEqual([
    1,
    2,
    null,
  ]);
});

it('takes a comment without author, body and time', () => {
  expect(normaliseComment(commentWire.parse({ id: '7' }), view.bodyText)).toEqual({
    id: '7',
    author: '',
    body: '',
    createdAt: '',
  });
});

it('normalises any JSON or refuses it with tracker_payload_error', async () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constant(null), fc.constant({}), fc.string(), fc.integer());
  const fields = fc.record(
    Object.fromEntries(
      Object.keys(full.fields).map((name) => [
        name,
        fc.oneof(odd, fc.constant(full.fields[name as keyof typeof full.fields])),
      ]),
    ),
    { requiredKeys: [] },
  );
  const answer = fc.oneof(
    odd,
    fc.record({ id: fc.oneof(fc.constant('1'), odd), key: fc.oneof(fc.constant('A-1'), odd), fields }),
  );
  let body: unknown = null;
  const { tracker } = await scripted(({ path }) =>
    path.endsWith('/comment') ? { body: { comments: [], total: 0 } } : { body },
  );
  let normalised = 0;
  await fc.assert(
    fc.asyncProperty(answer, async (json) => {
      body = json;
      const outcome = await tracker.fetchIssueById('1', never).then(
        (issue) => ({ issue }),
        (error: unknown) => ({ error }),
      );
      if ('issue' in outcome) {
        normalised += 1;
        assertShape({ ...outcome.issue, title: 'may be empty' });
      } else
        expect((await failure(Promise.reject(outcome.error as Error))).kind).toBe('tracker_payload_error');
    }),
    { numRuns: 150, examples: [[full]] },
  );
  expect(normalised).toBeGreaterThan(0);
});
