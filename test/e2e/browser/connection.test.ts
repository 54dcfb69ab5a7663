// A daemon that dies and comes back under an open page: it is said, and the page goes on by itself with what is true now.

import { expect, it } from 'vitest';
import { makeIssue } from '../program.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { killHard, LIVE, look, rowOf, stage, start, startAgain } from './stage.ts';

const RUNNING = 'Running issues';

it('says that the connection is lost, and goes on when the daemon is back', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 120_000 } });
  await folder.writeIssues([makeIssue(1)]);
  const before = await start(ctx, folder);
  const { page, complaints } = await look(ctx, before.url);
  const row = rowOf(page, RUNNING, 'E2E-1');
  await row.getByText('Working').waitFor();

  await killHard(before);
  await page.getByText(/Connection lost since \d\d:\d\d UTC\. What is shown is as it was then\./).waitFor();
  await page.getByText(/next try/).waitFor();
  await expect
    .poll(() => row.getByRole('button', { name: 'Cancel E2E-1' }).getAttribute('aria-disabled'))
    .toBe('true');

  await folder.writeIssues([makeIssue(1), makeIssue(2, { title: 'Came while nobody looked' })]);
  const after = await startAgain(ctx, folder, before);
  await page.locator(LIVE).waitFor();
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
  await rowOf(page, RUNNING, 'E2E-2').getByText('Came while nobody looked').waitFor();
  // The interrupted run is another attempt now.
  await rowOf(page, RUNNING, 'E2E-1')
    .getByText(/attempt 1/)
    .waitFor();
  expect((await after.state()).counts.running).toBe(2);
  expect(
    complaints.filter(
      (text) =>
        !/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/.test(text),
    ),
  ).toEqual([]);
});

it('keeps the reader where he is: an issue’s page reads its past again and follows the new run', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 120_000 } });
  await folder.writeIssues([makeIssue(1)]);
  const before = await start(ctx, folder);
  const { page } = await look(ctx, `${before.url}/issues/E2E-1`);
  const attempts = page.getByRole('region', { name: 'Attempts side by side' });
  await attempts.getByRole('button', { name: 'Attempt 0' }).waitFor();
  await killHard(before);
  await page.getByText('Connection lost since').waitFor();
  await startAgain(ctx, folder, before);
  await page.locator(LIVE).waitFor();
  await attempts.getByRole('button', { name: 'Attempt 1' }).waitFor();
  await expect
    .poll(() => attempts.getByRole('row', { name: 'Result' }).getByRole('cell').allInnerTexts())
    .toEqual(['Running', 'Interrupted']);
});
