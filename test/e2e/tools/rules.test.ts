// What the policy and the people of `server.users` decide, seen from outside: what is refused was never asked of Jira,
// and no two decisions are made of one proposal.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addIssue, addProject } from '../../loopback-jira/index.ts';
import { getJson, until } from '../program.ts';
import { applied, decide, waiting } from './decisions.ts';
import { makeDesk, type Answer, type Desk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.close());

/** What was asked of Jira by the job about issues of that word: the daemon's own questions go on beside it. */
async function askedOfJira(word: string, job: () => Promise<unknown>): Promise<readonly string[]> {
  desk.jira.forgetRequests();
  await job();
  return desk.jira.requests
    .filter(({ url, text, method }) => method !== 'GET' || `${url}${text}`.includes(word))
    .map(({ method, url }) => `${method} ${url}`)
    .filter((line) => !line.endsWith('/issue/bulkfetch'));
}

const comment = (issueKey: string, body = 'A word'): object => ({ issueKey, action: 'add_comment', body });

it('is first the scope, then the rules and their limits, and nothing of it reaches Jira', async () => {
  desk = await makeDesk({
    tools: {
      default: 'deny',
      rules: [
        { name: 'never done', operation: 'transition_issue', to: ['Done'], decision: 'deny' },
        { operation: 'transition_issue', decision: 'allow' },
        {
          name: 'few words',
          operation: 'add_comment',
          when: { issue: 'own' },
          decision: 'allow',
          limit: '2/run',
        },
        { operation: 'create_issue', decision: 'allow', when: { issue_type: ['Bug'] } },
      ],
    },
  });
  desk.addIssues(2);
  addProject(desk.jira.state, 'OTHER');
  addIssue(desk.jira.state, 'OTHER', { summary: 'Secret plans' });
  await desk.start();
  const agent = await desk.agent('PROJ-1');
  const manage = (args: object): Promise<Answer> => agent.call('atlassian_jira_manage_issue', { ...args });
  // Who is known is not read again.
  expect(await manage(comment('PROJ-1'))).toMatchObject({ data: { rule: 'rule 3 (few words)' } });

  const outside = await askedOfJira('OTHER', async () => {
    const answers = [
      await manage(comment('OTHER-1')),
      await agent.call('atlassian_jira_get_issue', { issueKey: 'OTHER-1' }),
      await agent.call('tracker_api', { operation: 'fetch_comments', issueKey: 'OTHER-1' }),
      await agent.call('atlassian_jira_get_issues_by_project', { projectKey: 'OTHER' }),
      await agent.call('atlassian_jira_create_issue', {
        projectKey: 'OTHER',
        issueType: 'Bug',
        summary: 'Over there',
      }),
      await agent.call('atlassian_jira_create_issue', {
        projectKey: 'PROJ',
        issueType: 'Bug',
        summary: 'Child of theirs',
        parentKey: 'OTHER-1',
      }),
      await manage({
        issueKey: 'PROJ-1',
        action: 'link_issues',
        targetIssueKey: 'OTHER-1',
        linkType: 'blocks',
      }),
    ];
    for (const { success, error } of answers)
      expect([success, error.kind]).toEqual([false, 'project_scope_violation']);
  });
  expect(outside).toEqual([]);
  const search = await agent.call('atlassian_jira_search', { jql: 'project = OTHER OR summary ~ "Secret"' });
  expect(JSON.stringify(search)).not.toContain('Secret plans');

  // What is in scope is asked for, so the counting would have seen it.
  const inside = () => agent.call('atlassian_jira_get_issue', { issueKey: 'PROJ-2' });
  expect(await askedOfJira('PROJ-2', inside)).not.toEqual([]);

  const refused = await askedOfJira('none', async () => {
    expect(
      await agent.call('tracker_api', { operation: 'transition_issue', issueKey: 'PROJ-2', to: 'Done' }),
    ).toMatchObject({ error: { kind: 'policy_denied', decision: 'deny', rule: 'rule 1 (never done)' } });
    // By the name of the transition it is the same.
    expect(
      await agent.call('atlassian_jira_update_issue', {
        issueKey: 'PROJ-2',
        action: 'transition',
        transitionName: 'Close',
      }),
    ).toMatchObject({ error: { kind: 'policy_denied', rule: 'rule 1 (never done)' } });
    expect(await manage(comment('PROJ-2'))).toMatchObject({
      error: { kind: 'policy_denied', rule: 'default for writes' },
    });
    // All or nothing: one of its issues is a task.
    expect(
      await agent.call('atlassian_jira_create_issues', {
        projectKey: 'PROJ',
        issueType: 'Bug',
        issues: [{ summary: 'New bug' }, { summary: 'New task', issueType: 'Task' }],
      }),
    ).toMatchObject({ error: { kind: 'policy_denied' } });
  });
  expect(refused).toEqual([]);
  expect(desk.made('New')).toEqual([]);

  expect(await manage(comment('PROJ-1'))).toMatchObject({ success: true });
  expect(await manage(comment('PROJ-1'))).toMatchObject({
    error: { kind: 'limit_exceeded', rule: 'rule 3 (few words)' },
  });
  expect(desk.comments('PROJ-1')).toHaveLength(2);
});

