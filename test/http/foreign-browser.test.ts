// The same in a real browser that is signed in: another site, and another port of the same host to which the browser
// does send the cookie, try everything that a page can. Skipped where there is no Chromium.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { openServer, TOKEN } from './signed-in.ts';

const CHROMIUM = '/usr/bin/chromium';

/** What the foreign page's own script does; gives the names of what it could read. */
const EVIL_PAGE = `<!doctype html><title>evil</title><script>
async function tryEverything(url) {
  const learnt = [];
  const body = '{"reason":"x"}';
  const json = { 'content-type': 'application/json' };
  const include = { credentials: 'include' };
  const tries = [
    ['read', '/api/v1/state', include],
    ['read csv', '/api/v1/history.csv', include],
    ['read without cors', '/api/v1/history', { ...include, mode: 'no-cors' }],
    ['write json', '/api/v1/pause', { ...include, method: 'POST', headers: json, body }],
    ['write text', '/api/v1/pause', { ...include, method: 'POST', body }],
    ['write blindly', '/api/v1/issues/SHOP-42/cancel', { ...include, method: 'POST', mode: 'no-cors', body }],
    ['refresh', '/api/v1/refresh', { ...include, method: 'POST', headers: json }],
    ['sign out', '/logout', { ...include, method: 'POST', mode: 'no-cors', body }],
  ];
  for (const [name, path, init] of tries) {
    const text = await fetch(url + path, init).then((answer) => answer.text(), () => '');
    if (text !== '') learnt.push(name);
  }
  await new Promise((resolve) => {
    const image = new Image();
    image.onload = () => { learnt.push('image'); resolve(); };
    image.onerror = resolve;
    image.src = url + '/api/v1/events';
  });
  await new Promise((resolve) => {
    const events = new EventSource(url + '/api/v1/events', { withCredentials: true });
    events.onopen = () => learnt.push('events');
    events.onerror = () => { events.close(); resolve(); };
  });
  return learnt;
}
function submitForm(action) {
  const form = document.createElement('form');
  Object.assign(form, { method: 'POST', action, enctype: 'text/plain' });
  const field = document.createElement('input');
  Object.assign(field, { name: '{"reason":"', value: '"}' });
  form.append(field);
  document.body.append(form);
  form.submit();
}
</script><body>`;

async function foreignSite(html: string): Promise<{ port: number; close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** One for all tests, each with a context of its own. */
const launch = (): Promise<Browser> =>
  (browser ??= chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  }));

it.for(['localhost', '127.0.0.1'])(
  'a page of %s does nothing and learns nothing',
  { timeout: 120_000 },
  async (evilHost, ctx) => {
    ctx.skip(!existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}`);
    const { url, daemon } = await openServer();
    const evil = await foreignSite(EVIL_PAGE);
    const context = await (await launch()).newContext();
    try {
      const own = await context.newPage();
      await own.goto(`${url}/history`);
      expect(new URL(own.url()).pathname).toBe('/login');
      const signIn = (token: string) =>
        fetch('/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token }),
        }).then(({ status }) => status);
      expect(await own.evaluate(signIn, TOKEN)).toBe(200);
      const ownState = () => fetch('/api/v1/state').then(({ status }) => status);
      expect(await own.evaluate(ownState)).toBe(200);
      expect(await own.evaluate('document.cookie')).toBe('');

      const page = await context.newPage();
      await page.goto(`http://${evilHost}:${evil.port}/`);
      const learnt = await page.evaluate(`tryEverything(${JSON.stringify(url)})`);
      expect(learnt).toEqual([]);
      await page.evaluate(`submitForm(${JSON.stringify(`${url}/api/v1/pause`)})`);
      await page.waitForURL(`${url}/api/v1/pause`);
      expect(await page.content()).toContain('unauthorized');

      expect([daemon.controls, daemon.refreshes, daemon.queries]).toEqual([[], 0, []]);
      expect(daemon.listeners.size).toBe(0);
      expect(await own.evaluate(ownState)).toBe(200);
      await own.goto(`${url}/history`);
      expect(new URL(own.url()).pathname).toBe('/history');
    } finally {
      await context.close();
      evil.close();
    }
  },
);

it.for(['localhost', '127.0.0.1'])(
  'a page of %s makes a daemon on loopback ask nobody, and its link is followed',
  { timeout: 120_000 },
  async (evilHost, ctx) => {
    ctx.skip(!existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}`);
    const { url, daemon } = await openServer({
      settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    });
    const asked: string[] = [];
    const { view } = daemon;
    const explain = view.explain.bind(view);
    view.explain = (identifier, signal) => {
      asked.push(identifier);
      return explain(identifier, signal);
    };
    const at = (name: string): string => `${url}/api/v1/issues/${name}/explain`;
    const evil = await foreignSite(`<!doctype html><title>evil</title>
      <iframe src="${at('IFRAME')}"></iframe><object data="${at('OBJECT')}"></object>
      <embed src="${at('EMBED')}"><a href="${url}/issues/SHOP-42">look</a>`);
    const context = await (await launch()).newContext();
    try {
      const page = await context.newPage();
      const statuses = new Map<string, number>();
      page.on('response', (answer) => statuses.set(new URL(answer.url()).pathname, answer.status()));
      await page.goto(`http://${evilHost}:${evil.port}/`);
      await expect.poll(() => statuses.get('/api/v1/issues/IFRAME/explain')).toBe(403);
      await page.click('a');
      await page.waitForURL(`${url}/issues/SHOP-42`);
      expect(statuses.get('/issues/SHOP-42')).toBe(200);
      expect(asked).toEqual([]);
    } finally {
      await context.close();
      evil.close();
    }
  },
);
