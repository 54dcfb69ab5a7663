// atlassian_jira_search: JQL in, issues of the open projects out, with the fields that were asked for.
import { expect, it } from 'vitest';
import { addIssue, addIssues, annId } from '../../../../loopback-jira/index.ts';
import { keys, refusal, toolbox } from './toolbox.ts';

it('answers the default fields under Jira’s names', async () => {
  const { read, own, state } = await toolbox();
  state.editIssue(own.id, { assigneeId: annId });
  const { issues, ...rest } = await read('search', { jql: 'summary ~ "own"' });
  expect(issues).toEqual([
    {
      id: own.id,
      key: 'PROJ-1',
      summary: 'The run’s own',
      status: 'Backlog',
      statusCategory: 'to do',
      assignee: { displayName: 'Ann Example', accountId: annId },
      priority: 'Medium',
      issuetype: 'Task',
      created: expect.stringMatching(/^\d{4}-/) as string,
      updated: expect.stringMatching(/^\d{4}-/) as string,
    },
  ]);
  expect(rest).toEqual({ startAt: 0, maxResults: 25, nextStartAt: null });
});

it('keeps the order of the query, and 25 issues unless more are asked for', async () => {
  const { read } = await toolbox((state) => {
    addIssues(state, 'PROJ', 39, (index) => ({ createdMs: 1_000_000 * (index + 1) }));
  });
  const first = await read('search', { jql: 'ORDER BY created ASC' });
  expect(keys(first)).toEqual(Array.from({ length: 25 }, (_, index) => `PROJ-${index + 2}`));
  expect(first['nextStartAt']).toBe(25);
  const all = await read('search', { jql: 'project = PROJ order by key desc', maxResults: 100 });
  expect(keys(all)).toHaveLength(40);
  expect(keys(all)[0]).toBe('PROJ-40');
  expect(all['nextStartAt']).toBeNull();
});

it('takes fields by id and by name, custom ones with their names, and all', async () => {
  const { read } = await toolbox((state) => {
    addIssue(state, 'PROJ', {
      labels: ['found'],
      description: 'Some **text**',
      custom: { customfield_10016: 5 },
    });
  });
  const jql = 'labels = found';
  const fields = 'Story Points, customfield_10020, LABELS, Issue Type';
  const { issues } = await read('search', { jql, fields });
  expect(issues).toEqual([
    {
      ...{ id: expect.any(String) as string, key: 'PROJ-2', labels: ['found'], issuetype: 'Task' },
      customFields: {
        customfield_10016: { name: 'Story Points', value: 5 },
        customfield_10020: { name: 'Environment name', value: null },
      },
    },
  ]);
  const [all] = (await read('search', { jql, fields: '*all' }))['issues'] as Record<string, unknown>[];
  expect(all).toMatchObject({
    project: { key: 'PROJ', name: 'PROJ project' },
    description: 'Some \\*\\*text\\*\\*',
    linkedIssues: [],
    comments: { total: 0, newest: [] },
    worklog: { total: 0, newest: [] },
    customFields: { customfield_10016: { name: 'Story Points', value: 5 } },
  });
  // Only ids are needed while nothing is known of the site.
  expect(keys(await read('search', { jql, fields: 'summary,labels' }, { schema: null }))).toEqual(['PROJ-2']);
});

it('refuses fields that the site does not have, and names that fit several', async () => {
  const { plan, schema } = await toolbox();
  const twice = {
    ...schema,
    fields: [...schema.fields, { id: 'customfield_10099', name: 'story points', type: 'number' }],
  };
  const jql = 'ORDER BY key';
  expect(await refusal(() => plan('search', { jql, fields: 'sumary' }))).toEqual({
    kind: 'invalid_arguments',
    message: 'fields: the site has no field "sumary"; give a field\'s id or exact name, or *all',
  });
  expect(await refusal(() => plan('search', { jql, fields: 'Story Points' }, { schema: twice }))).toEqual({
    kind: 'ambiguous_name',
    message: 'fields: "Story Points" names 2 fields: customfield_10016, customfield_10099; give the id',
  });
  expect((await refusal(() => plan('search', { jql, fields: ' , ' }))).message).toMatch(/^fields: is empty/);
  expect(
    (await refusal(() => plan('search', { jql, fields: 'Story Points' }, { schema: null }))).message,
  ).toBe('fields: "Story Points" is no field id, and the site\'s names are not known yet; give ids');
});

it('gives Jira’s own words for JQL that it cannot read', async () => {
  const { read } = await toolbox();
  const { kind, message } = await refusal(() => read('search', { jql: 'colour = blue' }));
  expect(kind).toBe('tracker_payload_error');
  expect(message).toMatch(/: 400: .*colour/);
});

it('says what does not fit into one answer, and where to go on', async () => {
  const { read } = await toolbox((state) => {
    addIssues(state, 'PROJ', 99, () => ({ custom: { customfield_10020: 'x'.repeat(1_900) } }));
  });
  const args = { jql: 'ORDER BY key ASC', fields: 'customfield_10020', maxResults: 100 };
  const first = await read('search', args);
  const count = keys(first).length;
  expect(count).toBeGreaterThan(20);
  expect(count).toBeLessThan(100);
  expect(JSON.stringify(first).length).toBeLessThan(105_000);
  expect(first).toMatchObject({
    nextStartAt: count,
    note: `only ${count} of 100 fit into one answer; ask for fewer fields`,
  });
  const second = await read('search', { ...args, startAt: count });
  expect(keys(second)[0]).toBe(`PROJ-${count + 1}`);
});

it('does not take an anonymous visitor’s empty list for an answer', async () => {
  const { read, jira } = await toolbox();
  for (const account of jira.accounts) account.expired = true;
  const { kind } = await refusal(() => read('search', { jql: 'ORDER BY key' }));
  expect(kind).toBe('tracker_auth_error');
});
