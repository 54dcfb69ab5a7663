// Who is let in: wrong credentials are anonymous, scoped tokens work behind the gateway, permissions hide.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { basic, call, withJira } from './client.ts';
import { account, addIssue, adf, botId, readOnly, startLoopbackJira } from './index.ts';

const jira = await startLoopbackJira({
  accounts: [
    account({ accountId: botId }),
    account({ accountId: botId, email: 'reader@example.com', permissions: readOnly }),
    account({ accountId: botId, email: 'other@example.com', projects: ['OPS'] }),
    account({ accountId: botId, email: 'scoped@example.com', kind: 'scoped' }),
    account({
      accountId: botId,
      email: 'scoped@example.com',
      token: 'reads',
      kind: 'scoped',
      scopes: ['read:jira-work'],
    }),
    account({ accountId: botId, email: 'app@example.com', token: 'bearer-token', kind: 'oauth' }),
  ],
});
addIssue(jira.state, 'PROJ');
const wrong = basic('bot@example.com:wrong');
const gateway = `${jira.gatewayUrl}/rest/api/3`;

beforeEach(() => {
  for (const one of jira.accounts) one.expired = false;
});
afterAll(() => jira.close());

it('makes wrong credentials anonymous: 200 and nothing, with a header that says so', async () => {
  const failed = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' };
  for (const [path, status, body] of [
    ['/search/jql?jql=project%3DPROJ', 200, { issues: [] }],
    ['/project/search', 200, { values: [] }],
    ['/issue/PROJ-1', 404, {}],
    ['/myself', 401, {}],
  ] as const) {
    const reply = await call(jira, path, { headers: wrong });
    expect(reply.status, path).toBe(status);
    expect(reply.headers).toMatchObject(failed);
    expect(reply.json).toMatchObject(body);
  }
  const right = await call(jira, '/issue/PROJ-1');
  expect(right.status).toBe(200);
  expect(right.headers).not.toHaveProperty('x-seraph-loginreason');
});

it('makes an expired token a wrong one', async () => {
  for (const one of jira.accounts) one.expired = true;
  const reply = await call(jira, '/search/jql?jql=project%3DPROJ');
  expect(reply.json.issues).toEqual([]);
  expect(reply.headers['x-seraph-loginreason']).toBe('AUTHENTICATED_FAILED');
});

it('locks the door with a CAPTCHA', async () => {
  jira.settings.captcha = true;
  const reply = await call(jira, '/myself');
  jira.settings.captcha = false;
  expect(reply.status).toBe(401);
  expect(reply.headers['x-seraph-loginreason']).toBe('AUTHENTICATION_DENIED');
});

it('takes Bearer only behind the gateway', async () => {
  const bearer = { authorization: 'Bearer bearer-token' };
  expect((await call(jira, '/myself', { headers: bearer })).status).toBe(403);
  expect((await call(jira, '/myself', { headers: bearer, base: gateway })).status).toBe(200);
});

it('takes scoped tokens only behind the gateway, and asks for the scope there', async () => {
  const scoped = { headers: basic('scoped@example.com:secret-token') };
  expect((await call(jira, '/issue/PROJ-1', scoped)).status).toBe(404);
  expect((await call(jira, '/issue/PROJ-1', { ...scoped, base: gateway })).status).toBe(200);
  const reads = { headers: basic('scoped@example.com:reads'), base: gateway };
  expect((await call(jira, '/issue/PROJ-1', reads)).status).toBe(200);
  const written = await call(jira, '/issue/PROJ-1/comment', {
    ...reads,
    method: 'POST',
    body: { body: adf('x') },
  });
  expect(written.status).toBe(401);
  const elsewhere = await call(jira, '/issue/PROJ-1', { ...scoped, base: gateway.replace('1111', '9999') });
  expect(elsewhere.status).toBe(404);
});

it('tells the cloud id without a login', async () => {
  const reply = await call(jira, '/_edge/tenant_info', { base: jira.url, headers: wrong });
  expect(reply.json).toEqual({ cloudId: jira.cloudId });
});

it('tells the time by its own clock', async () => {
  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  await withJira({ now: () => nowMs }, async (own) => {
    const reply = await call(own, '/serverInfo');
    expect(reply.headers['date']).toBe('Fri, 02 Jan 2026 03:04:05 GMT');
    expect(reply.json.serverTime).toBe('2026-01-02T03:04:05.000+0000');
  });
});

it('shows a reader no transitions and refuses his writes', async () => {
  const headers = basic('reader@example.com:secret-token');
  const list = await call(jira, '/issue/PROJ-1/transitions', { headers });
  expect(list.json.transitions).toEqual([]);
  const write = (path: string, body: unknown): Promise<number> =>
    call(jira, path, { method: 'POST', headers, body }).then(({ status }) => status);
  expect(await write('/issue/PROJ-1/comment', { body: adf('x') })).toBe(403);
  expect(await write('/issue/PROJ-1/transitions', { transition: { id: '31' } })).toBe(400);
  expect(await write('/issue', { fields: {} })).toBe(403);
});

it('hides other projects: their issues are gone, their keys unknown', async () => {
  const headers = basic('other@example.com:secret-token');
  expect((await call(jira, '/issue/PROJ-1', { headers })).status).toBe(404);
  expect((await call(jira, '/search/jql?jql=key%3DPROJ-1', { headers })).status).toBe(400);
  const bulk = await call(jira, '/issue/bulkfetch', {
    method: 'POST',
    headers,
    body: { issueIdsOrKeys: ['PROJ-1'] },
  });
  expect(bulk.json.issues).toEqual([]);
  expect(bulk.json.issueErrors).toHaveLength(1);
});

it('never shows an address, a name or a key of somebody else', async () => {
  const { json } = await call(jira, '/user/search?query=ann');
  expect(json[0]).toMatchObject({ displayName: 'Ann Example' });
  for (const hidden of ['emailAddress', 'name', 'key']) expect(json[0]).not.toHaveProperty(hidden);
});

it('limits bursts by endpoint and writes by issue, and says which limit it was', async () => {
  let nowMs = 1_000_000;
  await withJira({ now: () => nowMs }, async (own) => {
    addIssue(own.state, 'PROJ');
    own.settings.burstLimits = {
      getPerSecond: 2,
      postPerSecond: 9,
      putPerSecond: 1,
      deletePerSecond: 1,
      issuePerSecond: 3,
    };
    own.settings.issueWriteLimits = { perTwoSeconds: 2, perThirtySeconds: 3 };
    const statuses = async (count: number, run: () => ReturnType<typeof call>): Promise<number[]> => {
      const found: number[] = [];
      for (let index = 0; index < count; index += 1) found.push((await run()).status);
      return found;
    };
    expect(await statuses(3, () => call(own, '/myself'))).toEqual([200, 200, 429]);
    expect(await statuses(4, () => call(own, '/issue/PROJ-1'))).toEqual([200, 200, 200, 429]);
    const comment = (): ReturnType<typeof call> =>
      call(own, '/issue/PROJ-1/comment', { method: 'POST', body: { body: adf('x') } });
    expect(await statuses(2, comment)).toEqual([201, 201]);
    const refused = await comment();
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-reason': 'jira-per-issue-on-write',
    });
    nowMs += 2001;
    expect(await statuses(2, comment)).toEqual([201, 429]);
    const burst = await statuses(2, () => call(own, '/myself'));
    expect(burst).toEqual([200, 200]);
    expect((await call(own, '/myself')).headers['ratelimit-reason']).toBe('jira-burst-based');
  });
});
