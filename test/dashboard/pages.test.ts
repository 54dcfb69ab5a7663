// Pages are addresses: links, the back button and a reload lead where they say, without loading the page anew.
import { describe, expect, it } from 'vitest';
import { openPage } from './browser-page.ts';

describe('the pages', () => {
  it('change without a load, and back again', async (ctx) => {
    const { page, url, complaints } = await openPage(ctx);
    await page.evaluate('window.kept = true');
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('heading', { name: 'Settings in force' }).waitFor();
    expect(page.url()).toBe(`${url}/health`);
    expect(await page.getByRole('link', { name: 'Health' }).getAttribute('aria-current')).toBe('page');
    await expect.poll(() => page.title()).toBe('3 to decide · Health · 1 running · Sortie');
    await page.goBack();
    await page.getByRole('heading', { name: 'Retry queue' }).waitFor();
    expect(await page.evaluate('window.kept')).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('are found by their address', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/health' });
    await page.getByRole('heading', { name: 'Settings in force' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings in force' }).waitFor();
  });

  it('leave links to programs’ answers to the browser', async (ctx) => {
    const { page, url } = await openPage(ctx, { path: '/health' });
    await page.getByRole('link', { name: 'State' }).click();
    await expect.poll(() => page.url()).toBe(`${url}/api/v1/state`);
    expect(await page.locator('body').innerText()).toContain('"generated_at"');
  });

  it('ask for an issue by its identifier, however it is written', async (ctx) => {
    const { page, url } = await openPage(ctx);
    await page.getByRole('searchbox', { name: /Why isn’t it running/ }).fill('  A/B ?#1 ');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(`${url}/issues/A%2FB%20%3F%231`);
  });

  it('keep the theme that was chosen, over a reload', async (ctx) => {
    const { page } = await openPage(ctx);
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.getByRole('button', { name: /^Theme: as the system/ }).click();
    expect(await background()).toBe(light);
    await page.getByRole('button', { name: /^Theme: light/ }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: /^Theme: dark/ }).waitFor();
    expect(await background()).toBe(dark);
  });
});
