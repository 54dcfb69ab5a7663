// Off loopback nobody sees anything of a real daemon before he has signed in. It listens on this machine's own address,
// with a token made for the occasion; where there is none but the loopback the test is skipped.

import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { makeIssue } from '../program.ts';
import { startDaemon } from '../daemon.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { LIVE, look, rowOf, say, stage } from './stage.ts';

const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

it('is asked for by the page of a daemon that others can reach, and ends when one signs out', async (ctx) => {
  ctx.skip(ownAddress === undefined, 'this machine has no address but the loopback');
  const token = randomBytes(24).toString('hex');
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 60_000 }, more: { server: { token } } });
  await folder.writeIssues([makeIssue(1, { title: 'A secret title' })]);
  const daemon = await startDaemon(folder, ['--host', ownAddress ?? '']);
  ctx.onTestFinished(async () => {
    await daemon.stop();
  });
  expect(new URL(daemon.url).hostname).toBe(ownAddress);

  const { page, elsewhere } = await look(ctx, `${daemon.url}/issues/E2E-1`, { ready: 'form' });
  expect(new URL(page.url()).pathname).toBe('/login');
  expect(await page.content()).not.toContain('A secret title');
  await page.getByLabel('Token').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This is not the daemon’s token.').waitFor();
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'A secret title' }).waitFor();
  await page.locator(LIVE).waitFor();

  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'sortie-session', httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(cookie?.value).not.toContain(token);

  // What is signed in may act.
  await page.getByRole('link', { name: 'Now', exact: true }).click();
  await rowOf(page, 'Running issues', 'E2E-1').waitFor();
  await say(page, 'Cancel E2E-1', 'from afar');
  await rowOf(page, 'Issues that were set aside', 'E2E-1').waitFor();

  // A copy of the cookie opens nothing for another site's page.
  const copy = { cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` };
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${daemon.url}/api/v1/state`, { headers: { ...copy, ...headers } })).status;
  expect(await status({ origin: daemon.url })).toBe(200);
  expect(await status({ origin: 'https://evil.example' })).toBe(401);
  expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(401);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  await page.goto(`${daemon.url}/`);
  expect(new URL(page.url()).pathname).toBe('/login');
  expect(elsewhere).toEqual([]);
  expect(daemon.program.stderr()).not.toContain(token);
});
