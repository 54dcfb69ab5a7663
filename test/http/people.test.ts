// `server.users`: a token of one's own opens the API and the page, says who decides and who said a word, and nobody can
// say to be somebody else.
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BULK_ID } from './fake-proposals.ts';
import { openServer, TOKEN, type OpenServer } from './signed-in.ts';
import { listeningServer, testServer } from './start-server.ts';
import { ANNA, bearer, BEN, json, settingsWith } from './users.ts';
import { Agent } from 'undici';

const off = settingsWith({ host: '0.0.0.0', token: TOKEN });

async function meOf(made: OpenServer, headers: Record<string, string>): Promise<unknown> {
  const { status, text } = await made.send('GET', '/api/v1/me', headers);
  return status === 200 ? JSON.parse(text) : status;
}

async function signIn({ send, url }: OpenServer, token: string): Promise<string> {
  const { headers } = await send('POST', '/login', { ...json, origin: url }, JSON.stringify({ token }));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

const anna = { name: 'anna', groups: ['leads'] };
const nobody = { name: 'operator', groups: [], signed_in: false };

describe('who asks', () => {
  it('is the operator, in every group, where no users are configured', async () => {
    const { server } = testServer();
    const me = (await server.inject({ url: '/api/v1/me', headers: bearer('whatever') })).json();
    expect(me).toEqual({ name: 'operator', groups: null, signed_in: false });
  });

  it('is a user by his own token, off loopback and on it', async () => {
    for (const settings of [off, settingsWith(), settingsWith({ host: '0.0.0.0' })]) {
      const made = await openServer({ settings });
      expect(await meOf(made, bearer(ANNA.token))).toEqual({ ...anna, signed_in: false });
      expect(await meOf(made, bearer(BEN.token))).toEqual({ name: 'ben', groups: [], signed_in: false });
    }
  });

  it('is the operator by the shared token, or on loopback without any, then in no group', async () => {
    expect(await meOf(await openServer({ settings: off }), bearer(TOKEN))).toEqual(nobody);
    const local = await openServer({ settings: settingsWith({ token: TOKEN }) });
    expect(await meOf(local, {})).toEqual(nobody);
    expect(await meOf(local, bearer(TOKEN))).toEqual(nobody);
  });

  it('needs a token or a session off loopback, and through a proxy', async () => {
    expect(await meOf(await openServer({ settings: off }), {})).toBe(401);
    const local = await openServer({ settings: settingsWith() });
    const host = { host: 'sortie.example' };
    expect(await meOf(local, host)).toBe(401);
    expect(await meOf(local, { ...host, ...bearer(ANNA.token) })).toMatchObject(anna);
  });

  it.each([
    ['another’s beginning', ANNA.token.slice(0, -1)],
    ['two at once', `${ANNA.token} ${BEN.token}`],
    ['a name', 'anna'],
    ['other letters', ANNA.token.toUpperCase()],
  ])('is nobody by %s, also on loopback', async (_, token) => {
    for (const settings of [off, settingsWith()]) {
      const made = await openServer({ settings });
      expect(await meOf(made, bearer(token))).toBe(401);
      expect((await made.send('GET', '/livez', bearer(token))).status).toBe(200);
    }
  });

  it('is not a user without a token, whatever is sent', async () => {
    const users = [{ name: 'carl', token: '', groups: ['leads'] }];
    const made = await openServer({ settings: settingsWith({ users }) });
    for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer' }]) {
      expect(await meOf(made, headers)).toEqual(nobody);
    }
    expect(() => testServer({ settings: settingsWith({ users, host: '0.0.0.0' }) })).toThrow(/server\.token/);
  });

  it('may guess five times a minute, also on loopback and at the socket’s own users', async () => {
    const made = await openServer({ settings: settingsWith() });
    for (let round = 0; round < 5; round += 1) expect(await meOf(made, bearer(`guess ${round}`))).toBe(401);
    expect(await meOf(made, bearer('guess 6'))).toBe(429);
    const login = await made.send('POST', '/login', json, JSON.stringify({ token: ANNA.token }));
    expect([login.status, login.code]).toEqual([429, 'too_many_logins']);
    expect(await meOf(made, bearer(ANNA.token))).toMatchObject(anna);
    expect(await meOf(made, {})).toEqual(nobody);
    expect(made.warnings).toHaveLength(6);
    expect(JSON.stringify(made.warnings)).not.toMatch(/guess|anna/);
  });
});

