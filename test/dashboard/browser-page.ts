// The page in a real browser over a real server: built by the real build into a temporary folder, opened in the
// machine's Chromium, everything closed and removed when the test ends. Without a Chromium the test is skipped
// and says so.

import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, type TestContext } from 'vitest';
import { build } from 'vite';
import { createServer, type HttpServer, type HttpServerOptions } from '../../src/http/index.ts';
import { fakeDaemon, type FakeDaemon } from '../http/fake-daemon.ts';

const sources = fileURLToPath(new URL('../../src/dashboard', import.meta.url));
const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function findChromium(): string | undefined {
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let built: Promise<string> | undefined;
let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
  if (built !== undefined) rmSync(await built, { recursive: true, force: true });
  built = browser = undefined;
});

/** Once for a test file; removed after its last test. */
export function buildPage(): Promise<string> {
  built ??= (async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'sortie-page-'));
    await build({
      root: sources,
      configFile: join(sources, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    return outDir;
  })();
  return built;
}

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
  readonly server?: Partial<HttpServerOptions>;
  /** What is waited for; the first state unless told. */
  readonly ready?: string;
}

export const LIVE = '.pill:has-text("Live")';

export async function openPage(ctx: TestContext, options: OpenOptions = {}): Promise<OpenedPage> {
  const executablePath = findChromium();
  ctx.skip(executablePath === undefined, `no Chromium at ${candidates.join(', ')}`);
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
  const server = await start(0);
  const url = server.address ?? '';
  browser ??= launch(executablePath ?? '');
  const context = await (
    await browser
  ).newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  ctx.onTestFinished(() => context.close());
  const page = await context.newPage();
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

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A row of the table with this caption that names this issue. */
export function rowOf(page: Page, caption: string, identifier: string) {
  return page
    .getByRole('table', { name: caption })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader').getByRole('link', { name: identifier, exact: true }) });
}
