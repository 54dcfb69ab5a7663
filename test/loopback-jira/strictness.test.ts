// What Atlassian's description lacks is refused and noted; so are bodies of a wrong type and wrong documents.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { call, type Call } from './client.ts';
import { addIssue, adf, startLoopbackJira, type LoopbackJira } from './index.ts';

let jira: LoopbackJira;

beforeAll(async () => {
  jira = await startLoopbackJira();
  addIssue(jira.state, 'PROJ');
});

beforeEach(() => jira.forgetRequests());
afterAll(() => jira.close());

const post = (body: unknown): Call => ({ method: 'POST', body });
const put = (body: unknown): Call => ({ method: 'PUT', body });
const jql = 'jql=project%3DPROJ';

const wrong: readonly (readonly [string, Call, number])[] = [
  [`/search/jql?${jql}&startAt=0`, {}, 400],
  [`/search/jql?${jql}&maxResults=0`, {}, 400],
  [`/search/jql?${jql}&maxResults=5001`, {}, 400],
  [`/search/jql?${jql}&maxResults=ten`, {}, 400],
  [`/search/jql?${jql}&maxResults=1&maxResults=2`, {}, 400],
  [`/search/jql?${jql}&fields=sumary`, {}, 400],
  [`/search/jql?${jql}&fields=summary,,status`, {}, 400],
  [`/search/jql?${jql}&expand=everything`, {}, 400],
  [`/search/jql?${jql}&failFast=yes`, {}, 400],
  [
    `/search/jql?${jql}&reconcileIssues=${Array.from({ length: 51 }, (_, index) => index).join(',')}`,
    {},
    400,
  ],
  ['/search/jql', post({ jql: 'project = PROJ', startAt: 0 }), 400],
  ['/search/jql', post({ jql: 'project = PROJ', fields: 'summary' }), 400],
  ['/search/jql', post({ jql: 'project = PROJ', expand: ['names'] }), 400],
  ['/search?jql=x', {}, 410],
  ['/issue/PROJ-1?field=summary', {}, 400],
  ['/issue/PROJ-1?expand=transitions.fields', {}, 400],
  ['/issue/PROJ-1/transitions?expand=fields', {}, 400],
  ['/issue/PROJ-1/comment?orderBy=updated', {}, 400],
  ['/issue/PROJ-1/comment?page=2', {}, 400],
  ['/issue/bulkfetch', post({ issueIdsOrKeys: [] }), 400],
  ['/issue/bulkfetch', post({ issueIdsOrKeys: Array.from({ length: 101 }, () => 'PROJ-1') }), 400],
  ['/issue/bulkfetch', post({ issueIdsOrKeys: ['PROJ-1'], expand: 'names' }), 400],
  ['/issue/PROJ-1/comment', post({ body: 'plain text' }), 400],
  ['/issue/PROJ-1/comment', post({ body: adf('x'), author: {} }), 400],
  ['/issue/PROJ-1/comment', post({ body: { ...adf(''), content: [{ type: 'text', text: 'loose' }] } }), 400],
  ['/issue/PROJ-1/transitions', post({ transition: 31 }), 400],
  ['/issue/PROJ-1/transitions', post({ transition: { id: '31', name: 'Start work' } }), 400],
  ['/issue/PROJ-1', put({ fields: { description: 'plain text' } }), 400],
  ['/issue/PROJ-1', put({ fields: { status: { name: 'Done' } } }), 400],
  ['/issue/PROJ-1', put({ update: { labels: [{ add: 'two words' }] } }), 400],
  ['/issue/PROJ-1', put({ fields: { labels: ['a'] }, update: { labels: [{ add: 'b' }] } }), 400],
  ['/issue/PROJ-1', put({ fields: { assignee: { name: 'ann' } } }), 400],
  ['/issue/PROJ-1/assignee', put({ name: 'ann' }), 400],
  ['/issue/PROJ-1/worklog', post({ timeSpentSeconds: 60, started: '2026-11-22T01:00:00.000Z' }), 400],
  ['/user/search?username=ann', {}, 400],
  ['/jql/parse', post({ queries: ['project = PROJ'] }), 400],
  ['/myself', { headers: { 'content-type': 'application/json' }, body: {} }, 400],
  ['/mypermissions', {}, 404],
  ['/issue/PROJ-1/comment', { method: 'PATCH' }, 405],
];

it.each(wrong)('refuses and notes %s %j', async (path, options, status) => {
  const reply = await call(jira, path, options);
  expect(reply.status, reply.text).toBe(status);
  expect(jira.violations().map(({ url }) => url)).toEqual([`/rest/api/3${path}`]);
});

it('refuses bodies that are not declared as JSON, or are none', async () => {
  const path = '/issue/PROJ-1/comment';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await call(jira, path, { ...post({ body: adf('x') }), headers: form })).status).toBe(415);
  const raw = await fetch(`${jira.url}/rest/api/3/issue/PROJ-1/comment`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa('bot@example.com:secret-token')}`,
      'content-type': 'application/json',
    },
    body: '{"body":',
  });
  expect(raw.status).toBe(400);
  expect(jira.state.commentsOf(jira.state.findByKey('PROJ-1')?.id ?? '')).toEqual([]);
});

it('answers in the language of the account, or as problem+json', async () => {
  jira.settings.language = 'fr';
  const french = await call(jira, '/issue/PROJ-99');
  expect(french.json.errorMessages[0]).toMatch(/ticket/);
  jira.settings.problemJson = 'always';
  const problem = await call(jira, '/search/jql?jql=nope');
  expect(problem.headers['content-type']).toBe('application/problem+json');
  expect(problem.json).toMatchObject({ status: 400, title: 'Bad Request' });
  expect(problem.json).not.toHaveProperty('errorMessages');
  Object.assign(jira.settings, { language: 'en', problemJson: 'never' });
});

it('notes nothing for what the description allows', async () => {
  const fields =
    'summary,status,priority,labels,assignee,issuetype,parent,issuelinks,created,updated,description';
  await call(jira, `/search/jql?${jql}&maxResults=50&fields=${fields}`, {
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  });
  await call(jira, `/search/jql?${jql}&fields=summary&fields=status`);
  await call(jira, '/issue/PROJ-1?fields=*navigable,-comment&expand=names,transitions');
  await call(jira, '/issue/PROJ-1/transitions?expand=transitions.fields');
  expect(jira.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(jira.violations()).toEqual([]);
});
