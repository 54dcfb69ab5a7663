// The Host allow-list, on every route, over a real socket: what a rebound name of an attacker meets.
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createHostGuard } from '../../src/http/host-guard.ts';
import { listeningServer, testServer } from './start-server.ts';

const everyRoute = [
  '/livez',
  '/readyz',
  '/metrics',
  '/api/v1/state',
  '/api/v1/history',
  '/api/v1/events',
  '/api/v1/openapi.json',
  '/api/v1/SHOP-42',
  '/api/v1/issues/SHOP-42',
  '/api/v1/%zz',
  `/api/v1/${'x'.repeat(9_000)}`,
  '/nope',
];

const dashboard = fileURLToPath(new URL('../../src/dashboard', import.meta.url));

describe('the Host door', () => {
  it.each(everyRoute)('keeps a rebound name out of %s', async (path) => {
    const { url, daemon } = await listeningServer();
    const answer = await request(`${url}${path}`, { headers: { host: 'attacker.example:7678' } });
    expect(answer.statusCode).toBe(421);
    expect(await answer.body.json()).toMatchObject({ error: { code: 'host_not_allowed' } });
    expect(daemon.queries).toEqual([]);
  });

  it('keeps a rebound name from writing', async () => {
    const { url, daemon } = await listeningServer();
    const answer = await request(`${url}/api/v1/refresh`, {
      method: 'POST',
      headers: { host: 'attacker.example', 'content-type': 'application/json' },
    });
    await answer.body.dump();
    expect([answer.statusCode, daemon.refreshes]).toEqual([421, 0]);
  });

  it('is the same for the page', async () => {
    const { server } = testServer({ pageDirectory: dashboard });
    const answer = await server.inject({ url: '/', headers: { host: 'attacker.example' } });
    expect(answer.statusCode).toBe(421);
  });

  const guard = createHostGuard(['sortie.corp.example', 'Build.Local:8443', '']);

  it.each([
    '127.0.0.1',
    '127.0.0.1:7678',
    '192.168.1.20:80',
    '[::1]',
    '[::1]:7678',
    'localhost',
    'LOCALHOST:7678',
    'localhost.',
    'sortie.corp.example',
    'SORTIE.corp.example:443',
    'build.local',
  ])('lets %s in', (host) => {
    expect(() => guard(host)).not.toThrow();
  });

  it.each([
    undefined,
    '',
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1.attacker.example',
    'sortie.corp.example.attacker.example',
    '0x7f.1',
    '2130706433',
    'localhost@attacker.example',
    'localhost, attacker.example',
    'localhost:80:80',
    '[attacker.example]',
    'localhost/../x',
    ':7678',
  ])('keeps %j out', (host) => {
    expect(() => guard(host)).toThrow(expect.objectContaining({ code: 'host_not_allowed' }));
  });
});
