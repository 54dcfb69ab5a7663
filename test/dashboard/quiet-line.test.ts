// A line that says nothing for long is asked about: a quiet daemon does not look dead, a dead one not alive.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { LIVE, openPage } from './browser-page.ts';

/** The browser's clock, ahead of the world's by a bit more than the page trusts a quiet line. */
const letTimePass = (page: Page): Promise<unknown> =>
  page.evaluate('(() => { const real = Date.now; Date.now = () => real() + 61_000; })()');

it('a daemon that is only quiet is asked, and is still there', async (ctx) => {
  const { page, daemon } = await openPage(ctx);
  const asked: string[] = [];
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path === '/readyz' || path === '/api/v1/events') asked.push(path);
  });
  await letTimePass(page);
  await expect.poll(() => asked).toEqual(['/readyz', '/api/v1/events']);
  expect(await page.getByText('Connection lost').count()).toBe(0);
  // The new line is alive.
  daemon.change({ running: [] });
  await page.getByText('Nothing is running').waitFor();
  expect(asked).toEqual(['/readyz', '/api/v1/events']);
});

it('a daemon that does not answer is lost, although nobody looked away from the page', async (ctx) => {
  const { page } = await openPage(ctx);
  await page.route('**/readyz', (route) => route.abort());
  await page.route('**/api/v1/events', (route) => route.abort());
  await letTimePass(page);
  await page.getByText(/Connection lost since/).waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.locator(LIVE).waitFor();
});
