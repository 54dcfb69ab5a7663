// The same write asked for again while it waits for a person: one proposal, and every call is answered with it.

import { expect, it } from 'vitest';
import { toolRule } from '../workflow/tool-settings.ts';
import { anIssue } from './an-issue.ts';
import { dataOf, decision, kindOf, openDesk, operator, until, type Desk } from './desk.ts';

const approval = { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 1_000 } as const;
const comment = { issueKey: 'ENG-1', body: 'May I?' };

/** Until all have been answered, the wait of each runs out. */
async function patiently<T>(desk: Desk, asked: Promise<T>): Promise<T> {
  let isOver = false;
  const over = asked.finally(() => (isOver = true));
  await until(() => (desk.clock.pass(1_000), isOver));
  return over;
}

const proposals = async (desk: Desk) => (await desk.tools().view.approvals({ limit: 50 })).approvals;

it('is answered with the proposal that waits, and why, and is audited as pointing at it', async () => {
  const desk = await openDesk({ approval });
  const run = await desk.run();
  const first = dataOf(await patiently(desk, run.write('add_comment', comment)));
  const again = dataOf(await patiently(desk, run.write('add_comment', comment)));
  expect(again).toMatchObject({ status: 'pending', id: first['id'], approval_id: first['id'] });
  expect(again['note']).toMatch(
    /^the same was asked for at .* so nothing new was proposed; do not ask again/,
  );
  expect(await proposals(desk)).toHaveLength(1);
  const calls = (await desk.audit()).filter(({ kind }) => kind === 'tool_call');
  expect(calls.map((one) => [one['approval_id'], one['decision'], one['answer']])).toEqual([
    [first['id'], 'approve', 'ok'],
    [first['id'], 'approve', 'ok'],
  ]);
});

it('is found also when it is asked in other words, by calls at once, after a restart and by the next run', async () => {
  const desk = await openDesk({ approval });
  const run = await desk.run();
  const ask = (assignee: string) => run.write('update_issue', { issueKey: 'ENG-1', assignee });
  const answers = await patiently(
    desk,
    Promise.all([ask('a-1'), ask('Sarah Lee'), ask('sarah@example.com')]),
  );
  const ids = new Set(answers.map((answer) => dataOf(answer)['id']));
  expect(ids.size).toBe(1);
  await desk.restart();
  const next = await desk.run({ runId: 'next' });
  const later = await patiently(desk, next.write('update_issue', { issueKey: '1', assignee: 'Sarah Lee' }));
  expect([...ids]).toEqual([dataOf(later)['id']]);
  expect(await proposals(desk)).toHaveLength(1);
});

it('gets the decision when it comes while it waits', async () => {
  const desk = await openDesk({ approval });
  const run = await desk.run();
  const { id } = dataOf(await patiently(desk, run.write('add_comment', comment)));
  const again = run.write('add_comment', comment);
  const judged = () => desk.log.lines.filter(({ message }) => message === 'write of an agent judged');
  await until(() => judged().length === 2);
  const answer = await desk.tools().view.decide(id ?? '', decision('approved'), operator);
  expect(answer.kind).toBe('decided');
  expect(dataOf(await again)).toMatchObject({ status: 'done', approval_id: id });
  expect(desk.site.writes).toEqual(['comment ENG-1 May I?']);
});

it('uses no limit again, and takes no room', async () => {
  const rule = toolRule({ decision: 'approve', limit: { count: 1, per: 'run' } });
  const desk = await openDesk({ approval, rules: [rule] });
  const run = await desk.run();
  const { id } = dataOf(await patiently(desk, run.write('add_comment', comment)));
  expect(dataOf(await patiently(desk, run.write('add_comment', comment)))).toMatchObject({ id });
  expect(kindOf(await run.write('add_comment', { ...comment, body: 'Another' }))).toBe('limit_exceeded');
});

it('is a new one when anything is different: the text, the issue of the run, what it would change', async () => {
  const desk = await openDesk({ approval });
  const run = await desk.run();
  const other = await desk.run({ runId: 'other', issue: anIssue({ id: '2', identifier: 'ENG-2' }) });
  await patiently(desk, run.write('add_comment', comment));
  await patiently(desk, run.write('add_comment', { ...comment, body: 'May I now?' }));
  await patiently(desk, other.write('add_comment', comment));
  expect(await proposals(desk)).toHaveLength(3);
  const rename = { issueKey: 'ENG-1', summary: 'New' };
  await patiently(desk, run.write('update_issue', rename));
  desk.site.edit('1', { title: 'Changed by a person' });
  await patiently(desk, run.write('update_issue', rename));
  expect(await proposals(desk)).toHaveLength(5);
});

it('is a new one when the other was decided, and is done when nobody need be asked any more', async () => {
  const desk = await openDesk({ approval });
  const run = await desk.run();
  const { id } = dataOf(await patiently(desk, run.write('add_comment', comment)));
  await desk.tools().view.decide(id ?? '', decision('rejected'), operator);
  const second = dataOf(await patiently(desk, run.write('add_comment', comment)));
  expect(second['id']).not.toBe(id);
  desk.settings.tools = { ...desk.settings.tools, writeDefault: 'allow' };
  expect(dataOf(await run.write('add_comment', comment))).toMatchObject({ status: 'done' });
});
