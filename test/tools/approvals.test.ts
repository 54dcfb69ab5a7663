// Writes that a person must allow, through the doors: an agent asks, a person decides, and exactly what was decided is
// written, once or not at all.

import { expect, it } from 'vitest';
import {
  dataOf,
  decision,
  kindOf,
  openDesk,
  operator,
  thePending,
  until,
  type Desk,
  type OpenRun,
} from './desk.ts';
import { toolRule } from '../workflow/tool-settings.ts';

const twelve = {
  projectKey: 'ENG',
  issueType: 'Bug',
  priority: 'High',
  labels: ['ai-generated'],
  issueCount: 12,
  issues: Array.from({ length: 12 }, (_, place) => ({ summary: `error ${place + 1}` })),
};

/** Asks, and gives up waiting: the answer is `pending` and the proposal stays. */
async function askAndLeave(desk: Desk, run: OpenRun, operation: string, details: object): Promise<string> {
  const asked = run.write(operation, details);
  const id = await thePending(desk);
  desk.clock.pass(60_000);
  const answer = await asked;
  expect(dataOf(answer)).toMatchObject({ status: 'pending', id, decision: 'approve' });
  return id;
}

it('answers what a person decided while the call waited', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'hello' });
  const id = await thePending(desk);
  expect(desk.site.writes).toEqual([]);
  const answer = await desk.tools().view.decide(id, decision('approved', {}, 'go on'), operator);
  expect(answer).toMatchObject({ kind: 'decided', approval: { status: 'approved', decidedBy: 'operator' } });
  expect(dataOf(await asked)).toMatchObject({
    status: 'done',
    approval: { status: 'approved', decided_by: 'operator', modifiedDetails: null, decisionNote: 'go on' },
    result: { issueKey: 'ENG-1' },
  });
  expect(desk.site.writes).toEqual(['comment ENG-1 hello']);
  const kinds = (await desk.audit()).map((one) => one['kind']);
  expect(kinds).toEqual([
    'approval_requested',
    'approval_decided',
    'write_recorded',
    'write_sent',
    'write_ended',
    'tool_call',
  ]);
});

it('makes exactly those of a bulk that a person left, as the person changed them', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const asked = run.write('create_issues', twelve);
  const id = await thePending(desk);
  await desk.tools().view.decide(id, decision('approved', { issueCount: 4, priority: 'Medium' }), operator);
  const answer = dataOf(await asked);
  expect(answer).toMatchObject({ status: 'done', modified: { issueCount: 4, priority: 'Medium' } });
  expect(desk.site.writes).toEqual([1, 2, 3, 4].map((n) => `create ENG Bug error ${n} Medium`));
  expect(await desk.tools().view.approval(id)).toMatchObject({
    result: { status: 'done', issues: ['ENG-101', 'ENG-102', 'ENG-103', 'ENG-104'] },
    modifiedDetails: { issueCount: 4, priority: 'Medium' },
    details: { issueCount: 12, priority: 'High' },
  });
});

it('tells rejected and expired apart, and writes nothing for either', async () => {
  const desk = await openDesk({ approval: { timeoutMs: 90_000, onTimeout: 'expire', waitMs: 600_000 } });
  const run = await desk.run();
  const first = run.write('add_comment', { issueKey: 'ENG-1', body: 'one' });
  await desk.tools().view.decide(await thePending(desk), decision('rejected', {}, 'not now'), operator);
  expect(kindOf(await first)).toBe('approval_rejected');
  const second = run.write('add_comment', { issueKey: 'ENG-1', body: 'two' });
  const id = await thePending(desk);
  desk.clock.pass(90_000);
  expect(kindOf(await second)).toBe('approval_expired');
  expect(await desk.tools().view.decide(id, decision('approved'), operator)).toMatchObject({
    code: 'already_decided',
    approval: { status: 'expired', decidedBy: 'sortie' },
  });
  expect(desk.site.writes).toEqual([]);
});

it('rejects instead of expiring where that is configured', async () => {
  const desk = await openDesk({ approval: { timeoutMs: 90_000, onTimeout: 'reject', waitMs: 600_000 } });
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'one' });
  await thePending(desk);
  desk.clock.pass(90_000);
  expect(kindOf(await asked)).toBe('approval_rejected');
});

