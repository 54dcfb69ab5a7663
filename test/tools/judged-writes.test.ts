// Writes that the policy lets through, or not: judged whole before any of it is begun, counted, and each written once.

import { expect, it } from 'vitest';
import { toolRule } from '../workflow/tool-settings.ts';
import { anIssue } from './an-issue.ts';
import { dataOf, kindOf, openDesk, thePending, until } from './desk.ts';

const all = (
  ...actions: readonly (readonly [string, object])[]
): { readonly actions: readonly { readonly operation: string; readonly details: object }[] } => ({
  actions: actions.map(([operation, details]) => ({ operation, details })),
});

it('writes what is allowed, and says by which rule', async () => {
  const desk = await openDesk({ rules: [toolRule({ name: 'talk' })] });
  const run = await desk.run();
  const answer = await run.write('add_comment', { issueKey: 'ENG-1', body: 'hello' });
  expect(dataOf(answer)).toMatchObject({ status: 'done', decision: 'allow', rule: 'rule 1 (talk)' });
  const [entry] = (await desk.audit()).filter((one) => one['kind'] === 'tool_call');
  expect(entry).toMatchObject({ decision: 'allow', rule: 'rule 1 (talk)', answer: 'ok', run_id: 'run-1' });
  const line = desk.log.lines.find(({ message }) => message === 'write of an agent judged');
  expect(line?.fields).toMatchObject({
    issue_id: '1',
    issue_identifier: 'ENG-1',
    run_id: 'run-1',
    operation: 'add_comment',
    decision: 'allow',
    rule: 'rule 1 (talk)',
  });
});

it('resolves names: people by mail, priorities without case, fields by name', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const fields = { assignee: 'sarah@example.com', priority: 'high', customFields: { 'story points': 5 } };
  await run.write('update_issue', { issueKey: 'ENG-1', ...fields });
  expect(desk.site.writes).toEqual([
    'update 1 {"accountId":"a-1","priority":"High","fields":{"customfield_1":5}}',
  ]);
});

it('judges a person by every word for him', async () => {
  const rule = toolRule({ operations: ['assign_issue'], decision: 'deny', when: { assignee: ['a-1'] } });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule] });
  const run = await desk.run();
  for (const assignee of ['Sarah Lee', 'sarah@example.com', 'a-1'])
    expect(kindOf(await run.write('assign_issue', { issueKey: 'ENG-1', assignee }))).toBe('policy_denied');
  expect((await run.write('assign_issue', { issueKey: 'ENG-1', assignee: null })).ok).toBe(true);
});

it('judges a transition by its own name and by its state, however it was called', async () => {
  const rule = toolRule({ operations: ['transition_issue'], decision: 'deny', to: ['done'] });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule] });
  const run = await desk.run();
  for (const to of ['Close', 'done', ' Done'])
    expect(kindOf(await run.write('transition_issue', { issueKey: 'ENG-1', to }))).toBe('policy_denied');
  expect((await run.write('transition_issue', { issueKey: 'ENG-1', to: 'hand over' })).ok).toBe(true);
  expect(desk.site.writes).toEqual(['move ENG-1 In Review']);
});

it('begins none of several actions when one of them is denied', async () => {
  const rule = toolRule({ operations: ['transition_issue'], decision: 'deny' });
  const desk = await openDesk({ writeDefault: 'allow', rules: [rule] });
  const run = await desk.run();
  const answer = await run.call(
    'write',
    all(
      ['add_comment', { issueKey: 'ENG-1', body: 'first' }],
      ['transition_issue', { issueKey: 'ENG-1', to: 'Done' }],
    ),
  );
  expect(kindOf(answer)).toBe('policy_denied');
  expect(desk.site.writes).toEqual([]);
  expect((await desk.audit()).map((one) => one['kind'])).toEqual(['tool_call']);
});

it('does the allowed ones of several at once and proposes the others', async () => {
  const desk = await openDesk({
    rules: [toolRule()],
    approval: { timeoutMs: 1e6, onTimeout: 'expire', waitMs: 1_000 },
  });
  const run = await desk.run();
  const asked = run.call(
    'write',
    all(
      ['add_comment', { issueKey: 'ENG-1', body: 'first' }],
      ['transition_issue', { issueKey: 'ENG-1', to: 'Done' }],
    ),
  );
  await thePending(desk);
  await until(() => desk.site.writes.length === 1);
  desk.clock.pass(1_000);
  expect(dataOf(await asked)).toMatchObject({ results: [{ status: 'done' }, { status: 'pending' }] });
  expect(desk.site.writes).toEqual(['comment ENG-1 first']);
});

