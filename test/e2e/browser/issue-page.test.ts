// One issue's page in front of a real run: what is said while it goes on, what is left of it afterwards, and what is
// said of an issue that nobody knows. The agent is a recording of a real one.

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { getJson, makeIssue, until } from '../program.ts';
import { writeMockWorkflow } from './mock-workflow.ts';
import { look, stage, start } from './stage.ts';

const recording = fileURLToPath(
  new URL('../../fixtures/agents/claude-code/success-2.1.197.jsonl', import.meta.url),
);

const lineCount = async (status: { innerText(): Promise<string> }): Promise<number> =>
  Number(/([\d,]+) lines?/.exec(await status.innerText())?.[1]?.replaceAll(',', '') ?? 0);

it('shows a run as it goes on, and afterwards', async (ctx) => {
  const folder = await stage(ctx);
  // The agent speaks when somebody looks.
  const hooks = {
    before_run: `while [ ! -e ${folder.file('go')} ]; do sleep 0.1; done`,
    timeout_ms: 300_000,
  };
  await writeMockWorkflow(folder, {
    agent: { kind: 'replay' },
    more: { hooks, replay: { transcript: recording, agent: 'claude-code', lines_per_second: 8 } },
  });
  const title = 'Add a greeting';
  await folder.writeIssues([makeIssue(1, { title, url: 'https://tracker.example/E2E-1' })]);
  const daemon = await start(ctx, folder);
  const { page, complaints, elsewhere } = await look(ctx, `${daemon.url}/issues/E2E-1`);

  const doing = page.getByRole('region', { name: 'What is it doing?' });
  await doing.waitFor();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  const head = page.locator('.issue-head');
  await head.getByText('Running', { exact: true }).waitFor();
  expect(await head.innerText()).toContain(folder.file('workspaces/E2E-1'));
  expect(await head.getByRole('link', { name: /Open in the tracker/ }).getAttribute('href')).toBe(
    'https://tracker.example/E2E-1',
  );
  await head.getByRole('button', { name: 'Cancel E2E-1' }).waitFor();

  // The transcript grows while one looks.
  const status = page.locator('.transcript-status');
  expect(await lineCount(status)).toBe(0);
  await folder.write('go', '');
  await expect.poll(() => lineCount(status)).toBeGreaterThan(0);
  const prompts = page.getByRole('region', { name: 'Prompts' });
  await prompts.getByText('Turn 1').click();
  await prompts.getByText('Work on E2E-1.').waitFor();

  await until('the handoff', async () => (await folder.issues())[0]?.state === 'In Review');
  await head.getByText('Released', { exact: true }).waitFor();
  const why = page.getByRole('region', { name: 'Why is it not running?' });
  await why.getByText(/In Review, is none of tracker.active_states/).waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('Handed off to', { exact: true }).waitFor();
  expect(await timeline.innerText()).toMatch(/Attempt 0\s+Succeeded/);
  await timeline.getByRole('list', { name: 'Phases' }).getByText('Working').waitFor();

  const [run] = await daemon.runs('E2E-1');
  const transcript = await fetch(`${daemon.url}/api/v1/runs/${run?.run_id ?? ''}/transcript?follow=false`);
  const kept = (await transcript.text()).trim().split('\n').length;
  await expect.poll(() => lineCount(status)).toBe(kept);
  // A transcript that is not there yet is a 404, and none of the browser's business.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  expect(elsewhere).toEqual([]);
});

it('puts attempts side by side, and shows the transcript of the one that is chosen', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, {
    mock: { turn_ms: 300, fail_first: 2 },
    agent: { max_retry_backoff_ms: 200 },
  });
  await folder.writeIssues([makeIssue(1)]);
  const daemon = await start(ctx, folder);
  await until('three attempts', async () => (await daemon.runs('E2E-1')).length === 3);
  const { page } = await look(ctx, `${daemon.url}/issues/E2E-1`);
  const attempts = page.getByRole('region', { name: 'Attempts side by side' });
  await attempts.getByRole('button', { name: 'Attempt 2' }).waitFor();
  await expect
    .poll(() => attempts.getByRole('row', { name: 'Result' }).getByRole('cell').allInnerTexts())
    .toEqual(['Succeeded', 'Failed', 'Failed']);
  const lines = page.getByRole('region', { name: 'Transcript lines' });
  await lines.getByText('finished: wrote NOTES.md, tests pass').waitFor();
  await attempts.getByRole('button', { name: 'Attempt 0' }).click();
  await lines.getByText('mock: attempt 0 fails, as fail_first says').waitFor();
  // The address names it: it can be sent to somebody else.
  const { run_id } = (await daemon.runs('E2E-1')).at(-1) ?? { run_id: '' };
  expect(new URL(page.url()).searchParams.get('run')).toBe(run_id);
});

it('explains an issue that nobody knows, and comes alive when it turns up', async (ctx) => {
  const folder = await stage(ctx);
  await writeMockWorkflow(folder, { mock: { turn_ms: 60_000 } });
  await folder.writeIssues([]);
  const daemon = await start(ctx, folder);
  const { page } = await look(ctx, `${daemon.url}/issues/E2E-1`);
  const why = page.getByRole('region', { name: 'Why is it not running?' });
  await why.getByText('Neither Sortie nor the tracker knows it.').waitFor();
  const { verdict } = await getJson<{ verdict: string }>(`${daemon.url}/api/v1/issues/E2E-1/explain`);
  expect(verdict).toBe('not_found');
  await folder.writeIssues([makeIssue(1)]);
  await page.getByRole('region', { name: 'What is it doing?' }).waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Dispatched', { exact: true }).waitFor();
});
