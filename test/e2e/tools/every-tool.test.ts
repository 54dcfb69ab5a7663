// Every tool of a run, called by a real MCP client over HTTP and by another one over stdio, and what is in Jira then.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { annId, botId } from '../../loopback-jira/index.ts';
import { textOf } from '../jira/site.ts';
import { callTool, makeDesk, type Agent, type Answer, type Desk } from './desk.ts';
import { TOOL_NAMES } from './tool-names.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({
    tools: {
      default: 'approve',
      rules: [
        { name: 'daily work', operation: 'writes', decision: 'allow' },
        { operation: 'notify_operator', decision: 'allow', limit: '5/run' },
      ],
    },
  });
  desk.addIssues(2);
  const { projects, users } = desk.jira.state;
  for (const [id, project] of projects) {
    const createScreen = [...project.createScreen, { fieldId: 'customfield_10016', required: false }];
    projects.set(id, { ...project, createScreen });
  }
  for (const [id, user] of users) users.set(id, { ...user, emailVisible: true });
});
afterEach(() => desk.close());

const issueOf = (key: string) => {
  const found = desk.jira.state.findByKey(key);
  if (found === null) throw new Error(`no issue ${key}`);
  return found;
};
const priority = (key: string) =>
  desk.jira.state.priorities.find(({ id }) => id === issueOf(key).priorityId)?.name;

/** The values under these names, one by one. */
const pluck = (list: readonly Readonly<Record<string, unknown>>[], ...names: readonly string[]) =>
  list.map((one) => names.map((name) => one[name]));

/** A write that was made at once. */
async function done(agent: Agent, tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
  const answer = await agent.call(tool, args);
  expect(answer).toMatchObject({ success: true, data: { status: 'done', decision: 'allow' } });
  expect(answer.data.rule).toBe('rule 1 (daily work)');
  return answer.data;
}

