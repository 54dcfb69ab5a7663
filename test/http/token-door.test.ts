// Off loopback everything but probes and metrics needs the token; on loopback nothing does.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HttpServerError, isLoopback } from '../../src/http/index.ts';
import { testServer } from './start-server.ts';

const open = { host: '0.0.0.0', port: 0, token: 'correct-horse', allowedHosts: [] };
const proxied = { ...open, host: '127.0.0.1', allowedHosts: ['sortie.example'] };

const dashboard = fileURLToPath(new URL('../../src/dashboard', import.meta.url));

describe('the token door', () => {
  it.each(['/livez', '/readyz', '/metrics'])('leaves %s open to probes', async (url) => {
    const { server } = testServer({ settings: open });
    expect((await server.inject(url)).statusCode).toBe(200);
  });

  it.each([
    '/api/v1/state',
    '/api/v1/history',
    '/api/v1/events',
    '/api/v1/openapi.json',
    '/api/v1/settings',
    '/api/v1/stats',
    '/api/v1/samples',
    '/api/v1/operator-actions',
    '/api/v1/approvals',
    '/api/v1/approvals/7',
    '/api/v1/outbox',
    '/api/v1/audit',
    '/api/v1/audit/head',
    '/api/v1/audit/verify',
    '/api/v1/tools',
    '/api/v1/me',
    '/api/v1/history.csv',
    '/api/v1/runs/1/prompts',
    '/api/v1/issues/SHOP-42/timeline',
    '/api/v1/issues/SHOP-42/explain',
    '/api/v1/X-1',
    '/nope',
    '/api/v1/%zz',
  ])('closes %s without the token', async (url) => {
    const { server } = testServer({ settings: open, pageDirectory: dashboard });
    const answer = await server.inject(url);
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'unauthorized']);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="sortie"');
  });

  it.each([
    ['Bearer correct-horse', 200],
    ['bearer  correct-horse', 200],
    ['Bearer correct-horse2', 401],
    ['Bearer correct-hors', 401],
    ['Bearer Correct-Horse', 401],
    ['Bearer ', 401],
    ['Basic Y29ycmVjdC1ob3JzZQ==', 401],
    ['correct-horse', 401],
  ])('answers %j with %i', async (authorization, status) => {
    const { server } = testServer({ settings: open });
    const answer = await server.inject({ url: '/api/v1/state', headers: { authorization } });
    expect(answer.statusCode).toBe(status);
  });

  it.each([
    'pause',
    'resume',
    'drain',
    'issues/SHOP-42/cancel',
    'issues/SHOP-42/dispatch',
    'approvals/7',
    'tools/policy',
    'tools/refresh',
  ])('lets nobody say %s without the token', async (path) => {
    const { server, daemon } = testServer({ settings: open });
    const headers = { 'content-type': 'application/json' };
    const answer = await server.inject({ method: 'POST', url: `/api/v1/${path}`, headers });
    expect([answer.statusCode, daemon.controls]).toEqual([401, []]);
  });

  it('closes the metrics when asked to, off loopback only', async () => {
    const closed = testServer({ settings: { ...open, protectMetrics: true } });
    expect((await closed.server.inject('/metrics')).statusCode).toBe(401);
    expect((await closed.server.inject('/livez')).statusCode).toBe(200);
    const headers = { authorization: 'Bearer correct-horse' };
    expect((await closed.server.inject({ url: '/metrics', headers })).statusCode).toBe(200);
    const local = testServer({ settings: { ...open, host: '127.0.0.1', protectMetrics: true } });
    expect((await local.server.inject('/metrics')).statusCode).toBe(200);
  });

  it('keeps a write out without the token', async () => {
    const { server, daemon } = testServer({ settings: open });
    const headers = { 'content-type': 'application/json' };
    const answer = await server.inject({ method: 'POST', url: '/api/v1/refresh', headers });
    expect([answer.statusCode, daemon.refreshes]).toEqual([401, 0]);
  });

  it('asks for nothing on loopback, even when a token is set', async () => {
    const { server } = testServer({ settings: { ...open, host: '127.0.0.1' } });
    expect((await server.inject('/api/v1/state')).statusCode).toBe(200);
  });

  it.each(['localhost', 'LOCALHOST:7678', 'localhost.', '127.0.0.1:7678', '127.8.8.8', '[::1]:7678'])(
    'asks for nothing at the Host %s on loopback, also with a proxy in front',
    async (host) => {
      const { server } = testServer({ settings: proxied });
      expect((await server.inject({ url: '/api/v1/state', headers: { host } })).statusCode).toBe(200);
    },
  );

  it.each(['sortie.example', 'Sortie.Example.:443', '192.168.1.20', '[2001:db8::1]'])(
    'asks who comes to a loopback address as %s, which only a proxy does',
    async (host) => {
      const { server, daemon } = testServer({ settings: proxied, pageDirectory: dashboard });
      const json = { host, 'content-type': 'application/json' };
      const state = (headers: Record<string, string>) =>
        server.inject({ url: '/api/v1/state', headers: { host, ...headers } });
      expect((await state({})).statusCode).toBe(401);
      expect((await state({ authorization: 'Bearer wrong' })).statusCode).toBe(401);
      expect((await state({ authorization: 'Bearer correct-horse' })).statusCode).toBe(200);
      expect((await server.inject({ url: '/metrics', headers: { host } })).statusCode).toBe(200);
      const page = await server.inject({ url: '/history', headers: { host } });
      expect([page.statusCode, page.headers.location]).toEqual([303, '/login?next=%2Fhistory']);
      const pause = await server.inject({ method: 'POST', url: '/api/v1/pause', headers: json });
      expect([pause.statusCode, daemon.controls]).toEqual([401, []]);

      const signIn = (token: string) =>
        server.inject({ method: 'POST', url: '/login', headers: json, payload: { token } });
      expect((await signIn('wrong')).statusCode).toBe(401);
      const cookie = String((await signIn('correct-horse')).headers['set-cookie']).split(';')[0] ?? '';
      expect((await state({ cookie })).statusCode).toBe(200);
    },
  );

  it('closes the metrics to who comes through a proxy when asked to', async () => {
    const { server } = testServer({ settings: { ...proxied, protectMetrics: true } });
    const metrics = (host: string) => server.inject({ url: '/metrics', headers: { host } });
    expect((await metrics('sortie.example')).statusCode).toBe(401);
    expect((await metrics('127.0.0.1')).statusCode).toBe(200);
  });

  it('asks nobody on loopback while there is no token', async () => {
    const { server } = testServer({ settings: { ...proxied, token: '' } });
    const headers = { host: 'sortie.example' };
    expect((await server.inject({ url: '/api/v1/state', headers })).statusCode).toBe(200);
  });

  it.each(['0.0.0.0', '::', '192.168.1.20', 'fe80::1'])('refuses to serve %s without a token', (host) => {
    const start = (): unknown => testServer({ settings: { ...open, host, token: '' } });
    expect(start).toThrow(HttpServerError);
    expect(start).toThrow(/server\.token/);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['128.0.0.1', false],
    ['10.0.0.1', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
