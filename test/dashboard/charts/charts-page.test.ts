// The charts in a real browser: every figure is the API's, in both themes, by mouse, by keyboard and as a table.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { NOW_MS, running as aRunning, type FakeDaemon } from '../../http/fake-daemon.ts';
import { axeFindings } from '../axe.ts';
import { openPage, type OpenOptions } from '../browser-page.ts';
import { holdTimers } from '../held-timers.ts';
import type { Stats } from '../../../src/dashboard/wire.ts';

const TITLES = [
  'Throughput',
  'Success rate',
  'Run duration',
  'Queue length',
  'Tokens',
  'Cost',
  'Tracker requests',
  'Poll duration',
];

/** The page counts its spans from the daemon's time, which the fake's past ends with. */
const options = (path: string, more: Partial<OpenOptions> = {}): OpenOptions => ({
  path,
  server: { nowMs: () => NOW_MS },
  ...more,
});

const fakeRun = (id = '1') => aRunning({ issueId: id, runId: id, issueIdentifier: `SHOP-${id}` });
const section = (page: Page, title: string) => page.locator(`section:has(h2:text-is("${title}"))`);
const drawn = (page: Page, title: string) => section(page, title).locator('.u-wrap > canvas');

/** Whether anything is painted in a chart, and a sum that changes with its colours. */
const ink = (page: Page, title: string): Promise<number> =>
  drawn(page, title).evaluate((canvas) => {
    interface Canvas {
      readonly width: number;
      readonly height: number;
      getContext(kind: '2d'): {
        getImageData(x: number, y: number, w: number, h: number): { readonly data: Uint8ClampedArray };
      };
    }
    const { width, height, getContext } = canvas as unknown as Canvas;
    const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += (data[at] ?? 0) * ((data[at + 3] ?? 0) > 0 ? 1 : 0);
    return sum;
  });

