// The list of proposals: what waits first, narrowed by address, following the daemon without asking by a timer.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { MOVE_ID, proposal } from '../../http/fake-proposals.ts';
import { openPage } from '../browser-page.ts';
import { holdTimers } from '../held-timers.ts';
import { flat } from './proposal.ts';

const server = { nowMs: () => NOW_MS };
const COUNT = 500;

describe('the list of proposals', () => {
  it('shows what waits first, who decides it, by which rule and until when', async (ctx) => {
    const { page, complaints } = await openPage(ctx, { path: '/approvals', server });
    const rows = page.getByRole('table', { name: 'Proposals' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(5);
    const texts = (await rows.allInnerTexts()).map(flat);
    expect(texts[0]).toMatch(
      /^Create 12 issues \(Bug\) in SHOP New issues SHOP-42 Waiting leads rule 1 \(bulk\) 22m ago in 23h 3[78]m/,
    );
    expect(texts[3]).toMatch(/Comment on SHOP-31 Comment SHOP-31 Approved, changed Done anna 40m ago/);
    expect(texts[4]).toMatch(/Assign SHOP-12 to nobody.*Expired sortie/);
    await page.getByText('3 wait for a decision').waitFor();
    await page.getByRole('link', { name: 'Move SHOP-42 from In Progress to Done' }).click();
    await expect.poll(() => page.url()).toMatch(new RegExp(`/approvals/${MOVE_ID}$`));
    await page.getByRole('link', { name: 'All proposals' }).click();
    await expect.poll(() => rows.count()).toBe(5);
    expect(complaints).toEqual([]);
  });

  it('is narrowed by status and issue, and the address keeps it', async (ctx) => {
    const { page, url } = await openPage(ctx, { path: '/approvals', server });
    const rows = page.getByRole('table', { name: 'Proposals' }).locator('tbody tr');
    await page.getByLabel('Status').selectOption('pending');
    await expect.poll(() => rows.count()).toBe(3);
    await page.getByRole('textbox', { name: 'Issue' }).fill('shop-57');
    await expect.poll(() => rows.count()).toBe(1);
    expect(page.url()).toBe(`${url}/approvals?status=pending&identifier=shop-57`);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('textbox', { name: 'Issue' }).fill('NOBODY-1');
    await page.getByText('No proposal fits these filters.').waitFor();
    await page.getByRole('link', { name: 'Show all.' }).click();
    await expect.poll(() => rows.count()).toBe(5);
  });

  it('says what it would mean that there is none', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: '/approvals',
      server,
      arrange: ({ tools }) => {
        tools.proposals = [];
      },
    });
    await page.getByText('No agent has asked for anything that a person must decide.').waitFor();
    expect(await page.locator('.nav-count').count()).toBe(0);
  });

  it('follows the daemon’s count, in the list, the navigation and the title, with few readings', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/approvals', server });
    const rows = page.getByRole('table', { name: 'Proposals' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(5);
    let readings = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/approvals?')) readings += 1;
    });
    // The second between two readings is not over before the burst is.
    const timers = await holdTimers(page, 500);
    const { tools } = daemon;
    for (let index = 0; index < 40; index++) {
      tools.proposals = [proposal({ id: `new-${index}`, summary: `New ${index}` }), ...tools.proposals];
      tools.change();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await expect.poll(() => page.locator('.nav-count').innerText()).toMatch(/^43/);
    await expect.poll(() => page.title()).toBe('43 to decide · Approvals · 1 running · Sortie');
    await expect.poll(() => timers.waiting()).toEqual([1_000]);
    expect(readings).toBeLessThanOrEqual(1);
    await timers.pass();
    await expect.poll(() => rows.count()).toBe(45);
    const before = readings;
    expect(before).toBeLessThanOrEqual(2);
    // A state that says the same of proposals reads nothing.
    daemon.change({ running: [] });
    await expect.poll(() => page.title()).toBe('43 to decide · Approvals · Sortie');
    expect([await timers.waiting(), readings]).toEqual([[], before]);
  });
});

describe(`${COUNT} proposals`, () => {
  it('are read page by page, drawn as they come into sight, and all reachable', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: '/approvals',
      server,
      arrange: ({ tools }) => {
        tools.proposals = Array.from({ length: COUNT }, (_, index) =>
          proposal({
            id: `p-${index}`,
            summary: `Comment number ${index}`,
            details: { body: 'x'.repeat(5_000) },
          }),
        );
      },
    });
    const table = page.getByRole('table', { name: 'Proposals' });
    await table.waitFor();
    for (let read = 100; read < COUNT; read += 100) {
      await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(read + 1));
      await page.getByRole('button', { name: 'Show more' }).click();
    }
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    expect(await table.locator('tr[data-row]').count()).toBeLessThan(80);
    await page.getByRole('region', { name: 'Proposals', exact: true }).last().focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: `Comment number ${COUNT - 1}`, exact: true }).waitFor();
  });
});

describe('what waits', () => {
  it('is said on the Now page, and leads to what waits', async (ctx) => {
    const { page, url } = await openPage(ctx, { server });
    await page.getByText('3 proposals wait for a decision.').first().waitFor();
    await page.getByRole('link', { name: 'Decide' }).click();
    await expect.poll(() => page.url()).toBe(`${url}/approvals?status=pending`);
  });

  it('is reached by a key', async (ctx) => {
    const { page, url } = await openPage(ctx, { server });
    // On a busy machine the second key may come too late to belong to the first.
    await expect
      .poll(async () => {
        await page.keyboard.press('g');
        await page.keyboard.press('a');
        return page.url();
      })
      .toBe(`${url}/approvals`);
  });
});
