// The proposals look right to everybody: axe finds nothing in either theme, nothing is wider than a phone, and all of it
// is reached with Tab in the order of reading.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { BULK_ID, COMMENT_ID, DECIDED_ID, EXPIRED_ID, MOVE_ID, proposal } from '../../http/fake-proposals.ts';
import { settingsWith } from '../../http/users.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';
import { openProposal } from './proposal.ts';

const wide = 'W'.repeat(200);

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s, axe finds nothing wrong', (_theme, look) => {
  it('with the list', async (ctx) => {
    const { page } = await openPage(ctx, { ...look, path: '/approvals', server: { nowMs: () => NOW_MS } });
    await page.getByText('Assign SHOP-12 to nobody').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it.for([COMMENT_ID, MOVE_ID, DECIDED_ID, EXPIRED_ID])('with the proposal %s', async (id, ctx) => {
    const { page } = await openProposal(ctx, id, look);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('with a bulk that is being edited, its last look, a refusal, and somebody who may not', async (ctx) => {
    const { page, daemon } = await openProposal(ctx, BULK_ID, look);
    await page.getByRole('checkbox', { name: 'Make ticket 2', exact: true }).uncheck();
    await page.getByRole('button', { name: 'Edit ticket 1', exact: true }).click();
    await page.getByRole('button', { name: 'Edit Summary of ticket 1' }).click();
    await page.getByRole('textbox', { name: 'Summary of ticket 1' }).fill('Other');
    await page.getByRole('button', { name: 'Edit Labels of all tickets' }).click();
    expect(await axeFindings(page)).toEqual([]);
    daemon.tools.answer = { kind: 'refused', code: 'store_failed', message: 'not now', approval: null };
    await page.getByRole('button', { name: 'Approve with changes…' }).click();
    await page.getByText('What is sent').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve with changes' }).click();
    await page.getByRole('alert').getByText('not now').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Summary of ticket 1' }).fill('');
    await page.getByText('It cannot be empty.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('with somebody who may not decide', async (ctx) => {
    const { page } = await openProposal(ctx, BULK_ID, { ...look, server: { settings: settingsWith() } });
    await page.getByText('Only people of the group').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('on a phone', () => {
  it.for(['/approvals', '/approvals/wide', '/approvals/wide-bulk'])(
    '%s is not wider than the screen',
    async (path, ctx) => {
      const { page } = await openPage(ctx, {
        width: 360,
        path,
        server: { nowMs: () => NOW_MS },
        arrange: ({ tools }) => {
          const text = {
            summary: wide,
            issueIdentifier: wide,
            targetIdentifier: `${wide}2`,
            rule: wide,
            group: wide,
          };
          const before = {
            atMs: NOW_MS,
            state: wide,
            updatedAt: '',
            fields: { description: wide, labels: [wide] },
          };
          const details = {
            issueKey: wide,
            description: `${wide}!`,
            labels: [wide],
            customFields: { [wide]: wide },
          };
          const issues = [
            { summary: wide, description: wide, labels: [wide], customFields: { [wide]: [wide] } },
          ];
          tools.proposals = [
            proposal({ ...text, id: 'wide', action: 'update_issue', details, before }),
            proposal({
              ...text,
              id: 'wide-bulk',
              action: 'create_issues',
              before: null,
              details: { projectKey: wide, issues },
            }),
          ];
        },
      });
      await page.getByText(wide).first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    },
  );
});

describe('without a mouse', () => {
  it('every field, ticket and button of a proposal is reached with Tab, the decision last', async (ctx) => {
    const { page } = await openProposal(ctx, BULK_ID);
    await page.getByRole('link', { name: 'All proposals' }).focus();
    const order: string[] = [];
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate<string | null>(
        `document.activeElement === document.body ? null
          : (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`,
      );
      if (name === null) break;
      order.push(name);
    }
    const wanted = [
      'Edit Priority of all tickets',
      'Make ticket 1',
      'Edit ticket 1',
      'Make ticket 12',
      'Approve…',
      'Reject…',
    ];
    expect(order.filter((name) => wanted.includes(name))).toEqual(wanted);
    const main = page.locator('main');
    const focusable = await main
      .locator('a:visible, button:visible, input:visible, select:visible, textarea:visible')
      .count();
    expect(order.length).toBe(focusable - 1);
  });
});
