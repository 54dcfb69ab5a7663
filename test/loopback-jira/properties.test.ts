// Entity properties of comments, worklogs and issues: kept as written, shown only to who asks in the documented way.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, type Reply } from './client.ts';
import { addIssue, adf, annId, botId, startLoopbackJira, type LoopbackJira } from './index.ts';

let jira: LoopbackJira;
let nowMs = 1_790_000_000_000;

beforeEach(async () => {
  jira = await startLoopbackJira({ now: () => nowMs });
  addIssue(jira.state, 'PROJ');
});
afterEach(() => jira.close());

const post = (path: string, body: unknown): Promise<Reply> => call(jira, path, { method: 'POST', body });
const properties = [
  { key: 'a.b', value: { id: 1 } },
  { key: 'c', value: 'text' },
];
const fields = {
  project: { key: 'PROJ' },
  issuetype: { name: 'Task' },
  summary: 'S',
  reporter: { id: annId },
};

it('shows those of comments only in the list by ids, when asked', async () => {
  const { json: made } = await post('/issue/PROJ-1/comment', { body: adf('x'), properties });
  expect(made.properties).toBeUndefined();
  expect((await call(jira, '/issue/PROJ-1/comment')).json.comments[0].properties).toBeUndefined();
  const ids = { ids: [Number(made.id)] };
  expect((await post('/comment/list', ids)).json.values[0].properties).toBeUndefined();
  expect((await post('/comment/list?expand=properties', ids)).json.values[0].properties).toEqual(properties);
  expect((await call(jira, '/issue/PROJ-1/comment?expand=properties')).status).toBe(400);
});

it('keeps those of a comment that is edited, and replaces the ones that are named', async () => {
  const { json: made } = await post('/issue/PROJ-1/comment', { body: adf('x'), properties });
  const body = { body: adf('y'), properties: [{ key: 'c', value: 2 }] };
  await call(jira, `/issue/PROJ-1/comment/${made.id}`, { method: 'PUT', body });
  expect(jira.state.commentsOf(jira.state.findIssue('PROJ-1')?.id ?? '')[0]?.properties).toEqual([
    properties[0],
    { key: 'c', value: 2 },
  ]);
});

it('shows those of worklogs when asked', async () => {
  await post('/issue/PROJ-1/worklog', { timeSpent: '1h', properties });
  const plain = await call(jira, '/issue/PROJ-1/worklog');
  expect(plain.json.worklogs[0].properties).toBeUndefined();
  const asked = await call(jira, '/issue/PROJ-1/worklog?expand=properties');
  expect(asked.json.worklogs[0].properties).toEqual(properties);
});

it('shows those of issues by key, in search and in bulk, as far as they are asked for', async () => {
  await post('/issue', { fields, properties });
  const shown = async (path: string): Promise<unknown> => (await call(jira, path)).json.properties;
  expect(await shown('/issue/PROJ-2')).toBeUndefined();
  expect(await shown('/issue/PROJ-2?properties=c,unknown')).toEqual({ c: 'text' });
  expect(await shown('/issue/PROJ-2?properties=*all,-c')).toEqual({ 'a.b': { id: 1 } });
  const jql = encodeURIComponent('project = PROJ ORDER BY key DESC');
  const found = await call(jira, `/search/jql?jql=${jql}&fields=summary&properties=a.b`);
  const mapped = found.json.issues.map((one: { properties: unknown }) => one.properties);
  expect(mapped).toEqual([{ 'a.b': { id: 1 } }, {}]);
  const bulk = await post('/issue/bulkfetch', { issueIdsOrKeys: ['PROJ-2'], properties: ['c'] });
  expect(bulk.json.issues[0].properties).toEqual({ c: 'text' });
});

it('makes them visible to search as late as the issue itself', async () => {
  jira.settings.indexLagMs = 5_000;
  await post('/issue', { fields, properties });
  const jql = encodeURIComponent('creator = currentUser() AND created >= "-10m"');
  const count = async (): Promise<number> => {
    const { json } = await call(jira, `/search/jql?jql=${jql}&properties=c`);
    const issues: unknown[] = json.issues;
    return issues.length;
  };
  expect(await count()).toBe(0);
  nowMs += 6_000;
  expect(await count()).toBe(1);
});

it('tells the creator from the reporter', async () => {
  await post('/issue', { fields });
  const { json } = await call(jira, '/issue/PROJ-2?fields=creator,reporter');
  expect([json.fields.creator.accountId, json.fields.reporter.accountId]).toEqual([botId, annId]);
});

it.each([
  { key: '', value: 1 },
  { key: 'x'.repeat(256), value: 1 },
  { key: 'k', value: 'x'.repeat(32_768) },
  { key: 'k' },
])('refuses a property that Jira would: %#', async (property) => {
  const reply = await post('/issue/PROJ-1/comment', { body: adf('x'), properties: [property] });
  expect(reply.status).toBe(400);
});
