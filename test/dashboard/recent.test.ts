// The runs that ended last, on the Now page: whoever comes when nothing runs any more sees what was done.
import { describe, expect, it } from 'vitest';
import { historyRun, NOW_MS, snapshot } from '../http/fake-daemon.ts';
import type { FakeDaemon } from '../http/fake-daemon.ts';
import { axeFindings } from './axe.ts';
import { openPage, rowOf } from './browser-page.ts';

const TABLE = 'Runs that ended last';
const section = 'section:has(h2:text-is("Recently ended"))';
const MINUTE_MS = 60_000;

const ended = (name: string, minutesAgo: number, over: Parameters<typeof historyRun>[0] = {}) =>
  historyRun({
    runId: `run-${name}`,
    issueId: name,
    issueIdentifier: name,
    title: `The title of ${name}`,
    startedAtMs: NOW_MS - (minutesAgo + 5) * MINUTE_MS,
    completedAtMs: NOW_MS - minutesAgo * MINUTE_MS,
    ...over,
  });

function past(daemon: FakeDaemon): void {
  const empty = { running: [], retrying: [], parked: [], waiting: [], waitingTotal: 0 };
  daemon.snapshot = snapshot(empty);
  // In the order of the starts, as the store gives them.
  daemon.runs = [
    ended('SHOP-6', 2),
    ended('SHOP-5', 8, { status: 'failed', error: 'agent: turn_failed: exit 1', evidence: '' }),
    ended('SHOP-4', 9, { status: 'blocked', evidence: '' }),
    ended('SHOP-3', 10),
    ended('SHOP-2', 11, { attempt: 0 }),
    ended('SHOP-1', 1, { startedAtMs: NOW_MS - 90 * MINUTE_MS }),
  ];
}

describe('what has ended', () => {
  it('is listed by its end: how, how long it took, what it cost, when', async (ctx) => {
    const { page, complaints } = await openPage(ctx, { arrange: past });
    await rowOf(page, TABLE, 'SHOP-1').waitFor();
    const names = await page
      .getByRole('table', { name: TABLE })
      .getByRole('rowheader')
      .getByRole('link')
      .allInnerTexts();
    expect(names).toEqual(['SHOP-1', 'SHOP-6', 'SHOP-5', 'SHOP-4', 'SHOP-3']);
    const text = (name: string) =>
      rowOf(page, TABLE, name)
        .innerText()
        .then((said) => said.replaceAll(/\s+/g, ' '));
    expect(await text('SHOP-6')).toMatch(
      /The title of SHOP-6 Succeeded attempt 1 commit on fix\/rounding; 3 files changed 5m 00s 101k \$0\.82 [23]m ago/,
    );
    expect(await text('SHOP-5')).toMatch(/Failed attempt 1 agent: turn_failed: exit 1/);
    expect(await text('SHOP-4')).toMatch(/Blocked/);
    const link = rowOf(page, TABLE, 'SHOP-1').getByRole('link');
    expect(await link.getAttribute('href')).toBe('/issues/SHOP-1');
    await page.locator(section).getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('is read again when the daemon says that a run has ended, and only then', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { arrange: past });
    await rowOf(page, TABLE, 'SHOP-6').waitFor();
    const asked = daemon.queries.length;
    daemon.runs = [ended('SHOP-7', 0), ...daemon.runs];
    daemon.change({ slots: { limit: 7, used: 0 } });
    await page.getByText('of 7', { exact: true }).waitFor();
    expect(daemon.queries).toHaveLength(asked);
    daemon.change({ runsEnded: 18 });
    await rowOf(page, TABLE, 'SHOP-7').waitFor();
    expect(await rowOf(page, TABLE, 'SHOP-3').count()).toBe(0);
    expect(daemon.queries).toHaveLength(asked + 1);
  });

  it('says what will be there, while nothing has ended', async (ctx) => {
    const { page } = await openPage(ctx, {
      arrange: (daemon) => {
        daemon.runs = [];
      },
    });
    await page.locator(section).getByText('No run has ended yet.').waitFor();
    expect(await page.getByRole('table', { name: TABLE }).count()).toBe(0);
  });

  it('that cannot be read says so, and is read again', async (ctx) => {
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        past(fake);
        const { history } = fake.store;
        let isBroken = true;
        fake.store.history = (query) => {
          if (!isBroken) return history(query);
          isBroken = false;
          return Promise.reject(new Error('no disk'));
        };
      },
    });
    await page.locator(section).getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, TABLE, 'SHOP-6').waitFor();
    expect(daemon.queries).toHaveLength(1);
  });

  for (const dark of [false, true]) {
    for (const width of [1440, 375]) {
      it(`fits a ${dark ? 'dark' : 'light'} screen of ${width} pixels`, async (ctx) => {
        const wide = 'W'.repeat(80);
        const { page } = await openPage(ctx, {
          width,
          dark,
          arrange: (daemon) => {
            past(daemon);
            daemon.runs.unshift(ended(wide, 0, { title: wide, error: wide, status: 'needs_human_review' }));
          },
        });
        await rowOf(page, TABLE, wide).waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(await axeFindings(page)).toEqual([]);
      });
    }
  }
});
