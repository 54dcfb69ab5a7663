// The page in a real browser over a real server: as the real build makes it, opened in the machine's Chromium, the server
// closed and the page given back when the test ends. Without a Chromium the test is skipped and says so.

import type { Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { createServer, type HttpServer, type HttpServerOptions } from '../../src/http/index.ts';
import { fakeDaemon, type FakeDaemon } from '../http/fake-daemon.ts';
import { buildPage } from './built-page.ts';
import { lendPage } from './lent-pages.ts';

export { findChromium } from './lent-pages.ts';

export interface OpenedPage {
  readonly page: Page;
  readonly daemon: FakeDaemon;
  readonly server: HttpServer;
  readonly url: string;
  /** Console errors, uncaught errors and refused loads, e.g. by the content security policy. */
  readonly complaints: string[];
  /** A second server on the same port, after the first was closed. */
  restart(): Promise<HttpServer>;
}

export interface OpenOptions {
  readonly arrange?: (daemon: FakeDaemon) => void;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly path?: string;
  /** Of the server; any that is free unless told. */
  readonly port?: number;
  readonly server?: Partial<HttpServerOptions>;
  /** What is waited for; the first state unless told. */
  readonly ready?: string;
}

export const LIVE = '.pill:has-text("Live")';

export async function openPage(ctx: TestContext, options: OpenOptions = {}): Promise<OpenedPage> {
  const pageDirectory = await buildPage();
  const daemon = fakeDaemon();
  options.arrange?.(daemon);
  const start = async (port: number): Promise<HttpServer> => {
    const server = createServer({
      view: daemon.view,
      store: daemon.store,
      transcripts: daemon.transcripts,
      tools: daemon.tools,
      settingsView: daemon.settingsView,
      metrics: { text: async () => '', contentType: 'text/plain' },
      settings: { host: '127.0.0.1', port, token: '', allowedHosts: [] },
      version: '0.1.0',
      pageDirectory,
      warn: () => undefined,
      ...options.server,
    });
    ctx.onTestFinished(() => server.close());
    await server.listen();
    return server;
  };
  const server = await start(options.port ?? 0);
  const url = server.address ?? '';
  const { width = 1280, height = 900, dark = false } = options;
  // Given back before the server closes, which would be another thing to complain of.
  const page = await lendPage(ctx, { width, height, dark });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url + (options.path ?? '/'));
  await page.waitForSelector(options.ready ?? LIVE);
  // The page itself is loaded after its frame.
  await page.waitForSelector('h1', { state: 'attached' });
  return { page, daemon, server, url, complaints, restart: () => start(Number(new URL(url).port)) };
}

/** A row of the table with this caption that names this issue. */
export function rowOf(page: Page, caption: string, identifier: string) {
  return page
    .getByRole('table', { name: caption })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader').getByRole('link', { name: identifier, exact: true }) });
}