it('counts a limit of a run by what would be made, also when calls come at once', async () => {
  const rule = toolRule({ operations: ['create_issue'], limit: { count: 3, per: 'run' } });
  const desk = await openDesk({ rules: [rule] });
  const run = await desk.run();
  const one = { projectKey: 'ENG', issueType: 'Bug' };
  const four = { ...one, issues: ['a', 'b', 'c', 'd'].map((summary) => ({ summary })) };
  expect(kindOf(await run.write('create_issues', four))).toBe('limit_exceeded');
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((summary) => run.write('create_issue', { ...one, summary })),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
  expect(desk.site.writes).toHaveLength(3);
  const other = await desk.run();
  expect((await other.write('create_issue', { ...one, summary: 'f' })).ok).toBe(true);
});

it('remembers the uses of an hour and a day over a restart', async () => {
  const rule = toolRule({ limit: { count: 2, per: 'hour' } });
  const desk = await openDesk({ rules: [rule] });
  const say = async (body: string): Promise<string> =>
    kindOf(await (await desk.run()).write('add_comment', { issueKey: 'ENG-1', body }));
  expect([await say('one'), await say('two'), await say('three')]).toEqual(['', '', 'limit_exceeded']);
  await desk.restart();
  expect(await say('four')).toBe('limit_exceeded');
  desk.clock.wallMs += 3_600_001;
  expect(await say('five')).toBe('');
});

it('writes nothing for a run that was cancelled, and tells calls under way that it has ended', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'x' });
  run.cancel.abort();
  expect(kindOf(await asked)).toBe('run_ended');
  expect(kindOf(await run.call('sortie_status', {}))).toBe('run_ended');
  await run.tools.close();
  expect(desk.site.writes).toEqual([]);
  const answers = (await desk.audit())
    .filter((one) => one['kind'] === 'tool_call')
    .map((one) => one['answer']);
  expect(answers).toEqual(['run_ended', 'run_ended']);
});

it('takes back what a cancelled run has recorded and not sent', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const { tracker } = desk.site as unknown as {
    tracker: { addKeyedComment: (id: string, body: string) => Promise<string> };
  };
  const sent: string[] = [];
  let answer = (): void => undefined;
  tracker.addKeyedComment = (_id, body) =>
    new Promise((resolve) => {
      sent.push(body);
      answer = () => resolve('c-1');
    });
  const first = run.write('add_comment', { issueKey: 'ENG-1', body: 'on its way' });
  const second = run.write('add_comment', { issueKey: 'ENG-1', body: 'behind it' });
  const { tools } = desk.store();
  await until(
    async () => (await tools.openWrites()).filter(({ status }) => status === 'sending').length === 1,
  );
  await until(async () => (await tools.openWrites()).length === 2);
  run.cancel.abort();
  await Promise.all([first, second]);
  answer();
  const cancelled = await until(async () => {
    const { writes } = await tools.writes({ status: 'cancelled', limit: 10 });
    return writes.length > 0 ? writes : null;
  });
  expect(cancelled.map(({ write }) => write)).toMatchObject([{ body: 'behind it' }]);
  expect(sent).toEqual(['on its way']);
});

it('refuses a flood, says when to come again, and notes each call in few transactions', async () => {
  const desk = await openDesk({ callsPerMinute: 10 });
  const run = await desk.run();
  const answers = await Promise.all(Array.from({ length: 300 }, () => run.call('sortie_status', {})));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  expect(new Set(answers.filter(({ ok }) => !ok).map(kindOf))).toEqual(new Set(['rate_limited']));
  expect(JSON.stringify(answers.at(-1)?.body)).toContain('come again in 60 s');
  expect(await desk.audit()).toHaveLength(300);
  desk.clock.pass(60_001);
  expect((await run.call('sortie_status', {})).ok).toBe(true);
});

it('tells who lacks an issue what kind of failure it was, and writes nothing while the tracker is down', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run({ issue: anIssue({ id: '77', identifier: 'ENG-77' }) });
  expect(kindOf(await run.call('tracker_api', { operation: 'fetch_issue' }))).toBe('tracker_not_found');
  desk.site.down = true;
  expect(kindOf(await run.write('add_comment', { issueKey: 'ENG-1', body: 'x' }))).toBe(
    'tracker_transport_error',
  );
  expect(await desk.store().tools.openWrites()).toEqual([]);
});
