// What a page of another site can make a browser send, with the person signed in: all of it is refused.
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openServer, TOKEN } from './signed-in.ts';
import { listeningServer } from './start-server.ts';

const json = { 'content-type': 'application/json' };
const evil = 'https://attacker.example';

const foreign: [string, Record<string, string>][] = [
  ['a fetch with credentials', { origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ['the same of an old browser', { origin: evil }],
  ['a page without an origin', { origin: 'null' }],
  ['an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  [
    'another port of this host',
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', origin: 'http://127.0.0.1:9' },
  ],
  ['another scheme’s origin', { origin: 'file://' }],
  ['two answers at once', { 'sec-fetch-site': 'same-origin, cross-site' }],
];

describe('with a stolen or borrowed cookie', () => {
  it.each(foreign)('%s reads nothing', async (_, headers) => {
    const { send, signIn, daemon } = await openServer();
    const cookie = await signIn();
    for (const path of [
      '/api/v1/state',
      '/api/v1/history.csv',
      '/api/v1/settings',
      '/api/v1/events',
      '/metrics',
    ]) {
      const answer = await send('GET', path, { ...headers, cookie });
      expect([path, answer.status >= 400, answer.text.includes('SHOP-42')]).toEqual([path, true, false]);
    }
    expect([daemon.queries, daemon.listeners.size]).toEqual([[], 0]);
  });

  it.each(foreign)('%s writes nothing', async (_, headers) => {
    const { send, signIn, daemon } = await openServer();
    const cookie = await signIn();
    for (const path of ['/api/v1/pause', '/api/v1/refresh', '/api/v1/issues/SHOP-42/cancel']) {
      const { status } = await send('POST', path, { ...json, ...headers, cookie });
      expect([401, 403]).toContain(status);
    }
    expect([daemon.controls, daemon.refreshes]).toEqual([[], 0]);
  });

  it.each(foreign)('%s signs nobody in or out', async (_, headers) => {
    const { send, signIn } = await openServer();
    const cookie = await signIn();
    const login = await send('POST', '/login', { ...json, ...headers }, JSON.stringify({ token: TOKEN }));
    expect([login.status, login.headers['set-cookie']]).toEqual([403, undefined]);
    expect((await send('POST', '/logout', { ...json, ...headers, cookie })).status).toBe(403);
    expect((await send('GET', '/api/v1/state', { cookie })).status).toBe(200);
  });

  it('a link from another site asks to sign in, even if the cookie came along', async () => {
    const { send, signIn } = await openServer();
    const cookie = await signIn();
    const link = {
      cookie,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await send('GET', '/issues/SHOP-42', link)).status).toBe(303);
    expect((await send('GET', '/api/v1/state', link)).status).toBe(401);
    expect((await send('GET', '/login', link)).status).toBe(200);
  });
});

describe('a form of another site', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'as %j says nothing to the daemon, with the cookie or on loopback',
    async (type) => {
      const signedIn = await openServer();
      const cookie = await signedIn.signIn();
      const local = await listeningServer();
      const headers: Record<string, string> = {
        origin: evil,
        ...(type === '' ? {} : { 'content-type': type }),
      };
      for (const path of ['/api/v1/pause', '/api/v1/issues/SHOP-42/cancel', '/login', '/logout']) {
        const answer = await signedIn.send('POST', path, { ...headers, cookie }, '{"reason":"x"}');
        expect([401, 403, 415]).toContain(answer.status);
        const { origin: _origin, ...unnamed } = headers;
        for (const sent of [headers, unnamed]) {
          const there = await local.server.inject({
            method: 'POST',
            url: path,
            headers: sent,
            payload: '{}',
          });
          expect([403, 415]).toContain(there.statusCode);
        }
      }
      expect([signedIn.daemon.controls, local.daemon.controls]).toEqual([[], []]);
    },
  );
});