it('is listed and does what it says, over HTTP', async () => {
  await desk.start();
  const agent = await desk.agent('PROJ-1');
  const { tools } = await agent.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(TOOL_NAMES);
  for (const { name, description, inputSchema } of tools) {
    expect(description, name).toMatch(/\w{3}/);
    expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
  }

  // Creating: one, with everything; several; a sub-task of one.
  const one = await done(agent, 'atlassian_jira_create_issue', {
    projectKey: 'PROJ',
    issueType: 'Bug',
    summary: 'Checkout answers 500',
    description:
      'It **fails**:\n\n- always\n- [here](https://example.com/x)\n\n[no](javascript:alert(1)) <b>raw</b>',
    assignee: 'Ann Example',
    priority: 'High',
    labels: ['shop'],
    components: ['Backend'],
    customFields: { 'Story Points': 5 },
  });
  const made = one.result.issueKey as string;
  expect(issueOf(made)).toMatchObject({
    summary: 'Checkout answers 500',
    assigneeId: annId,
    labels: ['shop'],
    components: ['Backend'],
    custom: { customfield_10016: 5 },
  });
  expect(priority(made)).toBe('High');
  const description = JSON.stringify(issueOf(made).description);
  expect(description).toContain('bulletList');
  expect(description).toContain('"href":"https://example.com/x"');
  expect(description).not.toMatch(/"href":"javascript/);

  const several = await done(agent, 'atlassian_jira_create_issues', {
    projectKey: 'PROJ',
    issueType: 'Task',
    priority: 'Low',
    issues: [{ summary: 'Bulk one' }, { summary: 'Bulk two', priority: 'Lowest' }],
  });
  expect(several.result.writes).toHaveLength(2);
  expect(desk.made('Bulk').map(priority)).toEqual(['Low', 'Lowest']);
  const child = await done(agent, 'atlassian_jira_create_issue', {
    projectKey: 'PROJ',
    issueType: 'Sub-task',
    summary: 'A part',
    parentKey: made,
  });
  expect(issueOf(child.result.issueKey).parentId).toBe(issueOf(made).id);

  // Updating: fields alone, a transition alone, both with a comment.
  const update = (args: object) => done(agent, 'atlassian_jira_update_issue', { issueKey: made, ...args });
  await update({ action: 'update_fields', fields: { summary: 'Checkout fails', labels: ['a', 'b'] } });
  expect(issueOf(made)).toMatchObject({ summary: 'Checkout fails', labels: ['a', 'b'], assigneeId: annId });
  await update({ action: 'transition', transitionName: 'Start work' });
  expect(desk.status(made)).toBe('In Progress');
  const both = await agent.call('atlassian_jira_update_issue', {
    issueKey: made,
    action: 'both',
    fields: { priority: 'Highest' },
    transitionName: 'In Review',
    transitionComment: 'Please *look*.',
  });
  // The comment is part of the move.
  expect(pluck(both.data.results, 'status', 'rule')).toEqual(Array(2).fill(['done', 'rule 1 (daily work)']));
  expect([priority(made), desk.status(made)]).toEqual(['Highest', 'In Review']);
  expect(desk.comments(made).map(({ body }) => textOf(body).trim())).toEqual(['Please look.']);
  const nowhere = await agent.call('atlassian_jira_update_issue', {
    issueKey: made,
    action: 'transition',
    transitionName: 'Launch',
  });
  expect(nowhere).toMatchObject({ success: false });
  expect(nowhere.error.message).toMatch(/Start work.*Close|Close.*Start work/);

  // Managing: each of the eight.
  const manage = (args: object) => done(agent, 'atlassian_jira_manage_issue', { issueKey: made, ...args });
  await manage({ action: 'add_comment', body: 'Deployed to **staging**' });
  expect(textOf(desk.comments(made)[1]?.body)).toBe('Deployed to staging\n');
  await manage({ action: 'add_worklog', timeSpent: '2h 30m', worklogComment: 'the fix' });
  expect(desk.jira.state.worklogs.get(issueOf(made).id)).toMatchObject([{ timeSpentSeconds: 9000 }]);
  await manage({ action: 'link_issues', targetIssueKey: 'PROJ-2', linkType: 'blocks' });
  expect(desk.jira.state.linksOf(issueOf(made).id)).toMatchObject([
    { inwardId: issueOf(made).id, outwardId: issueOf('PROJ-2').id },
  ]);
  await manage({ action: 'add_labels', labels: ['c'] });
  await manage({ action: 'remove_labels', labels: ['a'] });
  expect(issueOf(made).labels).toEqual(['b', 'c']);
  await manage({ action: 'unassign' });
  expect(issueOf(made).assigneeId).toBeNull();
  await manage({ action: 'assign', accountId: 'bot@example.com' });
  expect(issueOf(made).assigneeId).toBe(botId);
  await manage({ action: 'add_watcher', accountId: annId });
  expect([...(desk.jira.state.watchers.get(issueOf(made).id) ?? [])]).toContain(annId);

  // The tools of every tracker; without a key they mean the run's own issue.
  await done(agent, 'tracker_api', { operation: 'add_comment', body: 'On my own issue' });
  const fetched = await agent.call('tracker_api', { operation: 'fetch_issue' });
  expect(fetched).toMatchObject({ success: true, data: { identifier: 'PROJ-1', state: 'In Progress' } });
  const comments = await agent.call('tracker_api', { operation: 'fetch_comments', issueKey: 'PROJ-1' });
  expect(pluck(comments.data.comments, 'body')).toEqual([['On my own issue']]);
  const found = await agent.call('tracker_api', { operation: 'search_issues', query: 'summary ~ "Bulk"' });
  expect(pluck(found.data.issues, 'identifier').flat().sort()).toEqual(desk.made('Bulk'));
  const queued = await done(agent, 'tracker_api', {
    operation: 'transition_issue',
    issueKey: 'PROJ-2',
    to: 'Done',
  });
  expect(desk.status('PROJ-2')).toBe('Done');
  expect(await agent.call('request_status', { id: queued.id })).toMatchObject({
    success: true,
    data: { status: 'done', id: queued.id, result: { issueKey: 'PROJ-2' } },
  });

  const said = await agent.call('notify_operator', { message: 'The certificate ends on Friday.' });
  expect(said).toMatchObject({ success: true, data: { delivered_to: 0, messages_left: 4 } });
});

it('reads what it says, over HTTP', async () => {
  desk.jira.people.edit('PROJ-2', { assigneeId: annId, summary: 'Pay by card' });
  desk.jira.people.comment('PROJ-2', 'First thing');
  await desk.start();
  const agent = await desk.agent('PROJ-1');
  const keys = ({ data }: Answer) => pluck(data.issues, 'key').flat();

  const search = await agent.call('atlassian_jira_search', { jql: 'ORDER BY created ASC', maxResults: 1 });
  expect([keys(search), search.data.nextStartAt]).toEqual([['PROJ-1'], 1]);
  const rest = await agent.call('atlassian_jira_search', { jql: 'ORDER BY created ASC', startAt: 1 });
  expect([keys(rest), rest.data.nextStartAt]).toEqual([['PROJ-2'], null]);
  const wrong = await agent.call('atlassian_jira_search', { jql: 'status = = 5' });
  expect(wrong).toMatchObject({ success: false, error: { kind: 'tracker_payload_error' } });

  const got = await agent.call('atlassian_jira_get_issue', { issueKey: 'PROJ-2' });
  expect(got.data).toMatchObject({
    key: 'PROJ-2',
    summary: 'Pay by card',
    comments: [{ body: 'First thing' }],
  });
  expect(pluck(got.data.transitions, 'name')).toContainEqual(['Start work']);
  const byProject = await agent.call('atlassian_jira_get_issues_by_project', { projectKey: 'PROJ' });
  expect(keys(byProject).sort()).toEqual(['PROJ-1', 'PROJ-2']);
  const byUser = await agent.call('atlassian_jira_get_issues_by_user', { assigneeEmail: 'ann@example.com' });
  expect(keys(byUser)).toEqual(['PROJ-2']);
  const projects = await agent.call('atlassian_jira_list_projects');
  expect(projects.data.projects).toEqual([{ key: 'PROJ', name: 'PROJ project' }]);
  const ann = await agent.call('atlassian_jira_get_user', { accountId: annId });
  expect(ann.data).toEqual({ accountId: annId, displayName: 'Ann Example', emailAddress: 'ann@example.com' });

  // About itself: bare objects.
  expect(await agent.call('sortie_status')).toMatchObject({
    turn_number: 1,
    max_turns: 1,
    turns_remaining: 0,
    attempt: 0,
    tokens: { input_tokens: 0, output_tokens: 0 },
  });
  expect(await agent.call('workspace_history')).toMatchObject({ issue: 'PROJ-1' });

  // Nothing is guessed.
  const odd = await agent.call('tracker_api', { operation: 'fetch_issue', issue_key: 'PROJ-1' });
  expect(odd).toMatchObject({ success: false, error: { kind: 'invalid_arguments' } });
  expect(odd.error.message).toContain('issue_key');
  // Only the orchestrator has changed anything: to "In Progress".
  const changes = desk.jira.requests.filter(
    ({ method, endpoint }) => method !== 'GET' && endpoint !== 'POST /issue/bulkfetch',
  );
  expect(changes.map(({ endpoint }) => endpoint)).toEqual(['POST /issue/{issueIdOrKey}/transitions']);
});

it('is the same by sortie mcp-server, and a write there is in Jira', async () => {
  await desk.start();
  await desk.agent('PROJ-1');
  const client = await desk.stdioClient('PROJ-1');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOL_NAMES);
  const got = await callTool(client, 'atlassian_jira_get_issue', { issueKey: 'PROJ-1' });
  expect(got.data.key).toBe('PROJ-1');
  const wrote = await callTool(client, 'atlassian_jira_manage_issue', {
    issueKey: 'PROJ-1',
    action: 'add_comment',
    body: 'Over stdio',
  });
  expect(wrote).toMatchObject({ success: true, data: { status: 'done', decision: 'allow' } });
  expect(desk.comments('PROJ-1').map(({ body }) => textOf(body))).toEqual(['Over stdio\n']);
  expect(await callTool(client, 'sortie_status', {})).toMatchObject({ turn_number: 1 });
});
