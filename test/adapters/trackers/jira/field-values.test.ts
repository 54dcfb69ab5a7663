// Present values in the form of the changes: what is as wanted comes back as it was asked for, everything else as it is.
import { expect, it } from 'vitest';
import type { IssueChanges } from '../../../../src/contract/tracker-capabilities.ts';
import { addIssue, adf, annId, botId } from '../../../loopback-jira/index.ts';
import { failure, never } from './jira-context.ts';
import { attach, loopback } from './loopback.ts';
import { issueJson, scripted } from './scripted-jira.ts';

async function site() {
  const jira = await loopback();
  const { id } = addIssue(jira.state, 'PROJ', {
    summary: 'Title',
    description: adf('some text'),
    priority: 'High',
    labels: ['b', 'A'],
    components: ['Frontend', 'Backend'],
    assigneeId: annId,
  });
  const { tracker } = attach(jira);
  return { jira, id, tracker, read: (changes: IssueChanges) => tracker.readFields(id, changes, never) };
}

it('reads what the changes touch, under their names, and no more', async () => {
  const { jira, read } = await site();
  expect(
    await read({
      title: 'Other',
      description: 'x',
      accountId: botId,
      priority: 'Low',
      labels: [],
      components: ['Backend'],
    }),
  ).toEqual({
    title: 'Title',
    description: 'some text',
    accountId: annId,
    priority: 'High',
    labels: ['A', 'b'],
    components: ['Backend', 'Frontend'],
  });
  expect(await read({ title: 'Other', labels: undefined })).toEqual({ title: 'Title' });
  expect(jira.requests.at(-1)?.query['fields']).toEqual(['summary']);
});

it('asks nothing when nothing is to be changed', async () => {
  const { jira, read } = await site();
  expect(await read({})).toEqual({});
  expect(jira.requests).toEqual([]);
});

it('gives what is as wanted exactly as it was asked for', async () => {
  const { read } = await site();
  const wanted = {
    title: ' Title ',
    description: 'some\ntext',
    accountId: annId,
    priority: 'hIGH',
    labels: ['b', 'A'],
    components: ['Frontend', 'Backend'],
  };
  expect(await read(wanted)).toEqual(wanted);
  expect(await read({ priority: '2' })).toEqual({ priority: '2' });
});

it('gives null for what is empty', async () => {
  const { jira, id, read } = await site();
  jira.people.edit(id, { description: null, assigneeId: null, priorityId: null, labels: [], components: [] });
  const wanted = { description: '', accountId: annId, priority: 'High', labels: ['x'], components: [] };
  expect(await read(wanted)).toEqual({
    description: null,
    accountId: null,
    priority: null,
    labels: null,
    components: null,
  });
});

it('reads back every description that it can write as the one that was wanted', async () => {
  const { id, tracker, read } = await site();
  const texts = [
    '# H\n\n- a\n- b\n\n```js\nx\n```',
    '**b** _i_ `c` [l](https://x.example)',
    'a\\*b',
    '| a |\n|-|\n| 1 |',
  ];
  for (const description of texts) {
    await tracker.updateIssue(id, { description }, never);
    expect(await read({ description })).toEqual({ description });
    expect(await read({ description: 'else' })).not.toEqual({ description: 'else' });
  }
});

it.each([
  [3, 3, '3'],
  ['red', 'red', 'red'],
  [{ self: 'x', value: 'red', id: '1' }, { value: 'red' }, '{"value":"red"}'],
  [{ self: 'x', value: 'red', id: '1' }, { value: 'blue' }, '{"id":"1","self":"x","value":"red"}'],
  [
    [
      { id: '2', value: 'b' },
      { id: '1', value: 'a' },
    ],
    [{ value: 'a' }, { value: 'b' }],
    '[{"value":"a"},{"value":"b"}]',
  ],
  [['a', 'b'], ['c'], ['a', 'b']],
  [null, 3, null],
  [3, null, '3'],
  [{ b: 1, a: { d: 1, c: 2 } }, 'x', '{"a":{"c":2,"d":1},"b":1}'],
])('a custom field that is %j, wanted as %j: %j', async (present, wanted, expected) => {
  const { tracker } = await scripted(() => ({ body: issueJson(1, { customfield_1: present }) }));
  const values = await tracker.readFields('1', { fields: { customfield_1: wanted } }, never);
  expect(values).toEqual({ 'fields.customfield_1': expected });
});

it('is tracker_not_found for an issue that is not there', async () => {
  const { tracker } = await site();
  expect((await failure(tracker.readFields('99999', { title: 'x' }, never))).kind).toBe('tracker_not_found');
});
