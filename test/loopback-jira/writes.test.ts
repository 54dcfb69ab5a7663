// What the API writes is what it reads back: issues, edits, labels, people, comments, links, worklogs, watchers.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, keysOf, type Reply } from './client.ts';
import { addIssue, addProject, adf, annId, botId, startLoopbackJira, type LoopbackJira } from './index.ts';

let jira: LoopbackJira;

beforeEach(async () => {
  jira = await startLoopbackJira();
  addProject(jira.state, 'OPS');
  addIssue(jira.state, 'PROJ', { labels: ['one'] });
  addIssue(jira.state, 'PROJ');
});
afterEach(async () => {
  expect(jira.violations()).toEqual([]);
  await jira.close();
});

const send = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(jira, path, { method, body });
const fields = async (key: string, names: string): Promise<Record<string, unknown>> => {
  const { json } = await call(jira, `/issue/${key}?fields=${names}`);
  const values: Record<string, unknown> = json.fields;
  return values;
};

it('creates an issue with what its screen takes, and says what is missing', async () => {
  const created = await send('POST', '/issue', {
    fields: {
      project: { key: 'PROJ' },
      issuetype: { name: 'Bug' },
      summary: 'Broken',
      description: adf('It does not work'),
      labels: ['a', 'b'],
      priority: { name: 'High' },
      assignee: { accountId: annId },
      parent: { key: 'PROJ-1' },
    },
  });
  expect(created.status).toBe(201);
  expect(created.json.key).toBe('PROJ-3');
  expect(await fields('PROJ-3', '*all')).toMatchObject({
    summary: 'Broken',
    description: adf('It does not work'),
    labels: ['a', 'b'],
    priority: { name: 'High' },
    assignee: { accountId: annId },
    reporter: { accountId: botId },
    parent: { key: 'PROJ-1', fields: { status: { name: 'Backlog' } } },
    status: { name: 'Backlog' },
  });
  expect(await keysOf(jira, 'parent = PROJ-1')).toEqual(['PROJ-3']);
  const incomplete = await send('POST', '/issue', { fields: { project: { key: 'PROJ' } } });
  expect(incomplete.status).toBe(400);
  expect(Object.keys(incomplete.json.errors)).toEqual(['issuetype', 'summary']);
});

it('edits fields, adds and removes labels, and touches updated', async () => {
  const before = await fields('PROJ-1', 'updated');
  await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(String(before['updated'])));
  const edited = await send('PUT', '/issue/PROJ-1', {
    fields: { summary: 'New' },
    update: { labels: [{ add: 'two' }, { remove: 'one' }, { add: 'three' }] },
  });
  expect([edited.status, edited.text]).toEqual([204, '']);
  const after = await fields('PROJ-1', 'summary,labels,updated');
  expect(after).toMatchObject({ summary: 'New', labels: ['two', 'three'] });
  expect(String(after['updated']) > String(before['updated'])).toBe(true);
  expect(after['updated']).toMatch(/\+0000$/);
  const back = await send('PUT', '/issue/PROJ-1?returnIssue=true', { update: { labels: [{ set: [] }] } });
  expect(back.json.fields.labels).toEqual([]);
});

it('assigns by account id only to people who exist, and unassigns', async () => {
  expect((await send('PUT', '/issue/PROJ-1/assignee', { accountId: annId })).status).toBe(204);
  expect(await fields('PROJ-1', 'assignee')).toMatchObject({ assignee: { displayName: 'Ann Example' } });
  expect((await send('PUT', '/issue/PROJ-1/assignee', { accountId: 'nobody' })).status).toBe(400);
  expect((await send('PUT', '/issue/PROJ-1/assignee', { accountId: null })).status).toBe(204);
  expect(await fields('PROJ-1', 'assignee')).toEqual({ assignee: null });
});

it('writes, edits, lists and deletes comments', async () => {
  const written = await send('POST', '/issue/PROJ-1/comment', { body: adf('first') });
  expect(written.json).toMatchObject({ body: adf('first'), author: { accountId: botId } });
  const { id } = written.json;
  expect((await send('PUT', `/issue/PROJ-1/comment/${id}`, { body: adf('second') })).json.body).toEqual(
    adf('second'),
  );
  expect((await call(jira, `/issue/PROJ-1/comment/${id}`)).json.body).toEqual(adf('second'));
  expect((await send('POST', '/comment/list', { ids: [Number(id), 1] })).json).toMatchObject({ total: 1 });
  expect((await send('DELETE', `/issue/PROJ-1/comment/${id}`)).status).toBe(204);
  expect((await call(jira, `/issue/PROJ-1/comment/${id}`)).status).toBe(404);
});

it('links two issues so that the inward one is the blocker', async () => {
  const link = { type: { name: 'Blocks' }, inwardIssue: { key: 'PROJ-2' }, outwardIssue: { key: 'PROJ-1' } };
  expect((await send('POST', '/issueLink', link)).status).toBe(201);
  const [blocked] = (await fields('PROJ-1', 'issuelinks'))['issuelinks'] as Record<string, unknown>[];
  expect(blocked).toMatchObject({ inwardIssue: { key: 'PROJ-2', fields: { status: { name: 'Backlog' } } } });
  expect(blocked).not.toHaveProperty('outwardIssue');
  const [blocking] = (await fields('PROJ-2', 'issuelinks'))['issuelinks'] as Record<string, unknown>[];
  expect(blocking).toMatchObject({ outwardIssue: { key: 'PROJ-1' } });
  expect((await send('POST', '/issueLink', { ...link, type: { name: 'Sperrt' } })).status).toBe(404);
  jira.settings.linkedFields = false;
  const [bare] = (await fields('PROJ-1', 'issuelinks'))['issuelinks'] as { inwardIssue: object }[];
  expect(bare?.inwardIssue).not.toHaveProperty('fields');
});

