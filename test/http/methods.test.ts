// 405 with Allow where the path exists, 404 in JSON where it does not.
import { describe, expect, it } from 'vitest';
import { testServer } from './start-server.ts';

describe('methods and paths', () => {
  it.each([
    ['GET', '/api/v1/refresh', 'POST'],
    ['HEAD', '/api/v1/refresh', 'POST'],
    ['GET', '/api/v1/%72efresh', 'POST'],
    ['OPTIONS', '/api/v1/refresh', 'POST'],
    ['POST', '/api/v1/state', 'GET, HEAD'],
    ['DELETE', '/api/v1/SHOP-1', 'GET, HEAD'],
    ['PUT', '/api/v1/issues/SHOP%2F1', 'GET, HEAD'],
    ['PATCH', '/api/v1/history?limit=1', 'GET, HEAD'],
    ['HEAD', '/api/v1/events', 'GET'],
    ['HEAD', '/api/v1/history.csv', 'GET'],
    ['GET', '/logout', 'POST'],
    ['OPTIONS', '/login', 'POST'],
    ['GET', '/api/v1/pause', 'POST'],
    ['PUT', '/api/v1/issues/SHOP-1/hold', 'POST'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['PROPFIND', '/livez', 'GET, HEAD'],
    ['TRACE', '/readyz', 'GET, HEAD'],
    ['POST', '/api/v1/approvals', 'GET, HEAD'],
    ['DELETE', '/api/v1/outbox', 'GET, HEAD'],
    ['HEAD', '/api/v1/audit', 'GET'],
    ['POST', '/api/v1/audit/verify', 'GET'],
    ['GET', '/api/v1/tools/policy', 'POST'],
    ['GET', '/api/v1/tools/refresh', 'POST'],
    ['OPTIONS', '/api/v1/me', 'GET, HEAD'],
  ])('%s %s is not allowed, and Allow says what is', async (method, url, allow) => {
    const { server } = testServer();
    const answer = await server.inject({ method: method as 'GET', url });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(answer.json().error.code).toBe('method_not_allowed');
  });

  it.each([
    '/nope',
    '/api',
    '/api/v1',
    '/api/v1/a/b',
    '/api/v1/issues/a/b',
    '/api/v2/state',
    '/..%2f..%2fetc%2fpasswd',
  ])('%s is not found', async (url) => {
    const { server } = testServer();
    const answer = await server.inject(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({
      error: { code: 'not_found', message: 'there is nothing at this path' },
    });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('a HEAD request answers like GET, without a body', async () => {
    const { server } = testServer();
    const answer = await server.inject({ method: 'HEAD', url: '/api/v1/state' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('an empty identifier is a bad request', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/issues/');
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
  });

  it('a malformed escape is a bad request', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/%zz');
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});
