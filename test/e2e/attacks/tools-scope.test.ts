// Other words for what is outside: ids, keys of issues that were moved, keys in custom fields, queries that want out of
// their brackets, ids in the place of names. None of them shows, makes or touches anything there, whatever the rules allow.

import { afterEach, expect, it } from 'vitest';
import { addIssue, addProject } from '../../loopback-jira/index.ts';
import { makeDesk, type Agent, type Answer, type Desk } from '../tools/desk.ts';

const EPIC = 'customfield_10014';

let desk: Desk;
afterEach(() => desk.close());

/** Beside `PROJ` a project with two issues that nobody here may see. */
async function start(tools: object): Promise<Agent> {
  desk = await makeDesk({ tools });
  desk.addIssues(3);
  const { state } = desk.jira;
  addProject(state, 'SECRET');
  for (const summary of ['Hidden plan', 'Hidden price']) addIssue(state, 'SECRET', { summary });
  state.fields.set(EPIC, {
    id: EPIC,
    name: 'Epic Link',
    ...{ custom: true, navigable: true, searchable: true, orderable: true },
    clauseNames: ['cf[10014]', 'Epic Link'],
    schema: { type: 'any', custom: 'com.pyxis.greenhopper.jira:gh-epic-link', customId: 10_014 },
  });
  for (const [id, project] of state.projects) {
    const more = [EPIC, 'customfield_10020'].map((fieldId) => ({ fieldId, required: false }));
    state.projects.set(id, { ...project, createScreen: [...project.createScreen, ...more] });
  }
  await desk.start();
  return desk.agent('PROJ-1');
}

const bug = (more: object): object => ({ projectKey: 'PROJ', issueType: 'Bug', summary: 'Led out', ...more });
const kind = (answer: Answer): string => (answer.success === false ? String(answer.error.kind) : 'success');

it('is not found, read, written or led to', async () => {
  const agent = await start({ default: 'allow' });
  desk.jira.people.relocate('PROJ-3', 'SECRET');
  const id = desk.id('SECRET-1');
  const manage = (more: object) => ['atlassian_jira_manage_issue', { issueKey: 'PROJ-1', ...more }] as const;
  const link = (targetIssueKey: string) =>
    manage({ action: 'link_issues', targetIssueKey, linkType: 'blocks' });
  const calls: readonly (readonly [string, object])[] = [
    ...[id, 'SECRET-1', 'PROJ-3'].flatMap((issueKey) => [
      ['tracker_api', { operation: 'fetch_issue', issueKey }] as const,
      ['tracker_api', { operation: 'fetch_comments', issueKey }] as const,
      ['atlassian_jira_get_issue', { issueKey }] as const,
      manage({ issueKey, action: 'add_comment', body: 'x' }),
      link(issueKey),
      ['atlassian_jira_create_issue', bug({ issueType: 'Sub-task', parentKey: issueKey })] as const,
    ]),
    ...['SECRET-1', 'PROJ-3'].flatMap((key) => [
      ['atlassian_jira_create_issue', bug({ customFields: { 'Epic Link': key } })] as const,
      ['atlassian_jira_create_issue', bug({ customFields: { [EPIC]: [{ key }] } })] as const,
    ]),
    [
      'atlassian_jira_update_issue',
      { issueKey: 'PROJ-2', action: 'update_fields', customFields: { [EPIC]: 'secret-1' } },
    ],
  ];
  for (const [tool, args] of calls) {
    const answer = await agent.call(tool, args as Record<string, unknown>);
    expect(kind(answer), JSON.stringify(args)).toBe('project_scope_violation');
    expect(JSON.stringify(answer)).not.toContain('Hidden');
  }
  expect(desk.made('Led out')).toEqual([]);
  expect(desk.jira.state.linksOf(desk.id('PROJ-1'))).toEqual([]);
  expect(desk.comments('SECRET-1')).toEqual([]);
  // Text that looks like a key is text, and an epic of our own is no way out.
  const fine = bug({ customFields: { 'Epic Link': 'PROJ-2', 'Environment name': 'UTF-8' } });
  const made = await agent.call('atlassian_jira_create_issue', fine as Record<string, unknown>);
  expect(kind(made), JSON.stringify(made)).toBe('success');
});

it('is not in what a search finds, however it is asked for', async () => {
  const agent = await start({ default: 'allow' });
  for (const jql of [
    'project = SECRET',
    'summary ~ "plan" OR project = SECRET',
    'summary ~ "plan") OR (project = SECRET',
    'a = "\\") OR (project = SECRET',
    `a = '" OR project = SECRET`,
    '-- x\n) OR project = SECRET',
    'ORDER BY created) OR (project = SECRET',
    'order by created order by key',
    'key = SECRET-1',
    `id = ${desk.id('SECRET-1')}`,
  ]) {
    for (const answer of [
      await agent.call('atlassian_jira_search', { jql, fields: '*all' }),
      await agent.call('tracker_api', { operation: 'search_issues', query: jql }),
    ]) {
      expect(JSON.stringify(answer), jql).not.toMatch(/Hidden/);
      if (answer.success) expect(answer.data.issues, jql).toEqual([]);
      else expect(answer.error.kind, jql).toBe('tracker_payload_error');
    }
  }
});

it('is judged by the rules of its project, also by its id or an old key', async () => {
  const deny = { operation: ['fetch_issue', 'fetch_comments', 'writes'], decision: 'deny' };
  const agent = await start({
    default: 'allow',
    projects: ['PROJ', 'SECRET'],
    rules: [{ ...deny, when: { project: ['SECRET'] } }],
  });
  desk.jira.people.relocate('PROJ-3', 'SECRET');
  for (const issueKey of ['SECRET-1', desk.id('SECRET-1'), 'PROJ-3']) {
    for (const [tool, args] of [
      ['tracker_api', { operation: 'fetch_issue', issueKey }],
      ['tracker_api', { operation: 'fetch_comments', issueKey }],
      ['atlassian_jira_get_issue', { issueKey }],
      ['tracker_api', { operation: 'add_comment', issueKey, body: 'x' }],
    ] as const) {
      const answer = await agent.call(tool, args);
      expect(kind(answer), `${tool} ${JSON.stringify(args)}`).toBe('policy_denied');
      expect(JSON.stringify(answer)).not.toContain('Hidden');
    }
  }
});

it('does not take an id for a name while the names are not known', async () => {
  desk = await makeDesk({
    tools: {
      default: 'allow',
      rules: [
        { operation: ['create_issue', 'update_issue'], when: { priority: ['Highest'] }, decision: 'deny' },
        { operation: 'create_issue', when: { issue_type: ['Epic'] }, decision: 'deny' },
      ],
    },
  });
  desk.addIssues(1);
  desk.jira.faults.add({ endpoint: 'GET /priority/search', fault: { kind: 'status', status: 403 } });
  await desk.start();
  const agent = await desk.agent('PROJ-1');
  const create = (more: object) =>
    agent.call('atlassian_jira_create_issue', bug(more) as Record<string, unknown>);
  expect(kind(await create({ priority: 'Highest' }))).toBe('policy_denied');
  expect(kind(await create({ priority: '1' }))).toBe('invalid_arguments');
  expect(kind(await create({ issueType: '10000' }))).toBe('invalid_arguments');
  const update = { issueKey: 'PROJ-1', action: 'update_fields', fields: { priority: '1' } };
  expect(kind(await agent.call('atlassian_jira_update_issue', update))).toBe('invalid_arguments');
  expect(desk.made('Led out')).toEqual([]);
  expect(kind(await create({ priority: 'Low' }))).toBe('success');
});