it('decides once, however many decide at the same time', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'add_comment', { issueKey: 'ENG-1', body: 'once' });
  const { decide } = desk.tools().view;
  const answers = await Promise.all([
    decide(id, decision('approved'), operator),
    decide(id, decision('approved', { body: 'twice' }), operator),
    decide(id, decision('rejected'), operator),
  ]);
  expect(answers.map((one) => (one.kind === 'refused' ? one.code : 'decided'))).toEqual([
    'decided',
    'already_decided',
    'already_decided',
  ]);
  await until(async () => (await desk.tools().view.approval(id))?.result?.status === 'done');
  expect(desk.site.writes).toEqual(['comment ENG-1 once']);
});

it('lets only the group of the rule decide, and whoever is in every group', async () => {
  const desk = await openDesk({ rules: [toolRule({ decision: 'approve', group: 'leads' })] });
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'add_comment', { issueKey: 'ENG-1', body: 'x' });
  const { decide } = desk.tools().view;
  const outside = await decide(id, decision('rejected'), { name: 'eve', groups: ['interns'] });
  expect(outside).toMatchObject({ kind: 'refused', code: 'not_in_group' });
  const inside = await decide(id, decision('rejected'), { name: 'ann', groups: ['leads'] });
  expect(inside).toMatchObject({ kind: 'decided', approval: { decidedBy: 'ann' } });
});

it('refuses an edit that the policy denies, that another group must allow, that is out of scope or makes no sense', async () => {
  const onCreate = { operations: ['create_issue'] as const };
  const desk = await openDesk({
    rules: [
      toolRule({ ...onCreate, number: 1, decision: 'deny', when: { priority: ['highest'] } }),
      toolRule({
        ...onCreate,
        number: 2,
        decision: 'approve',
        group: 'managers',
        when: { priority: ['high'] },
      }),
      toolRule({ ...onCreate, number: 3, decision: 'approve', group: 'leads' }),
    ],
  });
  const run = await desk.run();
  const details = { projectKey: 'ENG', issueType: 'Bug', summary: 'x', priority: 'Low' };
  const id = await askAndLeave(desk, run, 'create_issue', details);
  const lead = { name: 'ann', groups: ['leads'] };
  const tries: readonly (readonly [object, string])[] = [
    [{ priority: 'Highest' }, 'policy_denied'],
    [{ priority: 'High' }, 'not_in_group'],
    [{ projectKey: 'OPS' }, 'policy_denied'],
    [{ assignee: 'Alex' }, 'invalid_details'],
    [{ colour: 'red' }, 'invalid_details'],
    [{ summary: null }, 'invalid_details'],
  ];
  for (const [edit, code] of tries) {
    const answer = await desk.tools().view.decide(id, decision('approved', edit), lead);
    expect([edit, answer]).toEqual([edit, expect.objectContaining({ kind: 'refused', code })]);
  }
  expect(await desk.tools().view.approval(id)).toMatchObject({ status: 'pending', modifiedDetails: null });
  expect(
    await desk.tools().view.decide(id, decision('approved', { priority: 'Medium' }), lead),
  ).toMatchObject({
    kind: 'decided',
  });
  await until(() => desk.site.writes.length > 0);
  expect(desk.site.writes).toEqual(['create ENG Bug x Medium']);
});

it('accepts a decision while the tracker is down, and writes when it is back', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'transition_issue', { issueKey: 'ENG-1', to: 'In Review' });
  desk.site.down = true;
  const edited = await desk.tools().view.decide(id, decision('approved', { to: 'Done' }), operator);
  expect(edited).toMatchObject({ kind: 'refused', code: 'tracker_failed' });
  expect(await desk.tools().view.approval(id)).toMatchObject({ status: 'pending' });
  const asItIs = await desk.tools().view.decide(id, decision('approved'), operator);
  expect(asItIs).toMatchObject({ kind: 'decided', approval: { result: { status: 'applying' } } });
  desk.site.down = false;
  await until(async () => {
    desk.clock.pass(1_000);
    return (await desk.tools().view.approval(id))?.result?.status === 'done';
  });
  expect(desk.site.writes).toEqual(['move ENG-1 In Review']);
});

