// A creation of many, cut and changed by a person in the browser: exactly what was seen is sent.
import { describe, expect, it } from 'vitest';
import { BULK_ID, proposal } from '../../http/fake-proposals.ts';
import { decide, flat, openProposal } from './proposal.ts';

describe('a bulk of 12', () => {
  it('cut to the first 4 with a changed priority sends the number and the priority', async (ctx) => {
    const { page, sent, daemon, complaints } = await openProposal(ctx, BULK_ID);
    expect(await page.getByRole('checkbox', { name: /Make ticket/ }).count()).toBe(12);
    await page.getByRole('spinbutton', { name: 'Keep the first' }).fill('4');
    await page.getByText('4 of 12; 8 left out.').waitFor();
    await page.getByRole('button', { name: 'Edit Priority of all tickets' }).click();
    const priority = page.getByRole('textbox', { name: 'Priority of all tickets' });
    await priority.fill('Medium');
    await page.getByText('2 fields differ').waitFor();
    await page.getByLabel('Note').fill('Four will do.');
    await page.getByRole('button', { name: 'Approve with changes…' }).click();
    const look = flat(await page.getByRole('dialog').innerText());
    expect(look).toMatch(/Priority High → to Medium.*Tickets 4 of 12/);
    expect(look).toMatch(/part 1 .*part 4/);
    expect(look).not.toMatch(/part 5/);
    expect(sent).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Approve with changes' }).click();
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(sent).toEqual([
      {
        status: 'approved',
        modifiedDetails: { issueCount: 4, priority: 'Medium' },
        decisionNote: 'Four will do.',
      },
    ]);
    expect(daemon.tools.decisions).toHaveLength(1);
    expect(flat(await page.getByRole('main').innerText())).toMatch(
      /Approved, changed by operator.*Four will do\..*Priority High → to Medium.*on its way/,
    );
    await page.getByText('4 of 12; 8 left out.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('sends the tickets that stay, whole, when they are chosen and edited one by one', async (ctx) => {
    const { page, sent } = await openProposal(ctx, BULK_ID);
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await page.getByText('No ticket is left').waitFor();
    await page.getByRole('button', { name: 'Approve with changes…' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    for (const place of [2, 5])
      await page.getByRole('checkbox', { name: `Make ticket ${place}`, exact: true }).check();
    await page.getByRole('button', { name: 'Edit ticket 5', exact: true }).click();
    await page.getByRole('button', { name: 'Edit Summary of ticket 5' }).click();
    await page.getByRole('textbox', { name: 'Summary of ticket 5' }).fill('Import: timeout');
    await page.getByRole('combobox', { name: 'Add a field to ticket 5' }).selectOption('labels');
    const label = page.getByRole('textbox', { name: 'Add to Labels of ticket 5' });
    await label.fill('import');
    await label.press('Enter');
    await page.getByRole('button', { name: 'Leave out Description of ticket 5' }).click();
    await decide(page, 'Approve with changes');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    const second = {
      summary: 'Timeout in the nightly import, part 2',
      description: 'Seen 4 times.\n\n- first at 02:01',
    };
    expect(sent).toEqual([
      {
        status: 'approved',
        modifiedDetails: {
          issueCount: 2,
          issues: [second, { summary: 'Import: timeout', labels: ['import'] }],
        },
      },
    ]);
  });

  it('lets what is said for all hold for a ticket that said something else', async (ctx) => {
    const { page, sent } = await openProposal(ctx, 'own', {
      arrange: ({ tools }) => {
        const issues = [{ summary: 'one', priority: 'Low' }, { summary: 'two' }];
        const details = { projectKey: 'SHOP', issueType: 'Bug', priority: 'High', issueCount: 2, issues };
        tools.proposals = [proposal({ id: 'own', action: 'create_issues', before: null, details })];
      },
    });
    await page.getByRole('button', { name: 'Edit Priority of all tickets' }).click();
    await page.getByRole('textbox', { name: 'Priority of all tickets' }).fill('Medium');
    await page.getByText('1 ticket says priority for itself').waitFor();
    await page.getByRole('button', { name: 'Use this for it, too' }).click();
    await decide(page, 'Approve with changes');
    await expect
      .poll(() => sent)
      .toEqual([
        {
          status: 'approved',
          modifiedDetails: { priority: 'Medium', issues: [{ summary: 'one' }, { summary: 'two' }] },
        },
      ]);
  });

  it('puts the daemon’s words beside the field of the ticket that they are about', async (ctx) => {
    const { page, daemon } = await openProposal(ctx, BULK_ID);
    daemon.tools.answer = {
      kind: 'refused',
      code: 'invalid_details',
      message: 'create_issues: issues.1.description: is too rude; and 1 more',
      approval: null,
    };
    await page.getByRole('checkbox', { name: 'Make ticket 1', exact: true }).uncheck();
    await decide(page, 'Approve with changes');
    // The second of those that were sent is the third that is shown.
    const ticket = page.locator('.ticket').nth(2);
    await ticket.getByRole('alert').getByText('is too rude').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByText('issues.1.description: is too rude; and 1 more').waitFor();
    expect(await page.getByRole('checkbox', { name: 'Make ticket 1', exact: true }).isChecked()).toBe(false);
  });
});