describe('a user’s session', () => {
  it('is his alone: two people in two browsers are two', async () => {
    for (const settings of [off, settingsWith()]) {
      const made = await openServer({ settings });
      const [hers, his] = [await signIn(made, ANNA.token), await signIn(made, BEN.token)];
      expect(await meOf(made, { cookie: hers })).toEqual({ ...anna, signed_in: true });
      expect(await meOf(made, { cookie: his })).toMatchObject({ name: 'ben', groups: [], signed_in: true });
      expect((await made.send('POST', '/logout', { ...json, cookie: hers })).status).toBe(200);
      expect(await meOf(made, { cookie: hers })).toEqual(settings === off ? 401 : nobody);
      expect(await meOf(made, { cookie: his })).toMatchObject({ name: 'ben' });
    }
  });

  it('opens the page and decides under his name; the operator’s decides nothing of a group', async () => {
    const made = await openServer({ settings: off });
    const decide = async (cookie: string) =>
      made.send(
        'POST',
        `/api/v1/approvals/${BULK_ID}`,
        { ...json, cookie, origin: made.url, 'sec-fetch-site': 'same-origin' },
        '{"status":"approved"}',
      );
    const shared = await made.signIn();
    expect(await meOf(made, { cookie: shared })).toEqual({ ...nobody, signed_in: true });
    expect((await decide(shared)).code).toBe('not_in_group');
    const hers = await signIn(made, ANNA.token);
    expect((await made.send('GET', '/approvals', { cookie: hers })).status).toBe(200);
    expect(JSON.parse((await decide(hers)).text)).toMatchObject({ decided_by: 'anna' });
  });

  it('outlives a restart, and ends with a new token, another name, or none at all', async () => {
    const cookie = await signIn(await openServer({ settings: off }), ANNA.token);
    const after = async (users: (typeof ANNA)[]): Promise<unknown> =>
      meOf(await openServer({ settings: { ...off, users } }), { cookie });
    expect(await after([BEN, { ...ANNA, groups: ['other'] }])).toMatchObject({
      name: 'anna',
      groups: ['other'],
    });
    expect(await after([{ ...ANNA, token: `${ANNA.token}2` }, BEN])).toBe(401);
    expect(await after([{ ...ANNA, name: 'Anna' }, BEN])).toBe(401);
    expect(await after([{ ...BEN, token: ANNA.token }])).toBe(401);
    expect(await after([BEN])).toBe(401);
    expect(await after([])).toBe(401);
  });

  it('cannot be turned into another’s', async () => {
    const made = await openServer({ settings: off });
    const parts = async (token: string) =>
      (await signIn(made, token)).replace('sortie-session=', '').split('.');
    const [a, b, shared] = [await parts(ANNA.token), await parts(BEN.token), await parts(TOKEN)];
    expect([a.length, b.length, shared.length]).toEqual([4, 4, 3]);
    for (const forged of [
      [b[0], b[1], a[2], b[3]],
      [shared[0], shared[1], a[2], shared[2]],
      [b[0], b[1], b[3]],
      [a[0], a[1], '', a[3]],
      [a[0], a[1], 'anna', a[3]],
      [a[0], a[1], '__proto__', a[3]],
      [a[0], a[1], a[2], a[2], a[3]],
    ]) {
      expect(await meOf(made, { cookie: `sortie-session=${forged.join('.')}` }), forged.join('.')).toBe(401);
    }
  });

  it('counts from our own page only', async () => {
    const made = await openServer({ settings: settingsWith() });
    const cookie = await signIn(made, ANNA.token);
    const answer = await made.send('GET', '/api/v1/me', { cookie, 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it('is offered on loopback, where a wrong token is refused and looking needs none', async () => {
    const made = await openServer({ settings: settingsWith() });
    expect((await made.send('GET', '/approvals')).status).toBe(200);
    const wrong = await made.send('POST', '/login', json, '{"token":"wrong"}');
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
    const right = await made.send('POST', '/login', json, JSON.stringify({ token: ANNA.token }));
    expect(JSON.parse(right.text)).toMatchObject({
      signed_in: true,
      expires_at: expect.any(String) as string,
    });
  });
});

describe('under which name a word is kept', () => {
  it.each([
    ['a user’s own', bearer(ANNA.token), {}, 'anna'],
    ['a user’s own, whatever he says', bearer(ANNA.token), { by: 'ben' }, 'anna'],
    ['the operator’s, with the name that he says', {}, { by: 'carl' }, 'operator (carl)'],
    ['the operator’s, if he says none', {}, {}, 'operator'],
    ['not a user’s that the operator says', {}, { by: 'anna' }, 'operator (anna)'],
    ['nor one that looks the same', {}, { by: ' ＡＮＮＡ\t' }, 'operator (ＡＮＮＡ)'],
    ['nor one with a sign that nobody sees', {}, { by: 'an\u200bna' }, 'operator (an\u200bna)'],
    ['nor one in letters of another script', {}, { by: '\u0430nn\u0430' }, 'operator (\u0430nn\u0430)'],
    ['nor by the shared token', bearer(TOKEN), { by: 'Ben' }, 'operator (Ben)'],
  ])('%s', async (_, headers, body, by) => {
    const { server, daemon } = testServer({ settings: settingsWith({ token: TOKEN }) });
    for (const url of ['/api/v1/pause', '/api/v1/issues/SHOP-42/cancel']) {
      await server.inject({ method: 'POST', url, headers: { ...json, ...headers }, payload: body });
    }
    expect(daemon.controls.map(({ word }) => word.by)).toEqual([by, by]);
  });
});

describe('over the Unix socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sortie-people-'));
  const agent = new Agent({ connect: { socketPath: join(folder, 's') } });
  afterEach(async () => {
    await agent.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('one is the operator, or a user by his token, and nobody by a wrong one', async () => {
    const settings = settingsWith({ host: '0.0.0.0', socket: join(folder, 's') });
    const { server } = await listeningServer({ settings });
    await server.listenOnSocket();
    const me = async (headers: Record<string, string>): Promise<unknown> => {
      const answer = await request('http://localhost/api/v1/me', { dispatcher: agent, headers });
      const body = await answer.body.json();
      return answer.statusCode === 200 ? body : answer.statusCode;
    };
    expect(await me({})).toEqual(nobody);
    expect(await me(bearer(ANNA.token))).toMatchObject(anna);
    expect(await me(bearer('wrong'))).toBe(401);
  });
});