describe('the charts', () => {
  it('are eight, drawn from the API, and explain themselves', async (ctx) => {
    const { page, complaints } = await openPage(ctx, options('/charts?range=30d'));
    for (const title of TITLES) {
      await drawn(page, title).waitFor();
      await expect.poll(() => ink(page, title)).toBeGreaterThan(0);
      expect(await section(page, title).locator('.chart-legend li').count()).toBeGreaterThan(0);
    }
    expect(complaints).toEqual([]);
  });

  it('show in their tables what the API says, figure for figure', async (ctx) => {
    const { page, url } = await openPage(ctx, options('/charts?range=30d'));
    const asked = page.waitForRequest((request) => request.url().includes('group=agent'));
    await page.reload();
    const address = (await asked).url();
    const stats = (await (await fetch(address)).json()) as Stats;
    expect(address.startsWith(url)).toBe(true);
    await section(page, 'Cost').getByText('Figures of cost').click();
    const table = page.getByRole('region', { name: 'Figures of Cost' });
    await table.getByRole('columnheader').nth(1).waitFor();
    const heads = (await table.getByRole('columnheader').allInnerTexts()).slice(1);
    expect([...heads].sort()).toEqual([...new Set(stats.rows.map(({ group }) => group))].sort());
    for (const row of stats.rows.slice(0, 8)) {
      const cells = await table
        .getByRole('row', { name: row.start.slice(0, 10) })
        .getByRole('cell')
        .allInnerTexts();
      expect(cells[heads.indexOf(row.group)]).toBe(`$${row.cost_usd.toFixed(2)}`);
    }
  });

  it('ask for what the address says, and put into it what is chosen', async (ctx) => {
    const { page } = await openPage(ctx, options('/charts'));
    await drawn(page, 'Tokens').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).search));
    await page.getByRole('button', { name: '1 year' }).click();
    await expect.poll(() => asked.filter((search) => search.includes('bucket=day')).length).toBe(3);
    expect(new URL(page.url()).search).toBe('?range=1y');
    expect(await page.getByRole('button', { name: '1 year' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByLabel('Group by agent').check();
    await expect
      .poll(() => section(page, 'Throughput').locator('.chart-legend').innerText())
      .toMatch(/claude-code/);
    expect(new URL(page.url()).search).toBe('?range=1y&group=agent');
    await page.reload();
    await expect.poll(() => page.getByLabel('Group by agent').isChecked()).toBe(true);
  });

  it('show nothing of another span while the one that was asked for is missing', async (ctx) => {
    const { page, daemon } = await openPage(ctx, options('/charts?range=24h'));
    await drawn(page, 'Throughput').waitFor();
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/v1/stats?*', async (route) => {
      await slow;
      await route.fulfill({ status: 500, json: { error: { code: 'x', message: 'the disk is gone' } } });
    });
    // An hour later the same span is another one.
    daemon.change({ generatedAtMs: NOW_MS + 3_600_000 });
    await expect.poll(() => drawn(page, 'Throughput').count()).toBe(0);
    await page.getByRole('button', { name: '1 year' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?range=1y');
    expect(await drawn(page, 'Throughput').count()).toBe(0);
    answer();
    await page.getByRole('alert').getByText('the disk is gone').waitFor();
    expect(await drawn(page, 'Throughput').count()).toBe(0);
    await page.unroute('**/api/v1/stats?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await drawn(page, 'Throughput').waitFor();
  });

  it('are read again when runs have ended, also when as many run as before, and seldom', async (ctx) => {
    const { page, daemon } = await openPage(ctx, options('/charts?range=30d'));
    await drawn(page, 'Throughput').waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/stats')) asked += 1;
    });
    const timers = await holdTimers(page, 1_000);
    daemon.change({ runsEnded: 18 });
    await expect.poll(() => asked).toBe(2);
    expect(await timers.waiting()).toEqual([]);
    // Each is told, and for each the same wait begins.
    for (const [runsEnded, running] of [
      [19, []],
      [20, [fakeRun(), fakeRun('2')]],
      [21, []],
      [22, [fakeRun(), fakeRun('2')]],
    ] as const) {
      daemon.change({ runsEnded, running });
      const title = running.length === 0 ? /Charts · Sortie$/ : /Charts · 2 running · Sortie$/;
      await expect.poll(() => page.title()).toMatch(title);
    }
    await expect.poll(() => timers.waiting()).toEqual([10_000]);
    expect(asked).toBe(2);
    await timers.pass();
    await expect.poll(() => asked).toBe(4);
  });

  it('show a day of a store that is young, and a week of one that is not', async (ctx) => {
    const chosen = (page: Page) => page.locator('.charts-choice [aria-pressed=true]');
    const young = (daemon: FakeDaemon): void => {
      daemon.past = daemon.past.slice(0, 1).map((run) => ({ ...run, completedAtMs: NOW_MS - 3_600_000 }));
    };
    const { page } = await openPage(ctx, options('/charts', { arrange: young }));
    await expect.poll(() => chosen(page).allInnerTexts()).toEqual(['24 hours']);
    await drawn(page, 'Throughput').waitFor();
    const old = await openPage(ctx, options('/charts'));
    await expect.poll(() => chosen(old.page).allInnerTexts()).toEqual(['7 days']);
    await drawn(old.page, 'Throughput').waitFor();
  });

  it('tell the figures under the cursor, and with the arrow keys', async (ctx) => {
    const { page } = await openPage(ctx, options('/charts?range=30d'));
    const tokens = section(page, 'Tokens');
    await tokens.locator('.u-over').hover({ position: { x: 200, y: 60 } });
    const tip = tokens.locator('.chart-tip');
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/2026-1\d-\d\d[\s\S]*(claude-code|codex)\s+[\d.]+k/);
    await page.mouse.move(5, 5);
    await expect.poll(() => tip.count()).toBe(0);
    const chart = page.getByRole('group', { name: 'Run duration, chart' });
    await chart.focus();
    await chart.press('End');
    await expect
      .poll(() => chart.locator('[aria-live]').innerText())
      .toMatch(/^2026-11-22, so far\. Half took less/);
    await chart.press('ArrowLeft');
    await expect.poll(() => chart.locator('[aria-live]').innerText()).toMatch(/^2026-11-21\. /);
    await chart.press('Escape');
    await expect.poll(() => section(page, 'Run duration').locator('.chart-tip').count()).toBe(0);
  });

  it('say what will appear where there is nothing yet', async (ctx) => {
    const nothing = (daemon: FakeDaemon): void => {
      daemon.past = [];
      Object.assign(daemon.store, { samples: async () => [] });
    };
    const { page } = await openPage(ctx, options('/charts', { arrange: nothing }));
    await page.getByText('Each run that ends appears here as a bar.').waitFor();
    await page.getByText('The daemon takes a sample each minute').waitFor();
    expect(await page.locator('.chart-nothing').count()).toBe(8);
    expect(await page.locator('.uplot').count()).toBe(0);
  });

  it('draw a success rate of 0 %, and do not say that no run ended', async (ctx) => {
    const allFailed = (daemon: FakeDaemon): void => {
      daemon.past = daemon.past.map((run) => ({ ...run, status: 'failed' as const }));
    };
    const { page } = await openPage(ctx, options('/charts?range=30d', { arrange: allFailed }));
    await drawn(page, 'Success rate').waitFor();
    expect(await section(page, 'Success rate').innerText()).not.toContain('No run ended');
  });

  it('take the colours of the theme, also of one that is chosen later', async (ctx) => {
    const { page } = await openPage(ctx, options('/charts?range=30d'));
    await drawn(page, 'Throughput').waitFor();
    await expect.poll(() => ink(page, 'Throughput')).toBeGreaterThan(0);
    const light = await ink(page, 'Throughput');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => ink(page, 'Throughput')).not.toBe(light);
  });

  it('are as wide as there is room', async (ctx) => {
    const { page } = await openPage(ctx, options('/charts?range=30d'));
    const width = async (): Promise<number> => (await drawn(page, 'Cost').boundingBox())?.width ?? 0;
    await drawn(page, 'Cost').waitFor();
    const wide = await width();
    await page.setViewportSize({ width: 360, height: 800 });
    await expect.poll(width).toBeLessThan(Math.min(330, wide));
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(width).toBe(wide);
  });
});

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s', (_theme, look) => {
  it('axe finds nothing wrong, with the tables open', async (ctx) => {
    const { page } = await openPage(ctx, options('/charts?range=30d', look));
    for (const title of TITLES) await drawn(page, title).waitFor();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await section(page, 'Tokens')
      .locator('.u-over')
      .hover({ position: { x: 90, y: 60 } });
    expect(await axeFindings(page)).toEqual([]);
  });
});
