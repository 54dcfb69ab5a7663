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

/** What a run was told first. */
async function promptOf({ url }: Daemon, runId: string): Promise<string> {
  const path = `${url}/api/v1/runs/${runId}/prompts`;
  const { prompts } = await getJson<{ prompts?: readonly { text: string }[] }>(path);
  return prompts?.[0]?.text ?? '';
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
  const current = (await daemon.running('PROJ-1'))?.run_id ?? '';
  await expect.poll(() => promptOf(daemon, current)).toContain(TOLD);
  const died = (await daemon.runs('PROJ-1')).filter(({ status }) => status === 'failed');
  for (const { run_id: id } of died) await expect.poll(() => promptOf(daemon, id)).toContain(TOLD);
});
