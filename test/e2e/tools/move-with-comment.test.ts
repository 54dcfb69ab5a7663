// A transition with a comment, asked for by an agent's own client: one proposal that shows both, and in Jira both or
// neither, also when Jira refuses the move and when the daemon is killed between the two.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { setTransitions, statusNamed, transition } from '../../loopback-jira/index.ts';
import { textOf } from '../jira/site.ts';
import { getJson, until } from '../program.ts';
import { applied, approval, decide, waiting } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

const UPDATE = 'atlassian_jira_update_issue';
const MOVE = {
  issueKey: 'PROJ-1',
  action: 'transition',
  transitionName: 'In Review',
  transitionComment: 'Ready to be looked at.',
};

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk({
    tools: {
      default: 'approve',
      approval: { wait_ms: 50 },
      rules: [{ operation: 'add_comment', decision: 'allow' }],
    },
  });
  desk.addIssues(1);
});
afterEach(() => desk.close());

const comments = (): readonly string[] => desk.comments('PROJ-1').map(({ body }) => textOf(body).trim());

it('is one proposal, which people see whole; rejected, neither is in Jira', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const asked = await agent.call(UPDATE, MOVE);
  expect(asked).toMatchObject({ success: true, data: { status: 'pending' } });
  const shown = await waiting(daemon);
  expect(shown).toMatchObject({
    action: 'transition_issue',
    details: { to: 'In Review', comment: 'Ready to be looked at.' },
  });
  const printed = await desk.run('approvals', 'show', shown.id, '--url', daemon.url);
  expect(printed.stdout).toMatch(/comment +\S* ?Ready to be looked at\./);
  await decide(daemon, shown.id, { status: 'rejected', decisionNote: 'Not yet.' });
  expect(await agent.call('request_status', { id: shown.id })).toMatchObject({
    error: { kind: 'approval_rejected' },
  });
  await daemon.ticks(2);
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Progress', []]);
});

it('is in Jira whole once it was approved, and without the comment where a person took it out', async () => {
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  await agent.call(UPDATE, MOVE);
  const { id } = await waiting(daemon);
  await decide(daemon, id, { status: 'approved' });
  expect(await applied(daemon, id)).toMatchObject({ result: { status: 'done' } });
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Review', ['Ready to be looked at.']]);
  await agent.call(UPDATE, { ...MOVE, transitionName: 'In Progress' });
  const back = await waiting(daemon);
  await decide(daemon, back.id, { status: 'approved', modifiedDetails: { comment: null } });
  expect(await applied(daemon, back.id)).toMatchObject({ result: { status: 'done' } });
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Progress', ['Ready to be looked at.']]);
});

it('leaves no comment where Jira refuses the move, and says what was done all the same', async () => {
  await desk.configure({ tools: { default: 'allow' } });
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const { id: to } = statusNamed(desk.jira.state, 'In Review');
  const refusal = 'Resolution is required';
  setTransitions(desk.jira.state, 'PROJ', [transition({ id: '31', name: 'In Review', to, refusal })]);
  const asked = await agent.call(UPDATE, { ...MOVE, action: 'both', fields: { summary: 'A new summary' } });
  expect(asked.success).toBe(false);
  expect(asked.error.message).toMatch(
    /^fields changed; not moved: .*Resolution is required.*; comment not written$/,
  );
  expect(comments()).toEqual([]);
  expect(desk.status('PROJ-1')).toBe('In Progress');
  const { writes } = await getJson<{ writes: { operation: string; status: string; detail: string }[] }>(
    `${daemon.url}/api/v1/outbox?status=all`,
  );
  expect(writes.find(({ operation }) => operation === 'add_comment')).toMatchObject({
    status: 'cancelled',
    detail: expect.stringContaining('it belongs to the move to In Review, which failed'),
  });
});

it('is in Jira once although the daemon is killed between the move and the comment', async () => {
  const first = await desk.start();
  const agent = await desk.agent('PROJ-1');
  await agent.call(UPDATE, MOVE);
  const { id } = await waiting(first);
  const killed = new Promise<void>((resolve) => {
    desk.jira.hooks.arriving = async ({ method, url }) => {
      if (method !== 'POST' || !url.endsWith('/comment')) return;
      first.program.child.kill('SIGKILL');
      await first.program.exit;
      resolve();
    };
  });
  // Its answer may die with the daemon.
  await decide(first, id, { status: 'approved' }).catch(() => undefined);
  await killed;
  desk.jira.hooks.arriving = undefined;
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Review', []]);
  const second = await desk.start();
  expect(await approval(second, id)).toMatchObject({ status: 'approved' });
  expect(await applied(second, id, 120_000)).toMatchObject({ result: { status: 'done' } });
  await until('the comment', () => comments().length > 0);
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Review', ['Ready to be looked at.']]);
}, 180_000);

it('is in Jira whole although the daemon is killed while Jira moves the issue', async () => {
  const first = await desk.start();
  const agent = await desk.agent('PROJ-1');
  await agent.call(UPDATE, MOVE);
  const { id } = await waiting(first);
  const killed = new Promise<void>((resolve) => {
    desk.jira.hooks.applied = async ({ endpoint }) => {
      if (endpoint !== 'POST /issue/{issueIdOrKey}/transitions') return;
      first.program.child.kill('SIGKILL');
      await first.program.exit;
      resolve();
    };
  });
  await decide(first, id, { status: 'approved' }).catch(() => undefined);
  await killed;
  desk.jira.hooks.applied = undefined;
  const second = await desk.start();
  expect(await applied(second, id, 120_000)).toMatchObject({ result: { status: 'done' } });
  expect([desk.status('PROJ-1'), comments()]).toEqual(['In Review', ['Ready to be looked at.']]);
}, 180_000);
