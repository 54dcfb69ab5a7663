// The page's files: what is served, under which headers, and that nothing else is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
});

afterAll(() => rmSync(pageDirectory, { recursive: true, force: true }));

describe('the files of the page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page.js', 'application/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
  ])('%s is served as %s under a strict policy', async (url, type) => {
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
      'cache-control': 'no-cache',
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