it('logs work and lists it', async () => {
  const body = { timeSpent: '1h 30m', started: '2026-11-20T08:00:00.000+0000', comment: adf('done') };
  const added = await send('POST', '/issue/PROJ-1/worklog?adjustEstimate=leave', body);
  expect(added.json).toMatchObject({ timeSpentSeconds: 5400, started: body.started, comment: adf('done') });
  expect((await call(jira, '/issue/PROJ-1/worklog')).json).toMatchObject({ total: 1 });
  expect((await send('DELETE', '/issue/PROJ-1/worklog', { ids: [Number(added.json.id)] })).status).toBe(204);
});

it('adds watchers, the caller when none is named, and removes them', async () => {
  await send('POST', '/issue/PROJ-1/watchers');
  await send('POST', '/issue/PROJ-1/watchers', annId);
  expect((await call(jira, '/issue/PROJ-1/watchers')).json).toMatchObject({
    watchCount: 2,
    isWatching: true,
  });
  expect((await send('DELETE', `/issue/PROJ-1/watchers?accountId=${annId}`)).status).toBe(204);
  expect((await call(jira, '/issue/PROJ-1/watchers')).json).toMatchObject({ watchCount: 1 });
});

it('leads from the old key of a moved issue to the new one, everywhere', async () => {
  const { id } = jira.state.findByKey('PROJ-1') ?? { id: '' };
  jira.people.relocate('PROJ-1', 'OPS');
  for (const name of ['PROJ-1', 'proj-1', 'OPS-1', id]) {
    expect((await call(jira, `/issue/${name}?fields=status`)).json, name).toMatchObject({ id, key: 'OPS-1' });
  }
  const bulk = await send('POST', '/issue/bulkfetch', {
    issueIdsOrKeys: ['PROJ-1', 'OPS-1', 'PROJ-77'],
    fields: ['status'],
  });
  expect(bulk.json.issues).toHaveLength(1);
  expect(bulk.json.issueErrors).toMatchObject([{ id: 'PROJ-77' }]);
  expect(await keysOf(jira, 'project = PROJ')).toEqual(['PROJ-2']);
});

it('forgets a deleted issue wholly', async () => {
  jira.people.comment('PROJ-2', 'x');
  jira.people.block('PROJ-2', 'PROJ-1');
  jira.people.delete('PROJ-2');
  expect((await call(jira, '/issue/PROJ-2/comment')).status).toBe(404);
  expect((await call(jira, '/search/jql?jql=key%20IN%20(PROJ-1%2CPROJ-2)')).status).toBe(400);
  expect(await fields('PROJ-1', 'issuelinks')).toEqual({ issuelinks: [] });
});

it('describes the site: projects, statuses, priorities, fields, what creating needs', async () => {
  expect((await call(jira, '/project/search')).json.values.map(({ key }: { key: string }) => key)).toEqual([
    'OPS',
    'PROJ',
  ]);
  expect((await call(jira, '/project/NOPE')).status).toBe(404);
  expect((await call(jira, '/project/PROJ?expand=lead')).json).toMatchObject({ lead: { accountId: annId } });
  const [task] = (await call(jira, '/project/PROJ/statuses')).json;
  expect(task.statuses.map(({ name }: { name: string }) => name)).toContain('In Review');
  expect((await call(jira, '/statuses/search?searchString=done')).json.values).toMatchObject([
    { statusCategory: 'DONE' },
  ]);
  expect((await call(jira, '/priority/search')).json.values[0]).toMatchObject({ id: '1', name: 'Highest' });
  const types = await call(jira, '/issue/createmeta/PROJ/issuetypes');
  const typeId: string = types.json.issueTypes[0].id;
  const meta = await call(jira, `/issue/createmeta/PROJ/issuetypes/${typeId}`);
  const required = meta.json.fields.filter((one: { required: boolean }) => one.required);
  expect(required.map(({ fieldId }: { fieldId: string }) => fieldId)).toEqual([
    'project',
    'issuetype',
    'summary',
  ]);
  const whole = await call(jira, '/issue/createmeta?projectKeys=PROJ&expand=projects.issuetypes.fields');
  expect(whole.json.projects[0].issuetypes[0].fields).toHaveProperty('summary');
  for (const path of ['/status', '/priority', '/field', '/issueLinkType', '/serverInfo', '/myself']) {
    expect((await call(jira, path)).status, path).toBe(200);
  }
  const assignable = await call(jira, '/user/assignable/search?query=ann&project=PROJ');
  expect(assignable.json).toMatchObject([{ accountId: annId }]);
});

it('parses queries and says what is wrong with them', async () => {
  const parsed = await send('POST', '/jql/parse?validation=strict', {
    queries: ['project = PROJ AND labels IN (a, EMPTY) ORDER BY created DESC', 'status = Nope', 'x ='],
  });
  expect(parsed.json.queries).toMatchObject([
    { structure: { where: { operator: 'and' }, orderBy: { fields: [{ direction: 'desc' }] } } },
    { errors: ["The value 'Nope' does not exist for the field 'status'."] },
    { errors: [expect.stringContaining('Error in the JQL Query')] },
  ]);
  expect(parsed.json.queries[1]).not.toHaveProperty('structure');
});
