// 500 running issues: only what is in sight is drawn, all can be reached, and the page answers at once.
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const COUNT = 500;
const many = (turnCount: number) =>
  Array.from({ length: COUNT }, (_, index) =>
    running({
      issueId: `${index}`,
      runId: `${index}`,
      issueIdentifier: `SHOP-${index}`,
      startedAtMs: NOW_MS - index * 1_000,
      turnCount,
    }),
  );

describe('500 running issues', () => {
  it('are counted, drawn as they come into sight, and all reachable', async (ctx) => {
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = snapshot({ running: many(1), slots: { limit: COUNT, used: COUNT } });
      },
    });
    const table = page.getByRole('table', { name: 'Running issues' });
    expect(await table.getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
    const drawn = await table.locator('tr[data-row]').count();
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThan(80);
    await page.getByRole('region', { name: 'Running issues' }).focus();
    await page.keyboard.press('End');
    const last = page.getByRole('link', { name: `SHOP-${COUNT - 1}`, exact: true });
    await last.waitFor();
    await expect
      .poll(() => table.locator('tr[data-row]').last().getAttribute('aria-rowindex'))
      .toBe(String(COUNT + 1));
    daemon.change({ running: many(7) });
    await page.getByText('turn 7').last().waitFor();
    expect(await last.count()).toBe(1);
    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'SHOP-0', exact: true }).waitFor();
  });

  it('stay under the keyboard: Tab goes on to rows that were out of sight', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = snapshot({ running: many(1) });
      },
    });
    await page.getByRole('link', { name: 'SHOP-0', exact: true }).focus();
    // Two stops a row: the link and the button.
    for (let step = 0; step < 120; step++) {
      await page.keyboard.press('Tab');
      // Rows come into sight with a frame; nobody is faster than those.
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
    }
    const focused = await page.evaluate('document.activeElement.textContent');
    expect(focused).toBe('SHOP-60');
  });
});
