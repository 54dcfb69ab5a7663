// A person at the page of a real daemon: twelve tickets that an agent asks for are cut to four with another priority by
// clicking, and exactly these four are in Jira.

import { expect, it } from 'vitest';
import { findChromium } from '../../dashboard/browser-page.ts';
import { look } from '../browser/stage.ts';
import { approval, askForTwelve, tickets, ticketsUpTo, waiting } from './decisions.ts';
import { makeDesk } from './desk.ts';

it('cuts twelve tickets to four with another priority by clicking', async (ctx) => {
  ctx.skip(findChromium() === undefined, 'no Chromium on this machine');
  const desk = await makeDesk({ tools: { default: 'approve' } });
  ctx.onTestFinished(() => desk.close());
  desk.addIssues(1);
  const daemon = await desk.start();
  const { page, complaints, elsewhere } = await look(ctx, daemon.url);
  const agent = await desk.agent('PROJ-1');
  const answer = askForTwelve(agent);
  const { id } = await waiting(daemon);

  // It comes by itself, without a look at the list before.
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Approvals/ })
    .click();
  await page.getByRole('link', { name: /Create 12 × Bug in PROJ/ }).click();
  await expect.poll(() => page.getByRole('checkbox', { name: /Make ticket/ }).count()).toBe(12);
  await page.getByRole('spinbutton', { name: 'Keep the first' }).fill('4');
  await page.getByText('4 of 12; 8 left out.').waitFor();
  await page.getByRole('button', { name: 'Edit Priority of all tickets' }).click();
  await page.getByRole('textbox', { name: 'Priority of all tickets' }).fill('Medium');
  await page.getByLabel('Note').fill('Four will do.');
  await page.getByRole('button', { name: 'Approve with changes…' }).click();
  expect(tickets(desk)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Approve with changes' }).click();
  await page.getByRole('heading', { name: 'The decision' }).waitFor();

  expect(await answer).toMatchObject({
    success: true,
    data: {
      status: 'done',
      modified: { issueCount: 4, priority: 'Medium' },
      approval: { status: 'approved', decided_by: 'operator', decisionNote: 'Four will do.' },
    },
  });
  expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
  expect(await approval(daemon, id)).toMatchObject({ result: { status: 'done' } });
  // The page says what became of it, without being asked again.
  for (const key of desk.made('Night error')) await page.getByText(key).first().waitFor();
  expect([complaints, elsewhere]).toEqual([[], []]);
});