it('writes nothing when a person moved the issue between the question and the answer', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'transition_issue', { issueKey: 'ENG-1', to: 'In Review' });
  desk.site.edit('1', { state: 'Done' });
  expect(await desk.tools().view.decide(id, decision('approved'), operator)).toMatchObject({
    kind: 'decided',
    approval: { status: 'approved', result: { status: 'refused' } },
  });
  expect(kindOf(await run.call('request_status', { id }))).toBe('changed_meanwhile');
  expect(desk.site.writes).toEqual([]);
});

it('compares an edited update with what people were shown', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'update_issue', { issueKey: 'ENG-1', priority: 'High' });
  expect(await desk.tools().view.approval(id)).toMatchObject({ before: { fields: { priority: 'Medium' } } });
  desk.site.edit('1', { priority: 0 });
  expect(
    await desk.tools().view.decide(id, decision('approved', { summary: 'A new title' }), operator),
  ).toMatchObject({ kind: 'decided', approval: { result: { status: 'refused' } } });
  expect(desk.site.writes).toEqual([]);
});

it('survives a restart: what waits is decided, what has run out meanwhile is expired, what was approved is finished', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const waits = await askAndLeave(desk, run, 'add_comment', { issueKey: 'ENG-1', body: 'later' });
  await desk.restart();
  const asked = await desk.tools().view.decide(waits, decision('approved', { body: 'much later' }), operator);
  expect(asked).toMatchObject({ kind: 'decided' });
  await until(async () => (await desk.tools().view.approval(waits))?.result?.status === 'done');
  expect(desk.site.writes).toEqual(['comment ENG-1 much later']);
  const other = await askAndLeave(desk, await desk.run(), 'add_comment', {
    issueKey: 'ENG-1',
    body: 'never',
  });
  const timeout = desk.settings.tools.approval.timeoutMs;
  const { clock } = desk;
  clock.wallMs += timeout;
  await desk.restart();
  expect(await desk.tools().view.approval(other)).toMatchObject({ status: 'expired' });
  expect(desk.tools().view.pendingApprovals()).toBe(0);
  expect(desk.site.writes).toEqual(['comment ENG-1 much later']);
});

it('finishes after a restart what was approved while the tracker was down', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const id = await askAndLeave(desk, run, 'add_comment', { issueKey: 'ENG-1', body: 'once' });
  desk.site.down = true;
  await desk.tools().view.decide(id, decision('approved'), operator);
  await desk.restart();
  desk.site.down = false;
  await until(async () => {
    desk.clock.pass(10_000);
    return (await desk.tools().view.approval(id))?.result?.status === 'done';
  });
  expect(desk.site.writes).toEqual(['comment ENG-1 once']);
});

it('outlives its run, and tells the next run of the issue once', async () => {
  const desk = await openDesk();
  const first = await desk.run();
  const id = await askAndLeave(desk, first, 'add_comment', { issueKey: 'ENG-1', body: 'x' });
  await first.tools.close();
  const second = await desk.run();
  expect(second.tools.briefing).toContain(`request_status ${id}`);
  await desk.tools().view.decide(id, decision('rejected', {}, 'too noisy'), operator);
  const third = await desk.run();
  expect(third.tools.briefing).toContain('rejected by operator (too noisy)');
  await third.tools.heard();
  const fourth = await desk.run();
  expect(fourth.tools.briefing).not.toContain('too noisy');
  expect(fourth.tools.briefing).not.toContain(id);
});

it('does not tell another issue', async () => {
  const desk = await openDesk();
  const id = await askAndLeave(desk, await desk.run(), 'add_comment', { issueKey: 'ENG-1', body: 'x' });
  const other = await desk.run({ issue: desk.site.issues.get('2') as never });
  expect(kindOf(await other.call('request_status', { id }))).toBe('approval_not_found');
  expect(other.tools.briefing).not.toContain(id);
});

it('tells people through each destination that asks for it, once', async () => {
  const desk = await openDesk();
  const at = (name: string, events: readonly string[]) => ({
    name,
    kind: 'webhook',
    url: 'https://x',
    secret: '',
    events,
  });
  desk.settings.notifications = [at('phone', ['approval_waiting']), at('mail', ['drained'])] as never;
  const id = await askAndLeave(desk, await desk.run(), 'add_comment', { issueKey: 'ENG-1', body: 'x' });
  const due = await desk.store().notifications.due(desk.clock.nowMs(), 10);
  expect(due.map((one) => one.id)).toEqual([`approval_waiting:${id}:phone`]);
});
