// The built daemon and a real browser beside each other: what a person sees of a real run. Everything that is started
// here ends with its test; without Chromium or a build the test is skipped and says so. Whatever the page complains of
// (an uncaught error, a refused load), asks of elsewhere or puts up as a dialog is gathered for the test to judge.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { findChromium, LIVE, rowOf } from '../../dashboard/browser-page.ts';
import { lendPage } from '../../dashboard/lent-pages.ts';
import { startDaemon, type Daemon } from '../daemon.ts';
import { makeFolder, type Folder } from '../program.ts';

export { LIVE, rowOf };

const built = ['main.js', 'dashboard/index.html'].map((file) =>
  fileURLToPath(new URL(`../../../dist/src/${file}`, import.meta.url)),
);

/** Skips where there is nothing to look with or at. */
export async function stage(ctx: TestContext): Promise<Folder> {
  ctx.skip(findChromium() === undefined, 'no Chromium on this machine');
  const missing = built.find((path) => !existsSync(path));
  ctx.skip(missing !== undefined, `${missing} is missing: run npm run build first`);
  const folder = await makeFolder();
  ctx.onTestFinished(async () => expect(await folder.close()).toEqual([]));
  return folder;
}

/** A daemon on the folder, stopped gently when the test is over unless it is over already. */
export async function start(ctx: TestContext, folder: Folder, args: readonly string[] = []): Promise<Daemon> {
  const daemon = await startDaemon(folder, args);
  ctx.onTestFinished(async () => {
    const { exitCode, signalCode } = daemon.program.child;
    if (exitCode === null && signalCode === null) await daemon.stop();
  });
  return daemon;
}

export interface Look {
  readonly page: Page;
  /** Uncaught errors and what the console calls an error, a refusal by the content security policy included. */
  readonly complaints: string[];
  /** Requests to anything but the daemon. */
  readonly elsewhere: string[];
  /** Texts of `alert` and its like; each is dismissed. */
  readonly dialogs: string[];
}

export interface LookOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** What is waited for; that the page is live unless told. */
  readonly ready?: string;
}

export async function look(ctx: TestContext, address: string, options: LookOptions = {}): Promise<Look> {
  const { width = 1440, height = 900, dark = false, ready = LIVE } = options;
  const page = await lendPage(ctx, { width, height, dark });
  const [complaints, elsewhere, dialogs]: [string[], string[], string[]] = [[], [], []];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const { origin } = new URL(address);
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== 'data:' && asked.origin !== origin) elsewhere.push(request.url());
  });
  await page.goto(address);
  await page.waitForSelector(ready);
  // The page itself is loaded after its frame.
  await page.waitForSelector('h1', { state: 'attached' });
  return { page, complaints, elsewhere, dialogs };
}

/** Ends as a crash does: nothing of it has the time to say goodbye. */
export async function killHard({ program }: Daemon): Promise<void> {
  program.child.kill('SIGKILL');
  await program.exit;
}

/** Another daemon on the same folder and the same address, as after a reboot. */
export function startAgain(ctx: TestContext, folder: Folder, { url }: Daemon): Promise<Daemon> {
  return start(ctx, folder, ['--port', new URL(url).port]);
}

/** Presses the button, reads what it would do, gives a reason and confirms. @returns what the question said. */
export async function say(page: Page, button: string, reason: string): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  const question = await dialog.innerText();
  await dialog.getByLabel('Reason').fill(reason);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  return question;
}
