// The audit entry of a call leads to everything that the call has begun, however much that is.

import { expect, it } from 'vitest';
import { WRITE_OPERATIONS } from '../../src/contract/tool-operations.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { dataOf, openDesk, until, type Desk } from './desk.ts';

async function calls(desk: Desk) {
  return (await desk.audit()).filter(({ kind }) => kind === 'tool_call');
}

async function ids(desk: Desk, kind: string, name: string) {
  return (await desk.audit()).filter((one) => one['kind'] === kind).map((one) => one[name]);
}

it('names one write or proposal by itself', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const { id } = dataOf(await run.write('add_comment', { issueKey: 'ENG-1', body: 'x' }));
  expect(await calls(desk)).toMatchObject([{ write_id: id, approval_id: null, after: null }]);
});

it('lists several writes beside the rules that they used', async () => {
  const rule = toolRule({ operations: WRITE_OPERATIONS, limit: { count: 9, per: 'day' } });
  const desk = await openDesk({ rules: [rule] });
  const run = await desk.run();
  const issues = ['a', 'b', 'c'].map((summary) => ({ summary }));
  await run.write('create_issues', { projectKey: 'ENG', issueType: 'Bug', issues });
  await run.write('transition_issue', { issueKey: 'ENG-1', to: 'Done', comment: 'x' });
  const recorded = await ids(desk, 'write_recorded', 'write_id');
  expect(await calls(desk)).toMatchObject([
    { write_id: null, after: { used: { 1: 3 }, writes: recorded.slice(0, 3) } },
    {
      operation: 'transition_issue,add_comment',
      write_id: null,
      after: { used: { 1: 2 }, writes: recorded.slice(3) },
    },
  ]);
  expect(recorded).toHaveLength(5);
});

it('lists several proposals, and a write among them by itself', async () => {
  const desk = await openDesk({
    rules: [toolRule({ operations: ['add_comment'] })],
    approval: { timeoutMs: 1e6, onTimeout: 'expire', waitMs: 1_000 },
  });
  const run = await desk.run();
  const actions = [
    { operation: 'update_issue', details: { issueKey: 'ENG-1', summary: 'New' } },
    { operation: 'add_comment', details: { issueKey: 'ENG-1', body: 'x' } },
    { operation: 'transition_issue', details: { issueKey: 'ENG-1', to: 'Done' } },
  ];
  const asked = run.call('write', { actions });
  await until(() => desk.tools().view.pendingApprovals() === 2 && desk.site.writes.length === 1);
  desk.clock.pass(1_000);
  await asked;
  const approvals = await ids(desk, 'approval_requested', 'approval_id');
  const [writeId] = await ids(desk, 'write_recorded', 'write_id');
  expect(await calls(desk)).toMatchObject([{ approval_id: null, write_id: writeId, after: { approvals } }]);
});

it('answers a call that has written several as it went, also when the call itself could not be noted', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const ledger = desk.store().tools;
  const { apply } = ledger;
  (ledger as { apply: typeof apply }).apply = async (changes) => {
    const isCall = changes.some((one) => one.kind === 'audit' && one.facts.kind === 'tool_call');
    if (isCall) throw new Error('no room for it');
    await apply(changes);
  };
  const issues = ['a', 'b'].map((summary) => ({ summary }));
  const answer = await run.write('create_issues', { projectKey: 'ENG', issueType: 'Bug', issues });
  expect(dataOf(answer)).toMatchObject({ status: 'done' });
  expect(desk.site.writes).toHaveLength(2);
  expect(desk.log.lines.map(({ message }) => message)).toContain('a tool call could not be audited');
});
