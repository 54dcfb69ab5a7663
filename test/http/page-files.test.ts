// The page's files: what is served, under which headers, and that nothing else is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from './start-server.ts';

let pageDirectory: string;

beforeAll(() => {
  pageDirectory = mkdtempSync(join(tmpdir(), 'sortie-page-files-'));
  writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>x</title>');
  writeFileSync(join(pageDirectory, 'page.js'), 'export {};');
  writeFileSync(join(pageDirectory, 'style.css'), 'a{}');
  writeFileSync(join(pageDirectory, 'page.js.map'), '{}');
  writeFileSync(join(pageDirectory, 'page.ts'), 'secret source');
  mkdirSync(join(pageDirectory, 'assets', 'deeper'), { recursive: true });
  writeFileSync(join(pageDirectory, 'assets', 'page-Ab3_-6gH.js'), 'export {};');
  writeFileSync(join(pageDirectory, 'assets', 'plain.css'), 'a{}');
  writeFileSync(join(pageDirectory, 'assets', 'other.html'), '<p>');
  writeFileSync(join(pageDirectory, 'assets', 'deeper', 'x.js'), 'export {};');
});

afterAll(() => rmSync(pageDirectory, { recursive: true, force: true }));

describe('the files of the page', () => {
  it.each([
    ...['/', '/issues/SHOP-42', '/issues/a%2Fb%20c', '/history', '/charts', '/health', '/login'].map(
      (path) => [path, 'text/html; charset=utf-8', 'no-store'] as const,
    ),
    ['/page.js', 'application/javascript; charset=utf-8', 'no-cache'],
    ['/style.css', 'text/css; charset=utf-8', 'no-cache'],
    ['/assets/plain.css', 'text/css; charset=utf-8', 'no-cache'],
    [
      '/assets/page-Ab3_-6gH.js',
      'application/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
  ] as const)('%s is served as %s under a strict policy', async (url, type, kept) => {
    const { server } = testServer({ pageDirectory });
    const answer = await server.inject(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': kept,
    });
  });

  it('are not sent again when the browser has them', async () => {
    const { server } = testServer({ pageDirectory });
    const { etag } = (await server.inject('/page.js')).headers;
    const again = await server.inject({ url: '/page.js', headers: { 'if-none-match': String(etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each([
    '/page.ts',
    '/page.js.map',
    '/index.html',
    '/assets/other.html',
    '/assets/deeper/x.js',
    '/assets/',
    '/charts/x',
    '/../package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/page.js%00.html',
  ])('%s is not one of them', async (url) => {
    const { server } = testServer({ pageDirectory });
    const answer = await server.inject(url);
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found']);
  });

  it('may be missing: then the API stands alone, and the log says so', async () => {
    const { server, warnings } = testServer({ pageDirectory: join(pageDirectory, 'nowhere') });
    expect((await server.inject('/')).statusCode).toBe(404);
    expect((await server.inject('/livez')).statusCode).toBe(200);
    expect(warnings.map(({ message }) => message)).toEqual(['page not found, serving the API only']);
  });
});
