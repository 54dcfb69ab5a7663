// Somebody starts the demo and opens the page for the first time: what runs, why the rest does not, what was done and how
// it is stopped is there without a search, or one click away.

import { describe, expect, it, type TestContext } from 'vitest';
import { shipDemo, type DemoChange } from '../../demo/shipped-demo.ts';
import type { Daemon } from '../daemon.ts';
import { getJson, until } from '../program.ts';
import { look, rowOf, stage, start } from './stage.ts';

async function startDemo(ctx: TestContext, change: DemoChange = {}): Promise<Daemon> {
  const folder = await stage(ctx);
  await shipDemo((name) => folder.file(name), change);
  return start(ctx, folder);
}

const RUNNING = 'Running issues';
const PARKED = 'Issues that were set aside';
const WAITING = 'Issues that were read and not started';
const ENDED = 'Runs that ended last';
/** Of a screen. */
const HEIGHT = 900;

describe('a newcomer who starts the demo', () => {
  it('sees on one screen what runs, and of the rest why it does not', { timeout: 120_000 }, async (ctx) => {
    const daemon = await startDemo(ctx);
    const { page, complaints, elsewhere } = await look(ctx, daemon.url);
    await page.getByText('of 3', { exact: true }).waitFor();
    // Each with what it is about, what it does and how to stop it. Read at once: the demo goes on meanwhile.
    const running = await until('three runs', async () => {
      const rows = await page.getByRole('table', { name: RUNNING }).locator('tbody tr').allInnerTexts();
      return rows.length === 3 && rows;
    });
    for (const row of running) expect(row).toMatch(/SHOP-\d+\s+\S+ .*\s[^]*\d+s[^]*mock[^]*Cancel/);
    const blocked = rowOf(page, WAITING, 'SHOP-106');
    await blocked.getByText('Blocked', { exact: true }).waitFor();
    expect(await blocked.innerText()).toMatch(/SHOP-103/);
    const queued = page
      .getByRole('table', { name: WAITING })
      .getByRole('row')
      .filter({ hasText: 'No free slot' })
      .filter({ hasText: 'All slots are in use' })
      .first();
    const place = await queued.boundingBox();
    expect((place?.y ?? Infinity) + (place?.height ?? 0)).toBeLessThanOrEqual(HEIGHT);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  it('who comes when all is over reads what was done, and what waits for people', async (ctx) => {
    const daemon = await startDemo(ctx, { turnMs: 300 });
    await until(
      'the end of all that ends',
      async () => {
        const { running, retrying } = (await daemon.state()).counts;
        return running + retrying === 0 && (await daemon.runs()).length === 15;
      },
      60_000,
    );
    const { page, complaints } = await look(ctx, daemon.url);
    await page.getByText('Nothing is running.').waitFor();
    const rows = page.getByRole('table', { name: ENDED }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(5);
    for (const row of await rows.allInnerTexts())
      expect(row.replaceAll(/\s+/g, ' ')).toMatch(
        /^SHOP-\d+ .* (Succeeded|Failed) .* (file changed|turn_\w+).* \d+s [\d.]+k ≈ \$\d\.\d\d (just now|\d+[sm] ago)$/,
      );
    const first = await rows.first().boundingBox();
    expect((first?.y ?? Infinity) + (first?.height ?? 0)).toBeLessThanOrEqual(HEIGHT);
    expect(await rowOf(page, PARKED, 'SHOP-110').innerText()).toMatch(
      /Needs input[^]*Should the change also cover the old format\?\s+Goes on/,
    );
    expect(await rowOf(page, WAITING, 'SHOP-106').innerText()).toMatch(/Blocked[^]*SHOP-103/);
    await page.getByText('A proposal waits for a decision.').waitFor();
    const { today } = await getJson<{ today: { cost_usd: number } }>(`${daemon.url}/api/v1/state`);
    await page.getByText(`$${today.cost_usd.toFixed(2)}`, { exact: true }).waitFor();

    await rows.first().getByRole('link').click();
    await page.getByRole('region', { name: 'Timeline' }).getByText('Run ended').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('reaches each answer with one click', async (ctx) => {
    // The first of all: it makes room for what is looked at.
    const daemon = await startDemo(ctx, { turnMs: 60_000, quick: { issue: 'SHOP-101', turnMs: 500 } });
    const { page } = await look(ctx, daemon.url);

    // Why is *this* not running?
    await rowOf(page, WAITING, 'SHOP-106').getByRole('link').click();
    const why = page.getByRole('region', { name: 'Why is it not running?' });
    await why.getByText('Another issue has to be finished first.').waitFor();
    expect(await why.innerText()).toMatch(/SHOP-103[^]*when what blocks it is finished/);
    await page.goBack();

    // What does it do, and what did it do?
    const name = 'SHOP-102';
    await rowOf(page, RUNNING, name).getByRole('link').click();
    await page.getByRole('region', { name: 'What is it doing?' }).waitFor();
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await timeline.getByText('Dispatched', { exact: true }).waitFor();
    await page
      .getByRole('region', { name: 'Transcript lines' })
      .getByText('reading the issue')
      .first()
      .waitFor();

    // How is it stopped? From here as well as from the first page.
    await page
      .getByRole('button', { name: `Cancel ${name}` })
      .first()
      .click();
    expect(await page.getByRole('dialog').innerText()).toContain('Its agent is stopped now.');
    await page.keyboard.press('Escape');

    // What was done by everything?
    await until('the first end', async () => (await daemon.runs()).length > 0);
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByRole('table', { name: 'Runs, newest first' }).getByRole('rowheader').first().waitFor();
  });

  it('is told about an issue by its name, whether it is known or not', async (ctx) => {
    const daemon = await startDemo(ctx);
    const { page } = await look(ctx, daemon.url);
    const ask = async (identifier: string): Promise<void> => {
      await page.keyboard.press('/');
      await page.keyboard.type(identifier);
      await page.keyboard.press('Enter');
    };
    await ask('SHOP-109');
    const why = page.getByRole('region', { name: 'Why is it not running?' });
    await why.getByText('Its state is not one of tracker.active_states.').waitFor();
    expect(await why.innerText()).toMatch(/Backlog[^]*when its state changes/);
    await ask('SHOP-108');
    await why.getByText('Its state is one of tracker.terminal_states.').waitFor();
    await ask('NOPE-1');
    await why.getByText('Neither Sortie nor the tracker knows it.').waitFor();
  });
});
