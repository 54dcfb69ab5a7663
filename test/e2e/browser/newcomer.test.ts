// Somebody starts the demo and opens the page for the first time: what runs, why the rest does not, what was done and how
// it is stopped is there without a search, or one click away.

import { cp, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import type { Daemon } from '../daemon.ts';
import { until } from '../program.ts';
import { look, rowOf, stage, start } from './stage.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function startDemo(ctx: TestContext, quick = ''): Promise<Daemon> {
  const folder = await stage(ctx);
  const workflow = await readFile(`${root}WORKFLOW.md`, 'utf8');
  // What runs must still run when somebody has looked, however busy the machine is.
  const slow = workflow.replace('turn_ms: 3000', 'turn_ms: 60000');
  expect(slow).not.toBe(workflow);
  const soon = quick === '' ? '' : `\n    ${quick}: { turn_ms: 500 }`;
  await folder.write('WORKFLOW.md', slow.replace('  by_issue:', `  by_issue:${soon}`));
  await cp(`${root}examples/demo`, folder.file('examples/demo'), { recursive: true });
  return start(ctx, folder);
}

const RUNNING = 'Running issues';
const WAITING = 'Issues that were read and not started';

describe('a newcomer who starts the demo', () => {
  it('sees on one screen what runs, and of the rest why it does not', async (ctx) => {
    const daemon = await startDemo(ctx);
    const { page, complaints, elsewhere } = await look(ctx, daemon.url);
    await page.getByText('of 3', { exact: true }).waitFor();
    const { running } = await until('three runs', async () => {
      const state = await daemon.state();
      return state.counts.running === 3 && state;
    });
    // Each with what it is about, what it does and how to stop it.
    for (const { issue_identifier } of running) {
      const row = rowOf(page, RUNNING, issue_identifier);
      await row.waitFor();
      expect(await row.getByRole('button', { name: `Cancel ${issue_identifier}` }).isVisible()).toBe(true);
    }
    const blocked = rowOf(page, WAITING, 'SHOP-106');
    await blocked.getByText('Blocked', { exact: true }).waitFor();
    expect(await blocked.innerText()).toMatch(/SHOP-103/);
    const queued = rowOf(page, WAITING, 'SHOP-107');
    expect(await queued.innerText()).toMatch(/No free slot[^]*All slots are in use/);
    const last = await queued.boundingBox();
    expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(900);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  it('reaches each answer with one click', async (ctx) => {
    // The first of all: it makes room for what is looked at.
    const daemon = await startDemo(ctx, 'SHOP-101');
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
