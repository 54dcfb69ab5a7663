// The page of what agents may do looks right to everybody: axe in both themes, a phone, and no mouse.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';
import { everyday, listingWith, rule } from './listing.ts';

const wide = 'W'.repeat(200);
const server = { nowMs: () => NOW_MS };

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s, axe finds nothing wrong', (_theme, look) => {
  it('with rules, an answer, an open tool and what was refused', async (ctx) => {
    const { page, daemon } = await openPage(ctx, {
      ...look,
      path: '/tools',
      server,
      arrange: ({ tools }) => {
        tools.shown = listingWith({ rules: everyday }, { schemaError: 'GET /field: 503' });
      },
    });
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('.tool > summary').last().click();
    await page.getByRole('button', { name: 'Ask the policy' }).click();
    await page.locator('.policy-verdict').waitFor();
    await page.getByRole('button', { name: 'Read anew' }).click();
    await page.getByText('2 projects, 3 issue types').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    daemon.tools.refreshed = { ok: false, message: 'no' };
    await page.getByRole('button', { name: 'Read anew' }).click();
    await page.getByLabel(/^Fields/).fill('x');
    await page.getByRole('button', { name: 'Ask the policy' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('with nothing: no tools, no rules', async (ctx) => {
    const { page } = await openPage(ctx, {
      ...look,
      path: '/tools',
      server,
      arrange: ({ tools }) => {
        tools.shown = listingWith({ enabled: false, rules: [], projects: [] }, { tools: [], url: '' });
      },
    });
    await page.getByText('There are no tools').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('on a phone', () => {
  it('nothing is wider than the screen', async (ctx) => {
    const { page } = await openPage(ctx, {
      width: 360,
      path: '/tools',
      server,
      arrange: ({ tools }) => {
        const wideRule = { name: wide, group: wide, to: [wide], when: { project: [wide] } };
        const rules = [rule(1, { ...wideRule, decision: 'approve', operations: ['transition_issue'] })];
        const input = { properties: { [wide]: { type: wide, description: wide } } };
        tools.shown = listingWith(
          { rules, projects: [wide] },
          {
            url: wide,
            schemaError: wide,
            tools: [{ name: wide, title: wide, description: wide, input, operations: [] }],
          },
        );
        tools.policy = { decision: 'approve', rule: wide, ruleNumber: 1, group: wide, limitExceeded: null };
        tools.refreshed = { ok: true, message: wide };
      },
    });
    await page.locator('.tool > summary').click();
    await page.getByRole('button', { name: 'Ask the policy' }).click();
    await page.locator('.policy-verdict').waitFor();
    await page.getByRole('button', { name: 'Read anew' }).click();
    await page.locator('[role=status] .badge').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

describe('without a mouse', () => {
  it('everything is reached with Tab, in the order of reading', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/tools', server });
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Approvals' }).focus();
    const order: string[] = [];
    for (let step = 0; step < 7; step++) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate<string>(
          `(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.textContent).trim().slice(0, 9)`,
        ),
      );
    }
    expect(order).toEqual([
      'Read anew',
      'Operation',
      'Issue of ',
      'Fields (o',
      'Ask the p',
      'tracker_a',
      'notify_op',
    ]);
    await page.keyboard.press('Enter');
    await page.getByText('Sends a message to people.').waitFor();
  });
});
