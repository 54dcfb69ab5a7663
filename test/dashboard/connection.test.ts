// A lost connection is said, what is shown stands still, and it comes back by itself, noticing another daemon.
import { describe, expect, it } from 'vitest';
import { freePort } from '../e2e/program.ts';
import { snapshot } from '../http/fake-daemon.ts';
import { LIVE, openPage, rowOf } from './browser-page.ts';
import { holdTimers } from './held-timers.ts';

/** Nobody else is given it while the daemon is away. */
const ownPort = async () => ({ port: Number(await freePort()) });

describe('a lost connection', () => {
  it('is said, with what it means, and the figures stand still until it is back', async (ctx) => {
    const { page, server, daemon, restart } = await openPage(ctx, await ownPort());
    await server.close();
    await page.getByText(/Connection lost since \d\d:\d\d UTC\. What is shown is as it was then\./).waitFor();
    await page.getByText(/next try/).waitFor();
    const elapsed = rowOf(page, 'Running issues', 'SHOP-42').locator('time').last();
    const before = await elapsed.textContent();
    // Its own age goes on: so the clock did tick while the row stood still.
    const banner = page.getByRole('complementary', { name: 'Lost connection' });
    await banner.getByText(/^([3-9]|\d\d)s ago|^\dm ago/).waitFor();
    expect(await elapsed.textContent()).toBe(before);
    daemon.snapshot = snapshot({ running: [] });
    await restart();
    await page.locator(LIVE).waitFor();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    await page.getByText('Nothing is running').waitFor();
  });

  it('leaves the controls in their place, and they say why they do nothing', async (ctx) => {
    const { page, server, daemon } = await openPage(ctx, await ownPort());
    await server.close();
    await page.getByText('Connection lost since').waitFor();
    const button = page.getByRole('button', { name: 'Cancel SHOP-42' });
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    // `force`: the browser's user can press it, and is told why nothing happens.
    await button.click({ force: true });
    await page.getByText('Not possible now: the connection to the daemon is lost.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(daemon.controls).toEqual([]);
  });

  it('can be tried again at once', async (ctx) => {
    const { page, server, restart } = await openPage(ctx, await ownPort());
    // It would not come back by itself.
    await holdTimers(page, 1_000);
    await server.close();
    await page.getByText('Connection lost since').waitFor();
    await restart();
    await page.getByRole('button', { name: 'Try now', exact: true }).click();
    await page.locator(LIVE).waitFor();
  });

  it('that ends with a daemon of another version asks for the new page', async (ctx) => {
    const { page, server, daemon, restart } = await openPage(ctx, await ownPort());
    // The first readiness has to be there before another one can differ from it.
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByText('0.1.0').waitFor();
    await server.close();
    daemon.readiness = { ...daemon.readiness, version: '0.2.0', uptimeSeconds: 1 };
    await restart();
    await page.getByText('The daemon was updated while this page was open.').waitFor();
    await page.getByText('0.2.0').waitFor();
  });
});
