// Signing in, against the real doors of an open address. The tests listen on the loopback only, where nobody is
// asked: so what the browser sends is handed to a second server, which believes to be reachable from everywhere.
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createServer, type HttpServer } from '../../src/http/index.ts';
import { openPage, type OpenedPage } from './browser-page.ts';

const TOKEN = 'correct-horse-battery';

async function behindDoors(ctx: Parameters<typeof openPage>[0], path: string): Promise<OpenedPage> {
  const opened = await openPage(ctx, { path: '/login', ready: 'form' });
  const guarded = createServer({
    view: opened.daemon.view,
    store: opened.daemon.store,
    metrics: { text: async () => '', contentType: 'text/plain' },
    settings: { host: '0.0.0.0', port: 0, token: TOKEN, allowedHosts: [] },
    version: '0.1.0',
    pageDirectory: null,
    warn: () => undefined,
  });
  ctx.onTestFinished(async () => {
    // What the page still asks is answered by nobody any more.
    await opened.page.unrouteAll({ behavior: 'ignoreErrors' });
    await guarded.close();
  });
  await hand(opened.page, guarded);
  await opened.page.goto(opened.url + path);
  return opened;
}

/** What needs the token goes through the guarded server; once its cookie lets it through, to the one that listens. */
async function hand(page: Page, guarded: HttpServer): Promise<void> {
  await page.route(/\/(api\/v1\/.*|login|logout)$|\/api\/v1\//, async (route) => {
    const request = route.request();
    if (request.resourceType() === 'document') return route.continue();
    const { pathname, host } = new URL(request.url());
    const isDoor = pathname === '/login' || pathname === '/logout';
    const cookies = await page.context().cookies();
    const answer = await guarded.inject({
      method: request.method() as 'GET',
      url: isDoor ? pathname : '/api/v1/operator-actions?limit=1',
      headers: {
        ...(await request.allHeaders()),
        host,
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
      ...(isDoor && { payload: request.postData() ?? '' }),
    });
    if (!isDoor && answer.statusCode === 200) return route.continue();
    return route.fulfill({
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
      body: answer.body,
    });
  });
}

describe('signing in', () => {
  it('is asked of whoever comes without a session, and leads back to where he wanted to go', async (ctx) => {
    const { page, url } = await behindDoors(ctx, '/health');
    await expect.poll(() => page.url()).toBe(`${url}/login?next=%2Fhealth`);
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText('This is not the daemon’s token. It is nobody’s own, either.')
      .waitFor();
    expect(await page.getByLabel('Token').inputValue()).toBe('');
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.url()).toBe(`${url}/health`);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
  });

  it('is refused for a while after too many tries, and says so', async (ctx) => {
    const { page } = await behindDoors(ctx, '/login');
    for (let attempt = 0; attempt < 6; attempt++) {
      await page.getByLabel('Token').fill(`wrong ${attempt}`);
      const answered = page.waitForResponse('**/login');
      await page.keyboard.press('Enter');
      await answered;
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    }
    await page.getByRole('alert').getByText('too many wrong tokens from this address').waitFor();
  });

  it.for([
    ['https://evil.example/', '/'],
    ['/.//evil.example/', '//evil.example/'],
    ['http://[', '/'],
  ] as const)('leads to our own pages only, whatever the address says: %s', async ([next, path], ctx) => {
    const { page, url } = await behindDoors(ctx, `/login?next=${encodeURIComponent(next)}`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(url + path);
  });

  it('is shown without a word of what the daemon does', async (ctx) => {
    const { page } = await behindDoors(ctx, '/login');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toMatch(/SHOP|running/i);
  });
});
