// The page in a real browser over a real server: built from its sources into a temporary folder, opened in
// the machine's Chromium, everything closed and removed when the test ends. Without a Chromium the test is
// skipped and says so.

import {
  accessSync,
  constants,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import ts from 'typescript';
import type { TestContext } from 'vitest';
import { createServer, type HttpServer } from '../../src/http/index.ts';
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

/** Like the build, without its type check: each file by itself, `.ts` imports turned into `.js`. */
export function buildPage(): string {
  const target = mkdtempSync(join(tmpdir(), 'sortie-page-'));
  for (const file of readdirSync(sources)) {
    if (extname(file) !== '.ts') {
      cpSync(join(sources, file), join(target, file));
      continue;
    }
    const { outputText } = ts.transpileModule(readFileSync(join(sources, file), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ES2022,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(join(target, file.replace(/\.ts$/, '.js')), outputText);
  }
  return target;
}

export interface OpenedPage {
  readonly page: Page;
  readonly daemon: FakeDaemon;
  readonly server: HttpServer;
  readonly url: string;
  /** Console errors, uncaught errors and refused loads, e.g. by the content security policy. */
  readonly complaints: string[];
  /** A second server on the same port, after the first was closed. */
  restart(): Promise<void>;
}

export interface OpenOptions {
  readonly arrange?: (daemon: FakeDaemon) => void;
  readonly width?: number;
}

export async function openPage(ctx: TestContext, options: OpenOptions = {}): Promise<OpenedPage> {
  const executablePath = findChromium();
  ctx.skip(executablePath === undefined, `no Chromium at ${candidates.join(', ')}`);
  const pageDirectory = buildPage();
  ctx.onTestFinished(() => rmSync(pageDirectory, { recursive: true, force: true }));
  const daemon = fakeDaemon();
  options.arrange?.(daemon);
  const start = async (port: number): Promise<HttpServer> => {
    const server = createServer({
      view: daemon.view,
      store: daemon.store,
      metrics: { text: async () => '', contentType: 'text/plain' },
      settings: { host: '127.0.0.1', port, token: '', allowedHosts: [] },
      version: '0.1.0',
      pageDirectory,
      warn: () => undefined,
    });
    ctx.onTestFinished(() => server.close());
    await server.listen();
    return server;
  };
  const server = await start(0);
  const url = server.address ?? '';
  const browser = await launch(executablePath ?? '');
  ctx.onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: options.width ?? 1280, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('#connection[data-state=live]');
  const restart = async (): Promise<void> => void (await start(Number(new URL(url).port)));
  return { page, daemon, server, url, complaints, restart };
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
