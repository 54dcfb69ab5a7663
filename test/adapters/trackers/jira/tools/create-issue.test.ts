// atlassian_jira_create_issue and _create_issues: what is asked for is what is proposed, and nonsense fails at once.
import { expect, it } from 'vitest';
import { refusal, toolbox } from './toolbox.ts';

const bug = { projectKey: 'eng', issueType: 'Bug', summary: 'Checkout answers 500' };

it('comes down to one creation with everything that was given', async () => {
  const { actions } = await toolbox();
  const rest = {
    description: '# Steps\n\n- open it',
    ...{ assignee: 'Ann Example', priority: 'High', labels: ['a', 'b'], components: ['Backend'] },
    customFields: { 'Story Points': 5, customfield_10020: null },
  };
  expect(actions('create_issue', { ...bug, ...rest, parentKey: 'eng-1' })).toEqual([
    { operation: 'create_issue', details: { ...bug, projectKey: 'ENG', ...rest, parentKey: 'ENG-1' } },
  ]);
  expect(actions('create_issue', bug)).toEqual([
    { operation: 'create_issue', details: { ...bug, projectKey: 'ENG' } },
  ]);
});

it('comes down to one creation of many, each with what it says itself', async () => {
  const { actions } = await toolbox();
  const shared = {
    ...{ projectKey: 'ENG', issueType: 'Bug', priority: 'High' },
    labels: ['ai-generated', 'error-log-triage'],
  };
  const issues = Array.from({ length: 12 }, (_, index) => ({
    summary: `Error ${index}`,
    ...(index === 3 ? { priority: 'Low', issueType: 'Task', parentKey: 'ENG-1' } : {}),
  }));
  expect(actions('create_issues', { ...shared, issueCount: 12, issues })).toEqual([
    { operation: 'create_issues', details: { ...shared, issueCount: 12, issues } },
  ]);
  expect(actions('create_issues', { ...shared, issues })).toMatchObject([{ details: { issueCount: 12 } }]);
});

it.each([
  ['create_issue', { ...bug, projectKey: 'E N' }, /^projectKey: "E N" is no project key/],
  ['create_issue', { ...bug, summary: '  ' }, /^summary: is blank/],
  ['create_issue', { ...bug, labels: ['two words'] }, /^labels: "two words" is empty or has a space/],
  ['create_issue', { ...bug, parentKey: 'none' }, /^parentKey: "none" is no issue key/],
  [
    'create_issue',
    { ...bug, customFields: { Colour: 'red' } },
    /^customFields: the site has no field "Colour"/,
  ],
  [
    'create_issue',
    { ...bug, customFields: { project: { key: 'X' } } },
    /^customFields: "project" is no custom/,
  ],
  [
    'create_issue',
    { ...bug, customFields: { Assignee: 'ann' } },
    /^customFields: "Assignee" is no custom field/,
  ],
  [
    'create_issues',
    { ...bug, summary: undefined, issueCount: 3, issues: [{ summary: 'a' }] },
    /^issueCount: is 3/,
  ],
  [
    'create_issues',
    { ...bug, summary: undefined, issues: [{ summary: 'a', labels: [' '] }] },
    /^issues.0.labels/,
  ],
])('%s refuses %j', async (name, args, message) => {
  const { plan } = await toolbox();
  const { summary, ...rest } = args as Record<string, unknown>;
  const found = await refusal(() => plan(name, summary === undefined ? rest : args));
  expect(found.kind).toBe('invalid_arguments');
  expect(found.message).toMatch(message);
});

it('lets no system field be set as a custom one, also while nothing is known of the site', async () => {
  const { plan, actions } = await toolbox();
  const with_ = (customFields: object) => ({ ...bug, customFields });
  for (const name of ['project', 'Issue Type', 'ASSIGNEE', 'fix-versions', 'parent']) {
    const { message } = await refusal(() => plan('create_issue', with_({ [name]: 1 }), { schema: null }));
    expect(message).toMatch(/is no custom field; set it by its own parameter/);
  }
  expect(actions('create_issue', with_({ 'Story Points': 1 }), { schema: null })).toHaveLength(1);
});

it('names the fields when a custom field’s name fits several', async () => {
  const { plan, schema } = await toolbox();
  const fields = [...schema.fields, { id: 'customfield_10077', name: 'story points', type: 'number' }];
  const args = { ...bug, customFields: { 'STORY POINTS': 3 } };
  expect(await refusal(() => plan('create_issue', args, { schema: { ...schema, fields } }))).toEqual({
    kind: 'ambiguous_name',
    message: 'customFields: "STORY POINTS" names 2 fields: customfield_10016, customfield_10077; give the id',
  });
});
