// Pause, resume, drain and "check now" as a person uses them on the page of a real daemon: what is seen at once, what is
// kept over a crash, and who said it and why.

import { expect, it } from 'vitest';
import { getJson, makeIssue, until } from '../program.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { operatorLog } from './operator-log.ts';
import { killHard, LIVE, look, rowOf, say, stage, start, startAgain } from './stage.ts';

const RUNNING = 'Running issues';
const WAITING = 'Issues that were read and not started';

it('pauses and resumes, over a crash', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 120_000 } });
  await folder.writeIssues([makeIssue(1)]);
  let daemon = await start(ctx, folder);
  const { page, complaints } = await look(ctx, daemon.url);
  await rowOf(page, RUNNING, 'E2E-1').waitFor();

  expect(await say(page, 'Pause', 'the build is red')).toMatch(/Nothing new is started[^]*over restarts too/);
  const banner = page.locator('.banner').filter({ hasText: 'Dispatch is paused.' });
  await banner.waitFor();
  expect(await banner.innerText()).toMatch(
    /Nothing new is started; what runs goes on.*By operator since .*“the build is red”/,
  );

  await folder.writeIssues([makeIssue(1), makeIssue(2)]);
  await daemon.ticks(3);
  await rowOf(page, WAITING, 'E2E-2').getByText('Dispatch paused', { exact: true }).waitFor();
  expect((await daemon.state()).running.map(({ issue_identifier }) => issue_identifier)).toEqual(['E2E-1']);

  await killHard(daemon);
  await page.getByText('Connection lost since').waitFor();
  daemon = await startAgain(ctx, folder, daemon);
  await page.locator(LIVE).waitFor();
  await banner.waitFor();
  expect(await banner.innerText()).toContain('“the build is red”');
  await daemon.ticks(3);
  // Not even what had been running.
  expect((await daemon.state()).counts.running).toBe(0);

  await say(page, 'Resume', 'it is green again');
  await rowOf(page, RUNNING, 'E2E-1').waitFor();
  await rowOf(page, RUNNING, 'E2E-2').waitFor();
  await banner.waitFor({ state: 'detached' });

  expect(await operatorLog(page)).toEqual([
    ['Resume', 'the daemon', 'operator', 'it is green again'],
    ['Pause', 'the daemon', 'operator', 'the build is red'],
  ]);
  await expect
    .poll(() => daemon.says(/msg="operator acted" control=resume by=operator reason="it is green again"/))
    .toBe(1);
  await expect.poll(() => daemon.metric('sortie_operator_actions_total{control="resume"}')).toBe(1);
  expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
});

it('drains: what runs is finished, then says that it may be stopped, also after a crash', async (ctx) => {
  const folder = await stage(ctx);
  // The run ends when it is let, not before somebody has looked.
  const hooks = {
    before_run: `while [ ! -e ${folder.file('go')} ]; do sleep 0.1; done`,
    timeout_ms: 300_000,
  };
  await writeMockWorkflow(folder, { mock: { turn_ms: 200 }, slots: 1, more: { hooks } });
  await folder.writeIssues([makeIssue(1), makeIssue(2)]);
  let daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);
  await rowOf(page, RUNNING, 'E2E-1').waitFor();
  await say(page, 'Drain', 'new host');
  const banner = page.locator('.banner').filter({ hasText: /Drain(ing|ed)\./ });
  await banner.getByText('1 still runs, nothing new is started.').waitFor();
  await folder.write('go', '');
  await banner.getByText('The daemon can be stopped.').waitFor();
  await page.getByRole('group', { name: 'Dispatch' }).getByText('Drained', { exact: true }).waitFor();
  await page.getByText('Nothing is running, and nothing is started until somebody resumes.').waitFor();
  const states = (await folder.issues()).map(({ state }) => state);
  expect(states).toEqual(['In Review', 'To Do']);

  await killHard(daemon);
  daemon = await startAgain(ctx, folder, daemon);
  await page.locator(LIVE).waitFor();
  await banner.getByText('The daemon can be stopped.').waitFor();
  expect(await banner.innerText()).toContain('“new host”');
  await daemon.ticks(3);
  expect((await daemon.state()).counts.running).toBe(0);
  await say(page, 'Resume', '');
  await rowOf(page, RUNNING, 'E2E-2').waitFor();
});

it('refuses a word that makes no sense, in the dialog', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder);
  await folder.writeIssues([]);
  const daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  // Somebody else was faster.
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ reason: 'mine', by: 'mira' });
  expect((await fetch(`${daemon.url}/api/v1/pause`, { method: 'POST', headers, body })).status).toBe(202);
  await page.keyboard.press('Enter');
  await page
    .getByRole('dialog')
    .getByRole('alert')
    .getByText(/dispatch is paused/i)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.banner').getByText('By mira since').waitFor();
  const { actions } = await getJson<{ actions: unknown[] }>(`${daemon.url}/api/v1/operator-actions?limit=10`);
  expect(actions).toHaveLength(1);
});

it('looks at the tracker when it is told to', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, {
    mock: { turn_ms: 60_000 },
    more: { polling: { interval_ms: 3_600_000 } },
  });
  await folder.writeIssues([]);
  const daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);
  await until(
    'the first tick',
    async () => (await daemon.metric('sortie_poll_cycles_total{result="success"}')) === 1,
  );
  await page.getByText('Nothing is running.').waitFor();
  await folder.writeIssues([makeIssue(1)]);
  await page.getByRole('button', { name: 'Check now' }).click();
  // It is said for a while only, and the run goes on.
  await page
    .getByRole('status')
    .getByText(/tick|looked at/i)
    .first()
    .waitFor();
  await rowOf(page, RUNNING, 'E2E-1').waitFor();
});
