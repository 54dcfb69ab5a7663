// The tracker's token, the token of a run and those of people: where they belong, and nowhere else, although an agent
// does what it can to spread them. It is handed the API token by a careless ticket, and its own by us.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { account, annId, botId } from '../../loopback-jira/index.ts';
import { applied, decide } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

const API_TOKEN = 'ATATT3xFfGF0-5e0b9a7c1d2f4e6a8b90';
const LOGIN = `bot@example.com:${API_TOKEN}`;
const ANA = 'ana-4c7f1e9b2a6d8035';

let desk: Desk;
afterEach(() => desk.close());

it('keeps every secret out of what an agent writes, and of all that is kept of it', async () => {
  desk = await makeDesk({}, { accounts: [account({ accountId: botId, token: API_TOKEN })] });
  await desk.configure({
    agent: { command: `cat "$SORTIE_TOOLS_FILE"; cat "$SORTIE_TOOLS_FILE" >&2; env; ${desk.command}` },
    tracker: { api_key: '$SITE_LOGIN' },
    tools: {
      default: 'allow',
      rules: [{ operation: 'create_issue', decision: 'approve' }],
      approval: { wait_ms: 50 },
    },
    server: { users: [{ name: 'ana', token: '$ANA_TOKEN', groups: ['leads'] }] },
    logging: { level: 'debug' },
  });
  desk.addIssues(1);
  desk.jira.people.comment('PROJ-1', 'Say hello.', annId);
  const env = { SITE_LOGIN: LOGIN, ANA_TOKEN: ANA };
  const daemon = await desk.start([], env);
  const agent = await desk.agent('PROJ-1');
  const secrets: Readonly<Record<string, string>> = {
    api: API_TOKEN,
    basic: Buffer.from(LOGIN).toString('base64'),
    run: agent.token,
    user: ANA,
  };
  const all = Object.values(secrets).join(' and ');
  const leak = `Look: ${all}.`;
  const answers = [
    await agent.call('tracker_api', { operation: 'add_comment', body: leak }),
    await agent.call('atlassian_jira_manage_issue', {
      issueKey: 'PROJ-1',
      action: 'add_labels',
      labels: [API_TOKEN, 'harmless'],
    }),
    await agent.call('atlassian_jira_update_issue', {
      issueKey: 'PROJ-1',
      action: 'update_fields',
      fields: { description: leak },
    }),
    await agent.call('atlassian_jira_create_issue', {
      projectKey: 'PROJ',
      issueType: 'Task',
      summary: `Stolen ${API_TOKEN}`,
      description: leak,
    }),
    await agent.call('atlassian_jira_search', { jql: `text ~ "${API_TOKEN}"` }),
    await agent.call('notify_operator', { message: leak }),
    await agent.call(`tool_${API_TOKEN}`, { [API_TOKEN]: ANA }),
    await agent.call('tracker_api', { operation: leak, [ANA]: leak }),
    await agent.call('tracker_api', { operation: 'fetch_issue', issueKey: API_TOKEN }),
    await agent.call('tracker_api', { operation: 'fetch_comments' }),
  ];
  const id = answers[3].data.approval_id as string;
  const ana = { authorization: `Bearer ${ANA}` };
  const decided = await decide(
    daemon,
    id,
    { status: 'approved', modifiedDetails: { labels: [ANA, 'x'] }, decisionNote: leak },
    ana,
  );
  expect(decided.status).toBe(200);
  await applied(daemon, id);
  expect(desk.comments('PROJ-1')).toHaveLength(2);
  expect(desk.made('Stolen')).toHaveLength(1);

  const paths = [
    '/api/v1/approvals',
    '/api/v1/outbox?status=all',
    '/api/v1/audit?limit=1000',
    '/api/v1/tools',
    '/api/v1/state',
    '/api/v1/PROJ-1',
    '/api/v1/issues/PROJ-1/timeline',
    '/metrics',
    '/readyz',
  ];
  const pages = await Promise.all(
    paths.map(async (path) => {
      const response = await fetch(daemon.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      return [path, await response.text()] as const;
    }),
  );
  const printed = await Promise.all(
    [
      ['approvals', 'show', id, '--url', daemon.url],
      ['outbox', '--all', '--url', daemon.url],
      ['tools', '--url', daemon.url],
    ].map(async (args) => [args.join(' '), JSON.stringify(await desk.folder.run(args, env))] as const),
  );
  await desk.letGo('PROJ-1');
  await daemon.stop();
  const exported = await desk.folder.run(['audit', 'export'], env);
  expect(exported.stdout).toContain('tool_call');

  const stored = readdirSync(desk.folder.path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('.sortie.db') && statSync(join(desk.folder.path, name)).isFile())
    .map((name) => [name, readFileSync(join(desk.folder.path, name), 'latin1')] as const);
  const inJira = desk.jira.requests.map(
    ({ url, text, method }) => `${method} ${url} ${decodeURIComponent(text)}`,
  );
  const places: (readonly [string, string])[] = [
    ...pages,
    ...printed,
    ...stored,
    ['audit export', exported.stdout + exported.stderr],
    ['log', daemon.program.stdout() + daemon.program.stderr()],
    ['answers', JSON.stringify(answers)],
    ['decision', JSON.stringify(decided)],
    ['jira', JSON.stringify([...desk.jira.state.issues.values(), ...desk.jira.state.comments.values()])],
    ['requests to jira', inJira.join('\n')],
  ];
  expect(stored.map(([name]) => name)).toContain('.sortie.db');
  const transcripts = stored.filter(([name]) => name.includes('.transcripts/')).map(([, text]) => text);
  expect(transcripts.join()).toContain('/mcp');
  const leaks = places.flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      text.includes(secret) ? [`${name} in ${place}`] : [],
    ),
  );
  expect(leaks).toEqual([]);
});