describe('on loopback', () => {
  it.each(foreign)('%s gets nothing', async (_, headers) => {
    const { server, daemon } = await listeningServer();
    for (const url of ['/api/v1/state', '/api/v1/events', '/api/v1/history.csv']) {
      const answer = await server.inject({ url, headers });
      expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'cross_origin_refused']);
    }
    const write = await server.inject({
      method: 'POST',
      url: '/api/v1/pause',
      headers: { ...json, ...headers },
    });
    expect([write.statusCode, daemon.controls, daemon.listeners.size]).toEqual([403, [], 0]);
  });

  it('a link from another site opens the page, because a person clicked it', async () => {
    const { send } = await openServer({
      settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    });
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const answer = await send('GET', '/issues/SHOP-42', link);
    expect(answer.status).toBe(200);
    expect(answer.headers['x-frame-options']).toBe('DENY');
  });

  const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };

  it.each(['iframe', 'frame', 'object', 'embed', 'fencedframe', ''])(
    'what another site shows as %j is no click, whatever it leads to',
    async (dest) => {
      const { server } = await listeningServer();
      const headers = dest === '' ? navigation : { ...navigation, 'sec-fetch-dest': dest };
      for (const url of ['/api/v1/issues/X/explain', '/issues/X', '/']) {
        expect([url, (await server.inject({ url, headers })).statusCode]).toEqual([url, 403]);
      }
    },
  );

  it.each([
    '/api/v1/issues/X/explain',
    '/api/v1/state',
    '/api/v1/history.csv',
    '/metrics',
    '/livez',
    '/nope',
  ])('a link of another site does not open %s, which is no page', async (url) => {
    const { server } = await listeningServer();
    const headers = { ...navigation, 'sec-fetch-dest': 'document' };
    expect((await server.inject({ url, headers })).statusCode).toBe(403);
    expect(
      (await server.inject({ url, headers: { ...headers, 'sec-fetch-site': 'none' } })).statusCode,
    ).not.toBe(403);
  });

  it('no question of a browser before a foreign request is answered with leave', async () => {
    const { server } = await listeningServer();
    const answer = await server.inject({
      method: 'OPTIONS',
      url: '/api/v1/pause',
      headers: { origin: evil, 'access-control-request-method': 'POST' },
    });
    expect(answer.statusCode).toBe(405);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a name that was made to point here', () => {
  it('opens neither the login nor anything behind it, whatever is sent along', async () => {
    const { send, signIn } = await openServer();
    const cookie = await signIn();
    const host = 'attacker.example';
    for (const [method, path] of [
      ['GET', '/login'],
      ['GET', '/'],
      ['GET', '/assets/page-Ab3dE6gH.js'],
      ['GET', '/api/v1/state'],
      ['POST', '/login'],
      ['POST', '/api/v1/pause'],
    ] as const) {
      const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };
      const answer = await send(method, path, { ...json, ...forwarded, cookie, host });
      expect([path, answer.status]).toEqual([path, 421]);
    }
  });

  it.each([
    ['two of them', 'GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example'],
    [
      'two of them, the other way round',
      'GET /api/v1/state HTTP/1.1\r\nHost: attacker.example\r\nHost: localhost',
    ],
    ['a list', 'GET /api/v1/state HTTP/1.1\r\nHost: localhost, attacker.example'],
    ['a user before it', 'GET /api/v1/state HTTP/1.1\r\nHost: localhost@attacker.example'],
    ['a name that begins like an address', 'GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1.attacker.example'],
    [
      'a name in the request line',
      'GET http://attacker.example/api/v1/state HTTP/1.1\r\nHost: attacker.example',
    ],
    ['none at all', 'GET /api/v1/state HTTP/1.0'],
  ])('cannot be smuggled in as %s', async (_, head) => {
    const { url } = await listeningServer();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end(`${head}\r\nConnection: close\r\n\r\n`);
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 4(00|21) /);
    expect(text).not.toContain('SHOP-42');
  });

  it('in the request line alone reads nothing', async () => {
    const { url } = await listeningServer();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end(
      'GET http://attacker.example/api/v1/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(text).not.toContain('SHOP-42');
  });
});
