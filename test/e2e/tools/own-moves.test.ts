// What agents move is our own doing: a run that moved its own issue finishes its turn, and a park is not ended by a write
// that a person has allowed meanwhile.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../program.ts';
import { applied, decide } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({ tools: { default: 'allow' } });
  desk.addIssues(1);
});
afterEach(() => desk.close());

it('lets a run finish its turn that has moved its issue out of the active states', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const moved = await agent.call('tracker_api', { operation: 'transition_issue', to: 'In Review' });
  expect(moved).toMatchObject({ success: true, data: { status: 'done' } });
  expect(desk.status('PROJ-1')).toBe('In Review');
  await daemon.ticks(5);
  // It is alive, and may go on.
  expect(await daemon.running('PROJ-1')).toBeDefined();
  const comment = await agent.call('tracker_api', { operation: 'add_comment', body: 'Still here' });
  expect(comment.data.status).toBe('done');
  await desk.letGo('PROJ-1');
  await until('the end of the run', async () => (await daemon.runs('PROJ-1'))[0]?.status === 'succeeded');
  await daemon.ticks(3);
  expect(desk.status('PROJ-1')).toBe('In Review');
  expect(await daemon.runs('PROJ-1')).toHaveLength(1);
});

it('still ends a run whose issue a person has moved', async () => {
  const daemon = await desk.start();
  await desk.agent('PROJ-1');
  desk.jira.people.move('PROJ-1', 'In Review');
  await until('the end of the run', async () => (await daemon.runs('PROJ-1'))[0]?.status === 'cancelled');
});

it('keeps an issue parked although a write to it was approved', async () => {
  await desk.configure({
    tools: { default: 'approve', approval: { wait_ms: 50 } },
    agent: { max_sessions: 1, evidence: 'off' },
    tracker: { handoff_state: undefined },
  });
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const asked = await agent.call('tracker_api', { operation: 'add_comment', body: 'Look here' });
  const moving = await agent.call('tracker_api', {
    operation: 'transition_issue',
    to: 'Selected for Development',
  });
  await desk.letGo('PROJ-1');
  const parked = await until('the park', () => daemon.parked('PROJ-1'));
  for (const { data } of [asked, moving]) {
    await decide(daemon, data.approval_id as string, { status: 'approved' });
    expect(await applied(daemon, data.approval_id as string)).toMatchObject({ result: { status: 'done' } });
  }
  expect([desk.comments('PROJ-1').length, desk.status('PROJ-1')]).toEqual([1, 'Selected for Development']);
  await daemon.ticks(5);
  expect(await daemon.parked('PROJ-1')).toMatchObject({ reason: parked.reason });
  expect(await daemon.runs('PROJ-1')).toHaveLength(1);
});
