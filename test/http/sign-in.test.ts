// Signing in off loopback: who is sent to the login page, what the session opens, and how it ends.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from './fake-daemon.ts';
import { openServer, TOKEN } from './signed-in.ts';
import { testServer } from './start-server.ts';

const json = { 'content-type': 'application/json' };
const token = JSON.stringify({ token: TOKEN });

describe('who has not signed in', () => {
  it.each([
    ['/', '/login'],
    ['/?x=1', '/login?next=%2F%3Fx%3D1'],
    ['/history', '/login?next=%2Fhistory'],
    ['/history?status=failed&text=a%26b', '/login?next=%2Fhistory%3Fstatus%3Dfailed%26text%3Da%2526b'],
    ['/charts', '/login?next=%2Fcharts'],
    ['/health', '/login?next=%2Fhealth'],
    ['/issues/a%2Fb', '/login?next=%2Fissues%2Fa%252Fb'],
  ])('is sent from %s to %s', async (path, location) => {
    const { send } = await openServer();
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await send(method, path);
      expect([status, headers['location']]).toEqual([303, location]);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('gets the login page and its files, which hold no data', async () => {
    const { send } = await openServer();
    for (const path of ['/login', '/login?next=%2Fhistory', '/assets/page-Ab3dE6gH.js']) {
      expect((await send('GET', path)).status, path).toBe(200);
    }
  });

  it.each([
    '/api/v1/state',
    '/api/v1/events',
    '/nope',
    '/Login',
    '/login/',
    '/%6cogin',
    '//history',
    '/issues',
    '/assets/nope.js',
    '/assets/../api/v1/state',
  ])('gets 401 at %s', async (path) => {
    const { send } = await openServer();
    expect((await send('GET', path)).status).toBe(401);
  });

  it('is answered 401 at a page when there is no page to sign in at', async () => {
    const { send } = await openServer({ pageDirectory: null });
    expect((await send('GET', '/')).status).toBe(401);
  });

  it('is not sent anywhere by a write', async () => {
    const { send } = await openServer();
    expect((await send('POST', '/', json)).status).toBe(401);
  });
});

describe('signing in', () => {
  it('sets a cookie that no script and no other site can use, for 12 hours', async () => {
    const { send, url } = await openServer();
    const answer = await send(
      'POST',
      '/login',
      { ...json, origin: url, 'sec-fetch-site': 'same-origin' },
      token,
    );
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { signed_in: true, expires_at: new Date(NOW_MS + 12 * 3_600_000).toISOString() },
    ]);
    expect(answer.headers['set-cookie']).toMatch(
      /^sortie-session=[\w.+/-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(String(answer.headers['set-cookie'])).not.toContain(TOKEN);
  });

  it('opens the page, the API, the events and the controls', async () => {
    const { send, signIn, url, daemon } = await openServer();
    const cookie = await signIn();
    expect((await send('GET', '/history', { cookie })).status).toBe(200);
    expect((await send('GET', '/api/v1/state', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(
      200,
    );
    expect((await send('GET', '/', { cookie, 'sec-fetch-site': 'none' })).status).toBe(200);
    const headers = { ...json, cookie, origin: url, 'sec-fetch-site': 'same-origin' };
    expect((await send('POST', '/api/v1/pause', headers)).status).toBe(202);
    expect(daemon.controls).toHaveLength(1);
  });

  it('leaves the bearer token working', async () => {
    const { send } = await openServer();
    const authorization = `Bearer ${TOKEN}`;
    expect((await send('GET', '/api/v1/state', { authorization })).status).toBe(200);
    expect((await send('GET', '/', { authorization })).status).toBe(200);
    expect((await send('POST', '/api/v1/drain', { ...json, authorization })).status).toBe(202);
  });

  it.each([
    ['a wrong token', '{"token":"correct-horse"}', 401],
    ['no token', '{}', 400],
    ['an empty one', '{"token":""}', 400],
    ['one of another type', '{"token":["x"]}', 400],
    ['an absurd one', JSON.stringify({ token: 'x'.repeat(5_000) }), 400],
    ['an absurd body', JSON.stringify({ token: 'x'.repeat(70_000) }), 413],
    ['another key beside it', JSON.stringify({ token: TOKEN, remember: true }), 400],
  ])('with %s sets no cookie', async (_, body, status) => {
    const { send } = await openServer();
    const answer = await send('POST', '/login', json, body);
    expect([answer.status, answer.headers['set-cookie']]).toEqual([status, undefined]);
    expect(answer.text).not.toContain(TOKEN);
  });

  it('is logged when refused, without what was tried', async () => {
    const { send, warnings } = await openServer();
    await send('POST', '/login', json, '{"token":"guess"}');
    expect(warnings).toEqual([{ message: 'sign-in refused', fields: { address: '127.0.0.1' } }]);
  });

  it.each(['', TOKEN])('is not needed on loopback, and says so, with the token %j', async (token) => {
    const { server } = testServer({ settings: { host: '127.0.0.1', port: 0, token, allowedHosts: [] } });
    const answer = await server.inject({
      method: 'POST',
      url: '/login',
      headers: json,
      payload: '{"token":"x"}',
    });
    expect([answer.statusCode, answer.json(), answer.headers['set-cookie']]).toEqual([
      200,
      { signed_in: true, expires_at: null },
      undefined,
    ]);
  });
});

describe('a session', () => {
  const stateWith = async (made: Awaited<ReturnType<typeof openServer>>, cookie: string): Promise<number> =>
    (await made.send('GET', '/api/v1/state', { cookie })).status;

  it('ends by signing out, in the browser and here', async () => {
    const made = await openServer();
    const cookie = await made.signIn();
    const other = await made.signIn();
    const answer = await made.send('POST', '/logout', { ...json, cookie });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { signed_in: false, expires_at: null }]);
    expect(answer.headers['set-cookie']).toBe(
      'sortie-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    );
    expect(await stateWith(made, cookie)).toBe(401);
    expect(await stateWith(made, other)).toBe(200);
  });

  it('ends after 12 hours, whatever the browser keeps', async () => {
    let nowMs = NOW_MS;
    const made = await openServer({ nowMs: () => nowMs });
    const cookie = await made.signIn();
    nowMs += 12 * 3_600_000 - 1;
    expect(await stateWith(made, cookie)).toBe(200);
    nowMs += 1;
    expect(await stateWith(made, cookie)).toBe(401);
  });

  it('outlives a restart, and ends when the token is changed', async () => {
    const cookie = await (await openServer()).signIn();
    expect(await stateWith(await openServer(), cookie)).toBe(200);
    const settings = { host: '0.0.0.0', port: 0, token: `${TOKEN}2`, allowedHosts: [] };
    expect(await stateWith(await openServer({ settings }), cookie)).toBe(401);
  });

  it('cannot be made up or stretched', async () => {
    const made = await openServer();
    const cookie = await made.signIn();
    const value = cookie.split('=')[1] ?? '';
    const [expires = '', id = '', signature = ''] = value.split('.');
    const forged = [
      `${Number(expires) + 1}.${id}.${signature}`,
      `${expires}.${id}x.${signature}`,
      `${expires}.${id}.${signature.slice(0, -1)}`,
      `${expires}.${id}.${signature.toLowerCase()}`,
      `${expires}.${id}.`,
      `${expires}.${id}`,
      `Infinity.${id}.${signature}`,
      `.${signature}`,
      '',
      'null',
      '%',
      'x'.repeat(8_000),
      TOKEN,
    ];
    for (const one of forged) {
      expect(await stateWith(made, `sortie-session=${one}`), one).toBe(401);
    }
    expect(await stateWith(made, cookie.replace('sortie-session', 'sortie_session2'))).toBe(401);
    expect(await stateWith(made, cookie)).toBe(200);
  });
});

describe('guessing the token', () => {
  it('is limited to five tries a minute for each address, the right one included', async () => {
    const { send, warnings } = await openServer();
    for (let round = 0; round < 5; round += 1) {
      expect((await send('POST', '/login', json, `{"token":"guess ${round}"}`)).status).toBe(401);
    }
    const answer = await send('POST', '/login', json, token);
    expect([answer.status, answer.code]).toEqual([429, 'too_many_logins']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(warnings.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 5 }, () => 'sign-in refused'),
      'too many wrong tokens',
    ]);
  });

  it('gains nothing by addresses that a header makes up', async () => {
    const { send } = await openServer();
    const statuses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const forwarded = {
        'x-forwarded-for': `10.0.0.${round}`,
        'x-real-ip': `10.0.0.${round}`,
        forwarded: 'for=1',
      };
      statuses.push((await send('POST', '/login', { ...json, ...forwarded }, '{"token":"x"}')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('is limited in the header, too, together with signing in, but a right header always passes', async () => {
    const { send, warnings } = await openServer();
    const stateWith = (bearer: string) => send('GET', '/api/v1/state', { authorization: `Bearer ${bearer}` });
    for (let round = 0; round < 3; round += 1) expect((await stateWith(`guess ${round}`)).status).toBe(401);
    for (let round = 0; round < 2; round += 1) {
      expect((await send('POST', '/login', json, '{"token":"x"}')).status).toBe(401);
    }
    for (const bearer of ['guess 4', 'guess 4', 'guess 5']) {
      const answer = await stateWith(bearer);
      expect([answer.status, answer.code]).toEqual([429, 'too_many_logins']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await stateWith(TOKEN)).status).toBe(200);
    expect((await send('POST', '/login', json, token)).status).toBe(429);
    expect(warnings.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 3 }, () => 'token refused'),
      ...Array.from({ length: 2 }, () => 'sign-in refused'),
      'too many wrong tokens',
    ]);
    expect(JSON.stringify(warnings)).not.toContain('guess');
  });

  it('is not what a program with an old token does, nor one with the right one, however often', async () => {
    const { send, warnings } = await openServer();
    for (let round = 0; round < 20; round += 1) {
      expect((await send('GET', '/api/v1/state', { authorization: 'Bearer of-last-year' })).status).toBe(401);
      expect((await send('GET', '/api/v1/state', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    }
    expect(warnings).toHaveLength(1);
  });

  it('limits nothing that needs no token, nor who has signed in', async () => {
    const { send, signIn } = await openServer();
    const cookie = await signIn();
    for (let round = 0; round < 8; round += 1) await send('POST', '/login', json, '{"token":"x"}');
    expect((await send('GET', '/login')).status).toBe(200);
    expect((await send('GET', '/livez', { authorization: 'Bearer x' })).status).toBe(200);
    expect((await send('GET', '/api/v1/state', { cookie })).status).toBe(200);
    expect((await send('GET', '/api/v1/state')).status).toBe(401);
    expect((await send('POST', '/logout', json)).status).toBe(200);
  });

  it('cannot be done for somebody else: another site’s tries do not count', async () => {
    const { send, signIn } = await openServer();
    for (let round = 0; round < 8; round += 1) {
      const answer = await send(
        'POST',
        '/login',
        { ...json, origin: 'https://attacker.example' },
        '{"token":"x"}',
      );
      expect(answer.status).toBe(403);
    }
    expect(await signIn()).toContain('sortie-session=');
  });
});
