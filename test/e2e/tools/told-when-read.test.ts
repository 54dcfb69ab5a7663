// A decision is told to the run that reads it, not to one that dies at its start.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Daemon } from '../daemon.ts';
import { getJson, until } from '../program.ts';
import { decide } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

const TOLD = 'Comment on PROJ-1: "May I?": rejected by operator (Too chatty.)';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({ tools: { default: 'approve', approval: { wait_ms: 50 } } });
  desk.addIssues(1);
});
afterEach(() => desk.close());

/** What each run of the issue was told first, the newest run first. */
async function prompts({ url, runs }: Daemon): Promise<readonly string[]> {
  const all = await runs('PROJ-1');
  return Promise.all(
    all.map(async ({ run_id }) => {
      const { prompts: said } = await getJson<{ prompts?: readonly { text: string }[] }>(
        `${url}/api/v1/runs/${run_id}/prompts`,
      );
      return said?.[0]?.text ?? '';
    }),
  );
}

it('is told again after a run that has died before its first turn has ended', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const { data } = await agent.call('tracker_api', { operation: 'add_comment', body: 'May I?' });
  const decided = { status: 'rejected', decisionNote: 'Too chatty.' };
  await decide(daemon, data.approval_id as string, decided);
  // From the next run on an agent that is told and dies.
  await desk.configure({
    tools: { default: 'approve', approval: { wait_ms: 50 } },
    agent: { command: 'exit 9', max_retries: 50 },
  });
  await desk.letGo('PROJ-1');
  await until('the handoff', () => desk.status('PROJ-1') === 'In Review');
  desk.jira.people.move('PROJ-1', 'Selected for Development');
  const failed = async () => (await daemon.runs('PROJ-1')).filter(({ status }) => status === 'failed').length;
  await until('two runs that died', async () => (await failed()) >= 2);
  await desk.configure({ tools: { default: 'approve', approval: { wait_ms: 50 } } });
  const next = await desk.agent('PROJ-1', 1);
  expect(next.token).not.toBe('');
  const [newest = '', ...earlier] = await prompts(daemon);
  expect(newest).toContain(TOLD);
  expect(earlier.filter((text) => text.includes(TOLD)).length).toBeGreaterThanOrEqual(2);
});
