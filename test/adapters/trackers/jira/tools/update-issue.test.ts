// atlassian_jira_update_issue: fields, a transition, or both, in that order; wrong combinations fail at once.
import { expect, it } from 'vitest';
import { refusal, toolbox } from './toolbox.ts';

const on = { issueKey: 'proj-7' };
const issueKey = 'PROJ-7';

it('changes only the fields that are given', async () => {
  const { actions } = await toolbox();
  const fields = { summary: 'S', priority: 'High', labels: [], assignee: 'Ann', description: '' };
  const customFields = { 'Story Points': 5 };
  const action = 'update_fields';
  expect(actions('update_issue', { ...on, action, fields, customFields })).toEqual([
    { operation: 'update_issue', details: { issueKey, ...fields, customFields } },
  ]);
  expect(actions('update_issue', { ...on, action, fields: { summary: 'S' } })).toEqual([
    { operation: 'update_issue', details: { issueKey, summary: 'S' } },
  ]);
  expect(actions('update_issue', { ...on, action, customFields })).toEqual([
    { operation: 'update_issue', details: { issueKey, customFields } },
  ]);
});

it('moves, with a comment that belongs to the move', async () => {
  const { actions } = await toolbox();
  const args = { ...on, action: 'transition', transitionName: ' In Review ' };
  const move = { operation: 'transition_issue', details: { issueKey, to: 'In Review' } };
  expect(actions('update_issue', args)).toEqual([move]);
  expect(actions('update_issue', { ...args, transitionComment: '**ready**' })).toEqual([
    { ...move, details: { ...move.details, comment: '**ready**' } },
  ]);
});

it('does both, fields first', async () => {
  const { actions } = await toolbox();
  const args = { ...on, action: 'both', fields: { priority: 'High' }, transitionName: 'Done' };
  expect(
    actions('update_issue', { ...args, transitionComment: 'c' }).map(({ operation }) => operation),
  ).toEqual(['update_issue', 'transition_issue']);
});

const fields = { summary: 'S' };
it.each([
  [
    { action: 'transition' },
    'action transition: transitionName missing; it takes transitionName, transitionComment (optional)',
  ],
  [
    { action: 'transition', transitionName: 'Done', fields, customFields: { a: 1 } },
    'action transition: fields, customFields not allowed; it takes transitionName, transitionComment (optional)',
  ],
  [
    { action: 'transition', transitionComment: 'c', fields },
    'action transition: transitionName missing; fields not allowed; it takes transitionName, transitionComment (optional)',
  ],
  [
    { action: 'update_fields' },
    'action update_fields: fields missing; it takes at least one field in fields or customFields',
  ],
  [
    { action: 'update_fields', fields: {}, customFields: {} },
    'action update_fields: fields missing; it takes at least one field in fields or customFields',
  ],
  [
    { action: 'update_fields', fields, transitionName: 'Done', transitionComment: 'c' },
    'action update_fields: transitionName, transitionComment not allowed; it takes fields (optional), customFields (optional)',
  ],
  [
    { action: 'both', fields },
    'action both: transitionName missing; it takes transitionName, fields (optional), customFields (optional), transitionComment (optional)',
  ],
  [
    { action: 'both', transitionName: 'Done' },
    'action both: fields missing; it takes at least one field in fields or customFields',
  ],
  [{ action: 'both', fields, transitionName: ' ' }, 'transitionName: is blank; write a text'],
  [{ action: 'update_fields', fields: { summary: ' ' } }, 'fields.summary: is blank; write a text'],
  [
    { action: 'update_fields', fields: { labels: ['a b'] } },
    'fields.labels: "a b" is empty or has a space, which Jira allows in no label',
  ],
])('refuses %j', async (args, message) => {
  const { plan } = await toolbox();
  expect(await refusal(() => plan('update_issue', { ...on, ...args }))).toEqual({
    kind: 'invalid_arguments',
    message,
  });
});
