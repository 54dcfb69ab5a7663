// Writes from other sites' pages: Origin and Sec-Fetch-Site, over a real socket.
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { listeningServer } from './start-server.ts';

async function refresh(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string }> {
  const answer = await request(`${url}/api/v1/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  const body = (await answer.body.json()) as { error?: { code: string } };
  return { status: answer.statusCode, code: body.error?.code ?? '' };
}

describe('the write door', () => {
  it.each([
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'http://localhost:3000' },
    { origin: 'file://' },
    { origin: 'garbage' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses %j', async (headers) => {
    const { url, daemon } = await listeningServer();
    expect(await refresh(url, headers)).toEqual({ status: 403, code: 'cross_origin_refused' });
    expect(daemon.refreshes).toBe(0);
  });

  it('takes its own page’s writes, and those of programs', async () => {
    const { url } = await listeningServer();
    expect((await refresh(url, { origin: url, 'sec-fetch-site': 'same-origin' })).status).toBe(202);
    expect((await refresh(url, { 'sec-fetch-site': 'none' })).status).toBe(202);
    expect((await refresh(url, {})).status).toBe(202);
  });

  it('takes its own page’s writes through a proxy that speaks TLS', async () => {
    const { url } = await listeningServer({
      settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: ['sortie.example'] },
    });
    const headers = { host: 'sortie.example', origin: 'https://sortie.example' };
    expect((await refresh(url, headers)).status).toBe(202);
  });

  it('never invites another origin to read', async () => {
    const { url } = await listeningServer();
    const answer = await request(`${url}/api/v1/state`, { headers: { origin: 'https://attacker.example' } });
    await answer.body.dump();
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});
