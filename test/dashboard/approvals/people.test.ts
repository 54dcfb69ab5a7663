// Who may decide: two at once, somebody who is not in the group, and who has not said who they are.
import { describe, expect, it } from 'vitest';
import { ANNA, BEN, settingsWith } from '../../http/users.ts';
import { BULK_ID, MOVE_ID } from '../../http/fake-proposals.ts';
import { decide, decisionsOf, openProposal } from './proposal.ts';

describe('two people at once', () => {
  it('decide once: who comes second is told by whom and sees how', async (ctx) => {
    const { page, url, daemon } = await openProposal(ctx, MOVE_ID);
    const other = await page.context().newPage();
    await other.goto(`${url}/approvals/${MOVE_ID}`);
    await other.getByRole('button', { name: 'Approve…' }).waitFor();
    // The second does not hear of it before he decides.
    await other.route('**/api/v1/approvals/*', (route) =>
      route.request().method() === 'GET' && daemon.tools.decisions.length === 1
        ? route.abort()
        : route.fallback(),
    );
    await other.getByRole('button', { name: 'Reject…' }).click();
    await decide(page, 'Approve');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    const sent = decisionsOf(other);
    await other.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await other
      .getByRole('alert')
      .getByText(/It is approved already, by operator at 2026-11-22/)
      .waitFor();
    await other.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(sent).toEqual([{ status: 'rejected' }]);
    expect(daemon.tools.proposals.find(({ id }) => id === MOVE_ID)?.status).toBe('approved');
    expect(await other.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
  });

  it('the one who is still typing is told that it was decided meanwhile', async (ctx) => {
    const { page, url } = await openProposal(ctx, MOVE_ID);
    await page.getByRole('button', { name: 'Edit To state' }).click();
    await page.getByRole('textbox', { name: 'To state' }).fill('In Review');
    const other = await page.context().newPage();
    await other.goto(`${url}/approvals/${MOVE_ID}`);
    await decide(other, 'Reject');
    await page.getByText('It was decided while you were changing it. Nothing of yours was sent.').waitFor();
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
  });
});

describe('who is not in the group', () => {
  it('is told which it is, signs in on loopback too, and decides by name', async (ctx) => {
    const { page, daemon, url } = await openProposal(ctx, BULK_ID, { server: { settings: settingsWith() } });
    await page.getByText('Only people of the group leads decide this.').waitFor();
    await page.getByText('You have not said who you are.').waitFor();
    expect(await page.getByRole('button', { name: /Approve|Reject|Edit/ }).count()).toBe(0);
    await page.locator('.proposal-side').getByRole('link', { name: 'Sign in' }).click();
    await expect.poll(() => page.url()).toBe(`${url}/login?next=%2Fapprovals%2F${BULK_ID}`);
    await page.getByLabel('Token').fill(BEN.token);
    await page.keyboard.press('Enter');
    await page.getByText('You are ben, who is in no group.').waitFor();
    expect(await page.locator('.who').innerText()).toMatch(/ben/);
    await page.locator('.proposal-side').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Token').fill(ANNA.token);
    await page.keyboard.press('Enter');
    await decide(page, 'Approve');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(daemon.tools.decisions.map(({ person }) => person.name)).toEqual(['anna']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('.top').getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await page.locator('.who').count()).toBe(0);
  });

  it('may decide what has no group without a name', async (ctx) => {
    const { page, daemon } = await openProposal(ctx, MOVE_ID, { server: { settings: settingsWith() } });
    await decide(page, 'Approve');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(daemon.tools.decisions[0]?.person.name).toBe('operator');
  });

  it('is asked for no name where no users are configured', async (ctx) => {
    const { page } = await openProposal(ctx, BULK_ID);
    await page.getByRole('button', { name: 'Approve…' }).waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(0);
    expect(await page.locator('.who').count()).toBe(0);
  });
});
