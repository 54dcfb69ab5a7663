// One Chromium for a file of tests, and pages that are lent to its tests: starting a renderer for each test costs more
// than the test. A page comes back empty (no document, cookie, permission, route, listener or second tab), and one of a
// test that has failed is thrown away with its context. Everything is closed after the last test of the file.

import { accessSync, constants } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, vi, type TestContext } from 'vitest';

export const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// Patience, not a measure: a browser is slow on a machine that is busy. Below the time of a test, a wait says what it was for.
const WAIT_MS = 60_000;
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 });

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
}

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

let browser: Promise<Browser> | undefined;
let idle: Page[] = [];

afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
  idle = [];
});

/** Belongs to the test until it is finished. Skips the test where there is no Chromium. */
export async function lendPage(ctx: TestContext, { width, height, dark }: Look): Promise<Page> {
  const executablePath = findChromium();
  ctx.skip(executablePath === undefined, `no Chromium at ${candidates.join(', ')}`);
  browser ??= launch(executablePath ?? '');
  const page = idle.pop() ?? (await newPage(await browser));
  ctx.onTestFinished(async ({ task }) => {
    const isClean = task.result?.state !== 'fail' && (await cleaned(page));
    if (isClean) idle.push(page);
    else await page.context().close();
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  return page;
}

async function newPage(running: Browser): Promise<Page> {
  const context = await running.newContext();
  context.setDefaultTimeout(WAIT_MS);
  return context.newPage();
}

/** @returns whether nothing of the test is left in it. */
async function cleaned(page: Page): Promise<boolean> {
  const context = page.context();
  try {
    for (const name of ['console', 'dialog', 'pageerror', 'request', 'response'] as const)
      page.removeAllListeners(name);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    for (const one of context.pages()) if (one !== page) await one.close();
    await page.evaluate('localStorage.clear(), sessionStorage.clear()');
    await page.goto('about:blank');
    await page.mouse.move(0, 0);
    await Promise.all([context.clearCookies(), context.clearPermissions()]);
    return true;
  } catch {
    return false;
  }
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
      // What is scrolled is there at once.
      '--disable-smooth-scrolling',
      // Our pages shut each other out, which would be another process at every address: here they are one's own.
      '--disable-site-isolation-trials',
      '--renderer-process-limit=1',
    ],
  });
}
