// Each control of one issue as a person uses it on the page of a real daemon: what it does to the run, the queue and the
// park, and its trace on the timeline, in the operators' log, in the log file, and after a crash.

import { expect, it } from 'vitest';
import type { Daemon } from '../daemon.ts';
import { makeIssue, processesIn, until } from '../program.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { operatorLog } from './operator-log.ts';
import { killHard, LIVE, look, rowOf, say, stage, start, startAgain } from './stage.ts';

const RUNNING = 'Running issues';
const RETRYING = 'Issues that wait for another try';
const PARKED = 'Issues that were set aside';
const WAITING = 'Issues that were read and not started';

/** Timelines are written by the second; the word itself is kept at once. */
async function untilOnTimeline({ url }: Daemon, identifier: string, reason: string): Promise<void> {
  await until(`“${reason}” on the timeline`, async () =>
    (await (await fetch(`${url}/api/v1/issues/${identifier}/timeline`)).text()).includes(reason),
  );
}

it('cancels a run, which holds the issue over a crash until somebody takes the hold off', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 120_000 } });
  await folder.writeIssues([makeIssue(1)]);
  let daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);
  await rowOf(page, RUNNING, 'E2E-1').waitFor();
  await until('the agent', () => processesIn(folder.path).length > 0);

  expect(await say(page, 'Cancel E2E-1', 'wrong branch')).toMatch(/agent is stopped now.*put on hold/);
  const parked = rowOf(page, PARKED, 'E2E-1');
  await parked.getByText('On hold', { exact: true }).waitFor();
  await expect
    .poll(() => parked.innerText())
    .toMatch(/cancelled by operator: wrong branch[^]*Goes on when an operator/);
  await until('the agent to be gone', () => processesIn(folder.path).length === 0);
  await untilOnTimeline(daemon, 'E2E-1', 'wrong branch');

  await killHard(daemon);
  daemon = await startAgain(ctx, folder, daemon);
  await page.locator(LIVE).waitFor();
  await daemon.ticks(2);
  expect(await parked.innerText()).toMatch(/On hold[^]*wrong branch/);
  expect((await daemon.state()).counts).toMatchObject({ running: 0, parked: 1 });

  await parked.getByRole('link', { name: 'E2E-1' }).click();
  const why = page.getByRole('region', { name: 'Why is it not running?' });
  await why.getByText('An operator holds it.').waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline
    .getByText(/wrong branch/)
    .first()
    .waitFor();
  expect(await timeline.innerText()).toMatch(/Operator\s+Cancel/);

  await say(page, 'Take off hold E2E-1', 'branch mended');
  await page.getByRole('region', { name: 'What is it doing?' }).waitFor();
  await timeline
    .getByText(/branch mended/)
    .first()
    .waitFor();
  expect(await operatorLog(page)).toEqual([
    ['Take off hold', 'E2E-1', 'operator', 'branch mended'],
    ['Cancel', 'E2E-1', 'operator', 'wrong branch'],
  ]);
  await expect
    .poll(() =>
      daemon.says(
        /msg="operator acted" control=unhold issue_id=1 issue_identifier=E2E-1 by=operator reason="branch mended"/,
      ),
    )
    .toBe(1);
});

it('holds what waits, and runs what is blocked when it is told to', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 120_000 } });
  const blocker = { id: '9', identifier: 'E2E-9', state: 'Backlog' };
  const blocked = { blocked_by: [blocker] };
  await folder.writeIssues([
    makeIssue(1, blocked),
    makeIssue(2, blocked),
    makeIssue(9, { state: 'Backlog' }),
  ]);
  const daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);
  await rowOf(page, WAITING, 'E2E-1').getByText('Blocked', { exact: true }).waitFor();

  await say(page, 'Hold E2E-2', 'not before the release');
  await rowOf(page, PARKED, 'E2E-2').getByText('On hold', { exact: true }).waitFor();
  // Nothing that happens in the tracker takes it off.
  await folder.writeIssues([
    makeIssue(1, blocked),
    makeIssue(2, { title: 'Another title', updated_at: '2026-02-01T00:00:00Z' }),
    makeIssue(9, { state: 'Backlog' }),
  ]);
  await daemon.ticks(2);
  await rowOf(page, PARKED, 'E2E-2').waitFor();

  await say(page, 'Run now E2E-1', 'the blocker is a mistake');
  await rowOf(page, RUNNING, 'E2E-1').waitFor();
  await untilOnTimeline(daemon, 'E2E-1', 'the blocker is a mistake');

  await killHard(daemon);
  await startAgain(ctx, folder, daemon);
  await page.locator(LIVE).waitFor();
  await rowOf(page, PARKED, 'E2E-2').getByText('On hold', { exact: true }).waitFor();
  expect(await rowOf(page, PARKED, 'E2E-2').innerText()).toContain('not before the release');

  await say(page, 'Take off hold E2E-2', '');
  await rowOf(page, RUNNING, 'E2E-2').waitFor();
  expect(await operatorLog(page)).toEqual([
    ['Take off hold', 'E2E-2', 'operator', ''],
    ['Run now', 'E2E-1', 'operator', 'the blocker is a mistake'],
    ['Hold', 'E2E-2', 'operator', 'not before the release'],
  ]);
  await page.getByRole('link', { name: 'E2E-1' }).click();
  await page
    .getByRole('region', { name: 'Timeline' })
    .getByText(/the blocker is a mistake/)
    .first()
    .waitFor();
});

it('tries again now instead of later, and releases what was parked', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, {
    mock: {
      turn_ms: 600,
      by_issue: { 'E2E-1': { fail_first: 1, turn_ms: 600 }, 'E2E-2': { outcome: 'input_required' } },
    },
    agent: { max_retry_backoff_ms: 3_600_000 },
  });
  await folder.writeIssues([makeIssue(1), makeIssue(2)]);
  const daemon = await start(ctx, folder);
  const { page } = await look(ctx, daemon.url);

  const queued = rowOf(page, RETRYING, 'E2E-1');
  await queued.getByText('After an error').waitFor();
  expect(await queued.innerText()).toMatch(/attempt 1[^]*attempt 0 fails, as fail_first says[^]*in \ds/);
  const [{ due_at } = { due_at: '' }] = (await daemon.state()).retrying;
  await say(page, 'Retry now E2E-1', 'looked at it');
  await queued.waitFor({ state: 'detached' });
  await until(
    'the second attempt to be handed off',
    async () => (await folder.issues())[0]?.state === 'In Review',
  );
  const runs = await daemon.runs('E2E-1');
  expect(runs.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 'succeeded'],
    [0, 'failed'],
  ]);
  // Before its backoff was over.
  const { started_at } = runs[0] as unknown as { readonly started_at: string };
  expect(Date.parse(started_at)).toBeLessThan(Date.parse(due_at));

  const parked = rowOf(page, PARKED, 'E2E-2');
  await parked.getByText('Needs input', { exact: true }).waitFor();
  expect(await parked.innerText()).toContain('Should the change also cover the old format?');
  await say(page, 'Release E2E-2', 'ask again');
  await until('it to be judged anew', async () => (await daemon.runs('E2E-2')).length === 2);
  expect((await daemon.runs('E2E-2')).map(({ attempt }) => attempt)).toEqual([0, 0]);
  await parked.waitFor();
  await parked.getByRole('link').click();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline
    .getByText(/ask again/)
    .first()
    .waitFor();
  expect(await operatorLog(page)).toEqual([
    ['Release', 'E2E-2', 'operator', 'ask again'],
    ['Retry now', 'E2E-1', 'operator', 'looked at it'],
  ]);
});
