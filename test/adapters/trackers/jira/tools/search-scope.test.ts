// Whatever a query says, it shows nothing of projects that are not open to the tools of the run.
import { expect, it } from 'vitest';
import { addBlocker, addIssue } from '../../../../loopback-jira/index.ts';
import { keys, refusal, toolbox } from './toolbox.ts';

const withOther = () =>
  toolbox((state) => {
    addIssue(state, 'OTHER', { summary: 'Secret plan', labels: ['x'] });
    addIssue(state, 'PROJ', { labels: ['x'] });
  });

it.each([
  ['x) OR (project = OTHER'],
  ['labels = x) OR (project = OTHER) ORDER BY (key'],
  ['labels = "x\\") OR (project = OTHER'],
  ["labels = 'x) OR (project = OTHER"],
  ['labels = x ORDER BY key) OR (project = OTHER'],
])('refuses to send %j, which would leave its parentheses', async (jql) => {
  const { plan, jira } = await withOther();
  const { kind, message } = await refusal(() => plan('search', { jql }));
  expect(kind).toBe('tracker_payload_error');
  expect(message).toMatch(/the query cannot be sent/);
  expect(jira.requests).toEqual([]);
});

it.each([
  ['project = OTHER', []],
  ['labels = x OR project = OTHER', ['PROJ-2']],
  ['project in (PROJ, OTHER) ORDER BY key', ['PROJ-1', 'PROJ-2']],
  ['NOT project = PROJ', []],
])('%j finds only what is open: %j', async (jql, expected) => {
  const { read } = await withOther();
  expect(keys(await read('search', { jql }))).toEqual(expected);
});

it('finds in every project when all are open, and in those that are named', async () => {
  const { read } = await withOther();
  const jql = 'labels = x ORDER BY key';
  expect(keys(await read('search', { jql }, { projects: null }))).toEqual(['OTHER-1', 'PROJ-2']);
  expect(keys(await read('search', { jql }, { projects: ['OTHER', 'PROJ'] }))).toEqual(['OTHER-1', 'PROJ-2']);
  expect((await refusal(() => read('search', { jql }, { projects: [] }))).kind).toBe(
    'project_scope_violation',
  );
});

it('leaves out what Jira gives of another project all the same', async () => {
  const { read, jira } = await withOther();
  jira.faults.add({
    endpoint: 'GET /search/jql',
    fault: {
      kind: 'change',
      answer: (answer) => {
        const body = answer.body as { issues: { key: string }[] };
        const [first] = body.issues;
        return {
          ...answer,
          body: { ...body, issues: [...body.issues, { ...first, id: '999', key: 'OTHER-1' }] },
        };
      },
    },
  });
  expect(keys(await read('search', { jql: 'labels = x' }))).toEqual(['PROJ-2']);
});

it('shows only the key of linked issues and parents of another project', async () => {
  const { read, state, own } = await withOther();
  const secret = state.findIssue('OTHER-1');
  const near = state.findIssue('PROJ-2');
  if (!secret || !near) throw new Error('not there');
  addBlocker(state, secret, own);
  addBlocker(state, own, near);
  const { issues } = await read('search', { jql: 'key = PROJ-1', fields: 'issuelinks' });
  const note = 'in a project that is not open to tools';
  expect((issues as { linkedIssues: unknown }[])[0]?.linkedIssues).toEqual([
    { linkType: 'is blocked by', key: 'OTHER-1', note },
    { linkType: 'blocks', key: 'PROJ-2', summary: 'Issue PROJ-2', status: 'Backlog', issuetype: 'Task' },
  ]);
  const open = await read('search', { jql: 'key = PROJ-1', fields: 'issuelinks' }, { projects: null });
  expect(JSON.stringify(open)).toContain('Secret plan');
});

it('knows a project by the key that it was renamed to, and asks for it once', async () => {
  const { read, jira, state } = await withOther();
  const project = state.findProject('PROJ');
  const near = state.findIssue('PROJ-2');
  if (!project || !near) throw new Error('not there');
  // Jira answers to a project's old key; the loopback does not, so its answer is given for it.
  jira.faults.add({
    endpoint: 'GET /project/{projectIdOrKey}',
    fault: { kind: 'status', status: 200, body: { id: project.id, key: 'NEW', name: 'New' } },
  });
  state.editIssue(near.id, { key: 'NEW-2' });
  for (let times = 0; times < 2; times += 1) {
    expect(keys(await read('search', { jql: 'labels = x' }))).toEqual(['NEW-2']);
    expect(await read('get_issue', { issueKey: near.id })).toMatchObject({ key: 'NEW-2' });
  }
  const asked = jira.requests.filter(({ endpoint }) => endpoint === 'GET /project/{projectIdOrKey}');
  expect(asked).toHaveLength(1);
});
