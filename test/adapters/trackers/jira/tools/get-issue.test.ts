// atlassian_jira_get_issue: one issue with what belongs to it, as a model reads it.
import { expect, it } from 'vitest';
import { addBlocker, addIssue, annId, type Adf } from '../../../../loopback-jira/index.ts';
import { refusal, toolbox } from './toolbox.ts';

const document: Adf = {
  type: 'doc',
  version: 1,
  content: [
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Steps' }] },
    {
      type: 'bulletList',
      content: [
        { type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'open it' }] }] },
      ],
    },
  ],
};

it('answers fields, comments, sub-tasks, links, transitions and history', async () => {
  const { read, state, jira, own } = await toolbox();
  state.editIssue(own.id, { description: document, assigneeId: annId, labels: ['a'] });
  addIssue(state, 'PROJ', { type: 'Sub-task', parentId: own.id, summary: 'Part' });
  addBlocker(state, addIssue(state, 'PROJ', { summary: 'First this', status: 'In Review' }), own);
  jira.people.comment(own.id, 'Looks good', annId);
  jira.forgetRequests();
  expect(await read('get_issue', { issueKey: 'proj-1' })).toMatchObject({
    ...{ id: own.id, key: 'PROJ-1', url: `${jira.url}/browse/PROJ-1` },
    ...{ summary: 'The run’s own', status: 'Backlog', statusCategory: 'to do', priority: 'Medium' },
    description: '## Steps\n\n- open it',
    ...{ labels: ['a'], reporter: { displayName: 'Ann Example', accountId: annId } },
    assignee: { displayName: 'Ann Example', accountId: annId },
    subtasks: [{ key: 'PROJ-2', summary: 'Part', status: 'Backlog', issuetype: 'Sub-task' }],
    linkedIssues: [
      {
        linkType: 'is blocked by',
        ...{ key: 'PROJ-3', summary: 'First this', status: 'In Review', issuetype: 'Task' },
      },
    ],
    comments: [{ author: { displayName: 'Ann Example', accountId: annId }, body: 'Looks good' }],
    commentsTotal: 1,
    transitions: expect.arrayContaining([{ name: 'Start work', to: 'In Progress' }]) as unknown,
    changelog: { total: 0, entries: [] },
  });
  expect(jira.requests.map(({ endpoint }) => endpoint)).toEqual([
    'GET /issue/{issueIdOrKey}',
    'GET /issue/{issueIdOrKey}/comment',
  ]);
});

it('reads only what is asked for', async () => {
  const { read, jira, own } = await toolbox();
  const args = { issueKey: own.id, fields: 'summary, Status', expand: 'renderedFields' };
  expect(await read('get_issue', args)).toEqual({
    ...{ id: own.id, key: 'PROJ-1', url: `${jira.url}/browse/PROJ-1` },
    ...{ summary: 'The run’s own', status: 'Backlog', statusCategory: 'to do', renderedFields: {} },
  });
  expect(jira.requests.map(({ query }) => query)).toEqual([
    { fields: ['summary,status'], expand: ['renderedFields'] },
  ]);
  expect(Object.keys(await read('get_issue', { issueKey: 'PROJ-1', fields: 'comment', expand: '' }))).toEqual(
    [...['id', 'key', 'url', 'comments', 'commentsTotal']],
  );
  const without = await read('get_issue', { issueKey: 'PROJ-1', fields: '-comment, -priority' });
  expect(without).toMatchObject({ summary: 'The run’s own', status: 'Backlog' });
  expect(without).not.toHaveProperty('comments');
  expect(without).not.toHaveProperty('priority');
});

it('gives the 50 newest comments, oldest first, and says what is missing', async () => {
  const { read, jira, own } = await toolbox();
  for (let index = 0; index < 60; index += 1) jira.people.comment(own.id, `comment ${index}`);
  const { comments, ...rest } = await read('get_issue', { issueKey: 'PROJ-1', fields: 'comment' });
  const bodies = (comments as { body: string }[]).map(({ body }) => body);
  expect(bodies).toEqual(Array.from({ length: 50 }, (_, index) => `comment ${index + 10}`));
  expect(rest).toMatchObject({ commentsTotal: 60, commentsNote: '10 older comments are not shown' });
});

it('cuts long texts with a note, and leaves out the older of many long comments', async () => {
  const { read, jira, state, own } = await toolbox();
  state.editIssue(own.id, {
    description: {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'long '.repeat(6_000) }] }],
    },
  });
  for (let index = 0; index < 20; index += 1)
    jira.people.comment(own.id, `${index} ${'word '.repeat(1_500)}`);
  const answer = await read('get_issue', { issueKey: 'PROJ-1' });
  const description = answer['description'] as string;
  expect(description.length).toBeLessThanOrEqual(20_000);
  expect(description).toMatch(/_\(cut here: \d+ more characters\)_$/);
  const { length } = answer['comments'] as unknown[];
  expect(length).toBeGreaterThan(2);
  expect(length).toBeLessThan(8);
  expect(answer['commentsNote']).toBe(`${20 - length} older comments are not shown`);
  expect(JSON.stringify(answer).length).toBeLessThan(70_000);
});

