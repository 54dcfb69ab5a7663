// What an issue's next run is told of what the last one asked for: how people decided, what became of it, what waits yet.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Daemon } from '../daemon.ts';
import { getJson, until } from '../program.ts';
import { applied, askForTwelve, decide, tickets, ticketsUpTo } from './decisions.ts';
import { makeDesk, type Agent, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({ tools: { default: 'approve', approval: { wait_ms: 50 } } });
  desk.addIssues(1);
});
afterEach(() => desk.close());

/** What the agent that runs now was told first. */
function prompt({ url }: Daemon): Promise<string> {
  return until('the prompt of the run', async () => {
    const { running } = await getJson<{ running: readonly { run_id: string }[] }>(`${url}/api/v1/state`);
    const { prompts } = await getJson<{ prompts?: readonly { text: string }[] }>(
      `${url}/api/v1/runs/${running[0]?.run_id ?? 'none'}/prompts`,
    );
    return prompts?.[0]?.text;
  });
}

/** Its agent is done, and a person puts the issue back. */
async function runAgain(daemon: Daemon, run: number): Promise<Agent> {
  await desk.letGo('PROJ-1', run);
  await until('the handoff', () => desk.status('PROJ-1') === 'In Review');
  await until('the end of the run', async () => (await daemon.state()).counts.running === 0);
  desk.jira.people.move('PROJ-1', 'Selected for Development');
  return desk.agent('PROJ-1', run + 1);
}

it('is the decision, the note and the result, and it is told once', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const first = await prompt(daemon);
  expect(first).toContain('- atlassian_jira_create_issues: create several Jira issues');
  expect(first).toMatch(/A person must allow: create_issue, create_issues,.*may answer "pending"/);
  expect(first).not.toContain('Decided by people');

  const bulk = (await askForTwelve(agent)).data.approval_id as string;
  const comment = await agent.call('tracker_api', { operation: 'add_comment', body: 'May I?' });
  const moved = await agent.call('tracker_api', { operation: 'transition_issue', to: 'Done' });
  expect([comment.data.status, moved.data.status]).toEqual(['pending', 'pending']);
  const four = { issueCount: 4, priority: 'Medium' };
  await decide(daemon, bulk, { status: 'approved', modifiedDetails: four, decisionNote: 'Four will do.' });
  await applied(daemon, bulk);
  await decide(daemon, comment.data.approval_id as string, {
    status: 'rejected',
    decisionNote: 'Too chatty.',
  });

  const next = await runAgain(daemon, 0);
  const [, told = ''] = (await prompt(daemon)).split('Decided by people since the last run');
  const made = desk.made('Night error').join(', ');
  expect(told).toContain(
    'Create 12 × Bug in PROJ: approved by operator after changing priority, issueCount (Four will do.); ' +
      `done: made ${made}`,
  );
  expect(told).toContain('Comment on PROJ-1: "May I?": rejected by operator (Too chatty.)');
  expect(told).toContain('still waiting for a person; do not ask again:');
  expect(told).toContain(`Move PROJ-1 from In Progress to Done (request_status ${moved.data.approval_id})`);
  expect(await next.call('request_status', { id: bulk })).toMatchObject({
    data: { status: 'done', modified: four },
  });
  expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));

  await runAgain(daemon, 1);
  expect(await prompt(daemon)).not.toContain('Decided by people');
});