it('says the same in sortie explain', async () => {
  desk = await makeDesk({
    tools: { rules: [{ name: 'no', operation: 'transition_issue', to: ['Done'], decision: 'deny' }] },
  });
  desk.addIssues(1);
  const daemon = await desk.start();
  const words = ['explain', 'PROJ-1', '--operation', 'transition_issue', '--url', daemon.url];
  expect((await desk.run(...words, '--set', 'to=Done')).stdout).toMatch(/deny.*rule 1 \(no\)/s);
  expect((await desk.run(...words, '--set', 'to=In Review')).stdout).toMatch(/approve.*default for writes/s);
});

describe('with users', () => {
  const headers = (token: string) => ({ authorization: `Bearer ${token}` });
  const ana = headers('ana-token-0123456789');
  const ben = headers('ben-token-0123456789');
  beforeEach(async () => {
    desk = await makeDesk({
      tools: {
        default: 'approve',
        rules: [
          { operation: 'create_issue', when: { priority: ['Highest'] }, decision: 'deny' },
          { operation: 'create_issue', when: { priority: ['High'] }, decision: 'approve', group: 'leads' },
        ],
        approval: { wait_ms: 50 },
      },
      server: {
        users: [
          { name: 'ana', token: 'ana-token-0123456789', groups: ['leads'] },
          { name: 'ben', token: 'ben-token-0123456789', groups: ['office'] },
        ],
      },
    });
    desk.addIssues(1);
  });
  const propose = async (priority: string): Promise<string> => {
    const agent = await desk.agent('PROJ-1');
    const details = { projectKey: 'PROJ', issueType: 'Bug', summary: 'Fire', priority };
    const answer = await agent.call('atlassian_jira_create_issue', details);
    return answer.data.approval_id as string;
  };

  it('is decided by the group alone, and not into what the policy denies', async () => {
    const daemon = await desk.start();
    const id = await propose('High');
    expect(await waiting(daemon, ben)).toMatchObject({ group: 'leads', may_decide: false });
    expect(await waiting(daemon, ana)).toMatchObject({ group: 'leads', may_decide: true });
    expect(await getJson(`${daemon.url}/api/v1/approvals/${id}`)).toMatchObject({ may_decide: false });
    for (const who of [ben, {}]) {
      expect(await decide(daemon, id, { status: 'approved' }, who)).toMatchObject({
        status: 403,
        body: { error: { code: 'not_in_group' } },
      });
    }
    expect(await decide(daemon, id, { status: 'approved' }, headers('ana-token-9876543210'))).toMatchObject({
      status: 401,
    });
    const worse = { status: 'approved', modifiedDetails: { priority: 'Highest' } };
    expect(await decide(daemon, id, worse, ana)).toMatchObject({
      status: 422,
      body: { error: { code: 'policy_denied' } },
    });
    for (const modifiedDetails of [
      { colour: 'red' },
      { summary: 5 },
      { projectKey: 'OTHER' },
      { summary: null },
    ]) {
      const { status, body } = await decide(daemon, id, { status: 'approved', modifiedDetails }, ana);
      expect([status, body.error.code]).toEqual([
        422,
        'projectKey' in modifiedDetails ? 'policy_denied' : 'invalid_details',
      ]);
    }
    expect(desk.made('Fire')).toEqual([]);
    const decided = await decide(daemon, id, { status: 'approved', decisionNote: 'go' }, ana);
    expect(decided).toMatchObject({ status: 200, body: { decided_by: 'ana', decisionNote: 'go' } });
    await applied(daemon, id);
    expect(desk.made('Fire')).toHaveLength(1);
  });

  it('is not edited into the field of a group by somebody else', async () => {
    const daemon = await desk.start();
    const id = await propose('Low');
    const higher = { status: 'approved', modifiedDetails: { priority: 'High' } };
    expect(await decide(daemon, id, higher, ben)).toMatchObject({
      status: 403,
      body: { error: { code: 'not_in_group' } },
    });
    expect(await decide(daemon, id, { status: 'approved' }, ben)).toMatchObject({ status: 200 });
    await applied(daemon, id);
    expect(desk.made('Fire')).toHaveLength(1);
  });

  it('is decided once by two people at once', async () => {
    const daemon = await desk.start();
    const id = await propose('High');
    const both = await Promise.all([
      decide(daemon, id, { status: 'approved' }, ana),
      decide(daemon, id, { status: 'rejected' }, ana),
      decide(daemon, id, { status: 'approved' }, ana),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const won = both.find(({ status }) => status === 200)?.body.status as string;
    if (won === 'approved') await applied(daemon, id);
    await daemon.ticks(2);
    expect(desk.made('Fire')).toHaveLength(won === 'approved' ? 1 : 0);
    expect(await until('it', () => getJson(`${daemon.url}/api/v1/approvals/${id}`))).toMatchObject({
      status: won,
    });
  });
});