it('shows the newest twenty changes, newest first', async () => {
  const { read, jira } = await toolbox();
  // The loopback keeps no history: these entries have the shape of Atlassian's own example.
  const histories = Array.from({ length: 30 }, (_, index) => ({
    id: String(10_000 + index),
    author: { accountId: annId, displayName: 'Ann Example', emailAddress: 'ann@example.com', active: true },
    created: `2026-11-${String(index + 1).padStart(2, '0')}T10:00:00.000+0000`,
    items: [
      {
        ...{ field: 'status', fieldtype: 'jira', fieldId: 'status', from: '1', fromString: 'To Do', to: '2' },
        toString: 'In Progress\nnow',
      },
    ],
  }));
  jira.faults.once('GET /issue/{issueIdOrKey}', {
    kind: 'change',
    answer: (answer) => ({
      ...answer,
      body: { ...(answer.body as object), changelog: { startAt: 0, maxResults: 30, total: 130, histories } },
    }),
  });
  const answer = await read('get_issue', { issueKey: 'PROJ-1', expand: 'changelog' });
  const { total, entries } = answer['changelog'] as { total: number; entries: unknown[] };
  expect(total).toBe(130);
  expect(entries).toHaveLength(20);
  expect(entries[0]).toEqual({
    created: '2026-11-30T10:00:00.000+0000',
    author: { displayName: 'Ann Example', accountId: annId },
    changes: [{ field: 'status', from: 'To Do', to: 'In Progress\nnow' }],
  });
});

it('never shows an e-mail address, though Jira gives it', async () => {
  const { read, state, jira, own } = await toolbox();
  const ann = state.users.get(annId);
  if (!ann) throw new Error('no Ann');
  state.users.set(annId, { ...ann, emailVisible: true });
  state.editIssue(own.id, { assigneeId: annId });
  jira.people.comment(own.id, 'hello', annId);
  const text = JSON.stringify([
    await read('get_issue', { issueKey: 'PROJ-1' }),
    await read('search', { jql: 'ORDER BY key', fields: '*all' }),
  ]);
  expect(text).toContain('Ann Example');
  expect(text).not.toContain('ann@example.com');
});

it('shows nothing of an issue that was moved out of the open projects, unless it is the run’s own', async () => {
  const { read, jira, state, own } = await toolbox();
  const moved = addIssue(state, 'PROJ', { summary: 'Secret by now' });
  jira.people.relocate(moved.id, 'OTHER');
  for (const issueKey of [moved.key, moved.id]) {
    expect(await refusal(() => read('get_issue', { issueKey }))).toEqual({
      kind: 'project_scope_violation',
      message: 'the issue is in another project by now (OTHER-1); tools may touch: PROJ',
    });
  }
  expect(await read('get_issue', { issueKey: moved.key }, { projects: null })).toMatchObject({
    key: 'OTHER-1',
  });
  jira.people.relocate(own.id, 'OTHER');
  expect(await read('get_issue', { issueKey: 'PROJ-1' })).toMatchObject({ key: 'OTHER-2' });
});

it('names the issue for scope, and refuses what is no key or expansion before anything is sent', async () => {
  const { plan, read, jira } = await toolbox();
  expect(plan('get_issue', { issueKey: ' other-7 ' })).toMatchObject({
    ...{ kind: 'read', operation: 'fetch_issue', projects: [], issueKeys: ['OTHER-7'] },
  });
  for (const issueKey of ['PROJ', '../myself', 'PROJ-1/comment', 'PROJ-1?x', '99999999999999999999']) {
    expect((await refusal(() => plan('get_issue', { issueKey }))).kind).toBe('invalid_arguments');
  }
  expect((await refusal(() => plan('get_issue', { issueKey: 'PROJ-1', expand: 'names' }))).message).toBe(
    'expand: "names" is not among changelog, renderedFields, transitions',
  );
  expect(jira.requests).toEqual([]);
  expect((await refusal(() => read('get_issue', { issueKey: 'PROJ-999' }))).kind).toBe('tracker_not_found');
});

it('bounds custom fields and sub-tasks, and says what is left out', async () => {
  const long = 'x'.repeat(1_900);
  const { read, state, own } = await toolbox((site) => {
    for (let index = 0; index < 60; index += 1) {
      const id = `customfield_${11_000 + index}`;
      const schema = { type: 'string', custom: 'c:textfield', customId: 11_000 + index };
      const flags = { custom: true, navigable: true, searchable: true, orderable: true };
      site.fields.set(id, { id, name: `Text ${index}`, ...flags, clauseNames: [], schema });
    }
  });
  const texts = Array.from({ length: 60 }, (_, index) => [`customfield_${11_000 + index}`, long] as const);
  state.editIssue(own.id, { custom: Object.fromEntries(texts) });
  for (let index = 0; index < 203; index += 1)
    addIssue(state, 'PROJ', { type: 'Sub-task', parentId: own.id });
  const answer = await read('get_issue', { issueKey: 'PROJ-1' });
  const shown = Object.keys(answer['customFields'] as object).length;
  expect(shown).toBeGreaterThan(10);
  expect(shown).toBeLessThan(25);
  expect(answer['customFieldsNote']).toBe(
    `${60 - shown} more custom fields are not shown; name those that you need in fields`,
  );
  expect(answer['subtasks']).toHaveLength(201);
  expect((answer['subtasks'] as unknown[]).at(-1)).toEqual({ note: 'and 3 more' });
});
