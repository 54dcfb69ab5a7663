// Twelve tickets are asked for under `approve`, and a person decides while the call waits: what is in Jira then is what
// the person allowed, no more and no less, and the agent is told the difference.

import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  applied,
  approval,
  askForTwelve,
  decide,
  latest,
  tickets,
  ticketsUpTo,
  waiting,
} from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';
import { until } from '../program.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({ tools: { default: 'approve' } });
  desk.addIssues(1);
});
afterEach(() => desk.close());

it('are cut to four with another priority over the API', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const answer = askForTwelve(agent);
  const proposal = await waiting(daemon);
  expect(proposal).toMatchObject({
    action: 'create_issues',
    summary: 'Create 12 × Bug in PROJ',
    status: 'pending',
    group: '',
    rule: 'default for writes',
    issue_identifier: 'PROJ-1',
    target_identifier: null,
    may_decide: true,
    details: { issueCount: 12, priority: 'High', labels: ['ai-generated'] },
  });
  expect(tickets(desk)).toEqual([]);
  const decided = await decide(daemon, proposal.id, {
    status: 'approved',
    modifiedDetails: { issueCount: 4, priority: 'Medium' },
    decisionNote: 'Approving 4 tickets as Medium priority.',
  });
  expect(decided).toMatchObject({ status: 200, body: { status: 'approved', decided_by: 'operator' } });

  const told = await answer;
  expect(told).toMatchObject({
    success: true,
    data: {
      status: 'done',
      decision: 'approve',
      rule: 'default for writes',
      approval_id: proposal.id,
      modified: { issueCount: 4, priority: 'Medium' },
      approval: {
        status: 'approved',
        decided_by: 'operator',
        modifiedDetails: { issueCount: 4, priority: 'Medium' },
        decisionNote: 'Approving 4 tickets as Medium priority.',
      },
    },
  });
  expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
  expect(told.data.result.issues).toEqual(desk.made('Night error'));
  expect(await approval(daemon, proposal.id)).toMatchObject({ result: { status: 'done' } });
  expect(await agent.call('request_status', { id: proposal.id })).toEqual(told);
});

it('are cut to four with another priority by sortie approvals', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const answer = askForTwelve(agent);
  const { id } = await waiting(daemon);
  const list = await desk.run('approvals', '--url', daemon.url);
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toContain(id.slice(0, 8));
  const short = id.slice(0, 8);
  const words = ['--set', 'issueCount=4', '--set', 'priority=Medium', '--note', 'Four will do.'];
  const decided = await desk.run('approvals', 'approve', short, ...words, '--url', daemon.url);
  expect(decided).toMatchObject({ code: 0, stderr: '' });
  expect(decided.stdout).toContain('approved as operator: Create 12 × Bug in PROJ');
  expect((await answer).data).toMatchObject({
    status: 'done',
    modified: { issueCount: 4, priority: 'Medium' },
    approval: { decisionNote: 'Four will do.' },
  });
  expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
  const again = await desk.run('approvals', 'reject', short, '--url', daemon.url);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('already');
  expect(tickets(desk)).toHaveLength(4);
});

it('are all made when they are approved as they are', async () => {
  const daemon = await desk.start();
  const answer = askForTwelve(await desk.agent('PROJ-1'));
  const { id } = await waiting(daemon);
  await decide(daemon, id, { status: 'approved' });
  const told = await answer;
  expect(told.data).toMatchObject({ status: 'done', approval: { modifiedDetails: null } });
  expect(told.data).not.toHaveProperty('modified');
  expect(tickets(desk)).toEqual(ticketsUpTo(12, 'High'));
});

it('are not made when they are rejected', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const answer = askForTwelve(agent);
  const { id } = await waiting(daemon);
  await decide(daemon, id, { status: 'rejected', decisionNote: 'They are one error.' });
  expect(await answer).toMatchObject({
    success: false,
    error: {
      kind: 'approval_rejected',
      message: 'rejected by operator: They are one error.',
      approval: { status: 'rejected', decided_by: 'operator' },
    },
  });
  expect(tickets(desk)).toEqual([]);
  expect(await decide(daemon, id, { status: 'approved' })).toMatchObject({
    status: 409,
    body: { error: { code: 'already_decided' } },
  });
  await daemon.ticks(2);
  expect(tickets(desk)).toEqual([]);
});

it('are not made when nobody decides in time', async () => {
  await desk.configure({ tools: { default: 'approve', approval: { timeout_ms: 1_000, wait_ms: 100 } } });
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const asked = askForTwelve(agent);
  const { id } = await latest(daemon);
  await asked;
  const told = await until('the answer to change', async () => {
    const answer = await agent.call('request_status', { id });
    return answer.success === false ? (answer.error as object) : null;
  });
  expect(told).toMatchObject({
    kind: 'approval_expired',
    approval: { status: 'expired', decided_by: 'sortie' },
  });
  const late = await decide(daemon, id, { status: 'approved' });
  expect(late).toMatchObject({ status: 409, body: { error: { code: 'already_decided' } } });
  expect(tickets(desk)).toEqual([]);
});

it('are made after their run has ended, under its id', async () => {
  await desk.configure({ tools: { default: 'approve', approval: { wait_ms: 100 } } });
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const told = await askForTwelve(agent);
  expect(told).toMatchObject({ success: true, data: { status: 'pending', decision: 'approve' } });
  expect(await agent.call('request_status', { id: told.data.approval_id })).toEqual(told);
  await desk.letGo('PROJ-1');
  const { id, run_id: runId } = await waiting(daemon);
  expect(id).toBe(told.data.approval_id);
  await daemon.ticks(2);
  await decide(daemon, id, { status: 'approved', modifiedDetails: { issueCount: 4, priority: 'Low' } });
  expect(await applied(daemon, id)).toMatchObject({ run_id: runId, result: { status: 'done' } });
  expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Low'));
});
