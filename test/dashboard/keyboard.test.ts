// The page without a mouse: its few keys, and everything that acts is reached with Tab.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage } from './browser-page.ts';

/** The second key counts for a second and a half after the first: on a busy machine it may come too late. */
async function go(page: Page, key: string, address: string): Promise<void> {
  await expect
    .poll(async () => {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      return page.url();
    })
    .toBe(address);
}

describe('the keyboard', () => {
  it('goes from page to page with g, and asks for an issue with /', async (ctx) => {
    const { page, url } = await openPage(ctx);
    for (const [key, path] of [
      ['e', '/health'],
      ['n', '/'],
    ] as const) {
      await go(page, key, url + path);
    }
    await page.keyboard.press('/');
    await page.keyboard.type('SHOP-31');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(`${url}/issues/SHOP-31`);
  });

  it('takes no key while something is typed or asked, and none with a modifier', async (ctx) => {
    const { page, url } = await openPage(ctx);
    await page.getByRole('searchbox').fill('');
    await page.keyboard.type('g?e/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('g?e/');
    await page.locator('main').focus();
    await page.keyboard.press('Control+/');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).focus();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    expect(page.url()).toBe(`${url}/`);
  });

  it('shows its keys on ?', async (ctx) => {
    const { page } = await openPage(ctx);
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    expect((await dialog.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/g h Go to History/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('reaches every link and button of Now by Tab, in the order of reading, and cancels a run', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    const order: string[] = [];
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate<string | null>(
        `document.activeElement === document.body ? null
          : (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`,
      );
      if (name === null) break;
      order.push(name);
    }
    expect(order.slice(0, 7)).toEqual([
      'Skip to the content',
      'Sortie',
      'Now',
      'Approvals 3 waiting',
      'History',
      'Charts',
      'Health',
    ]);
    const wanted = [
      'Pause',
      'Drain',
      'Check now',
      'SHOP-42',
      'Cancel SHOP-42',
      'Retry now SHOP-57',
      'Hold SHOP-66',
    ];
    expect(order.filter((name) => wanted.includes(name))).toEqual(wanted);
    const focusable = await page.locator('a:visible, button:visible, input:visible').count();
    expect(order.length).toBe(focusable);
    await page.getByRole('button', { name: 'Cancel SHOP-42' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('wrong branch');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => daemon.controls.at(-1)?.word.reason).toBe('wrong branch');
  });
});
