// Whatever an agent sends gets a structured answer, changes nothing, and leaves exactly one line in the audit.

import { describe, expect, it } from 'vitest';
import { TOOL_ERROR_KINDS } from '../../src/contract/tool-operations.ts';
import { kindOf, openDesk, SECRET } from './desk.ts';

const deep = (levels: number): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};
const write = (operation: string, details: unknown): unknown => ({ actions: [{ operation, details }] });

const bad: readonly (readonly [string, string, unknown, string])[] = [
  ['an unknown tool', 'drop_database', {}, 'invalid_arguments'],
  ['no object', 'tracker_api', 'fetch_issue', 'invalid_arguments'],
  ['an unknown field', 'tracker_api', { operation: 'fetch_issue', force: true }, 'invalid_arguments'],
  ['an unknown operation', 'tracker_api', { operation: 'delete_issue' }, 'invalid_arguments'],
  ['a wrong type', 'tracker_api', { operation: 'fetch_issue', issueKey: 1 }, 'invalid_arguments'],
  ['a missing field', 'tracker_api', { operation: 'transition_issue' }, 'invalid_arguments'],
  [
    'a field of another operation',
    'tracker_api',
    { operation: 'fetch_issue', to: 'Done' },
    'invalid_arguments',
  ],
  [
    'a text that is too long',
    'tracker_api',
    { operation: 'add_comment', body: 'x'.repeat(40_000) },
    'too_large',
  ],
  ['arguments that are huge', 'tracker_api', { operation: 'x'.repeat(600_000) }, 'too_large'],
  ['arguments that are deep', 'tracker_api', { operation: deep(100_000) }, 'too_large'],
  ['many small values', 'tracker_api', { operation: Array.from({ length: 30_000 }, () => 1) }, 'too_large'],
  [
    'unknown details',
    'write',
    write('add_comment', { issueKey: 'ENG-1', body: 'x', html: true }),
    'invalid_arguments',
  ],
  [
    'a blank comment',
    'write',
    write('add_comment', { issueKey: 'ENG-1', body: ' \n ' }),
    'invalid_arguments',
  ],
  ['an update of nothing', 'write', write('update_issue', { issueKey: 'ENG-1' }), 'invalid_arguments'],
  [
    'more issues than are listed',
    'write',
    write('create_issues', {
      projectKey: 'ENG',
      issueType: 'Bug',
      issueCount: 3,
      issues: [{ summary: 'one' }],
    }),
    'invalid_arguments',
  ],
  [
    'too many issues',
    'write',
    write('create_issues', {
      projectKey: 'ENG',
      issueType: 'Bug',
      issues: Array.from({ length: 51 }, () => ({ summary: 'one' })),
    }),
    'too_large',
  ],
  [
    'a priority that is hidden as a custom field',
    'write',
    write('update_issue', { issueKey: 'ENG-1', customFields: { Priority: 'Highest' } }),
    'invalid_arguments',
  ],
  [
    'a project that is hidden as a custom field',
    'write',
    write('create_issue', {
      projectKey: 'ENG',
      issueType: 'Bug',
      summary: 'x',
      customFields: { project: 'OPS' },
    }),
    'invalid_arguments',
  ],
  [
    'a name of several fields',
    'write',
    write('update_issue', { issueKey: 'ENG-1', customFields: { Team: 'a' } }),
    'ambiguous_name',
  ],
  [
    'an unknown type',
    'write',
    write('create_issue', { projectKey: 'ENG', issueType: 'Bgu', summary: 'x' }),
    'invalid_arguments',
  ],
  [
    'a name of several people',
    'write',
    write('assign_issue', { issueKey: 'ENG-1', assignee: 'Alex' }),
    'ambiguous_name',
  ],
  [
    'a name of nobody',
    'write',
    write('assign_issue', { issueKey: 'ENG-1', assignee: 'Bob' }),
    'ambiguous_name',
  ],
  [
    'an unknown transition',
    'write',
    write('transition_issue', { issueKey: 'ENG-1', to: 'Nowhere' }),
    'invalid_arguments',
  ],
  ['an unknown issue', 'write', write('add_comment', { issueKey: 'ENG-77', body: 'x' }), 'tracker_not_found'],
  [
    'what the tracker cannot do',
    'write',
    write('add_worklog', { issueKey: 'ENG-1', timeSpent: '1h' }),
    'unsupported_operation',
  ],
  ['an id of nothing', 'request_status', { id: 'nothing' }, 'approval_not_found'],
];

describe.each(bad)('%s', (_what, name, args, kind) => {
  it(`is refused as ${kind}`, async () => {
    const desk = await openDesk({ writeDefault: 'allow' });
    const run = await desk.run();
    const answer = await run.call(name, args);
    expect(answer.ok).toBe(false);
    expect(kindOf(answer)).toBe(kind);
    expect([...TOOL_ERROR_KINDS, 'tracker_not_found']).toContain(kind);
    expect(desk.site.writes).toEqual([]);
    const entries = await desk.audit();
    expect(entries.map((one) => [one['kind'], one['tool'], one['answer']])).toEqual([
      ['tool_call', name, kind],
    ]);
    expect((await desk.store().tools.writes({ status: 'all', limit: 10 })).writes).toEqual([]);
  });
});

it('lists whom a name could mean, and which transitions there are', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const who = await run.write('assign_issue', { issueKey: 'ENG-1', assignee: 'Alex' });
  expect(JSON.stringify(who.body)).toContain('a-2');
  expect(JSON.stringify(who.body)).toContain('a-3');
  const where = await run.write('transition_issue', { issueKey: 'ENG-1', to: 'Nowhere' });
  expect(JSON.stringify(where.body)).toContain('Hand over (to In Review)');
});

it('takes secrets out before anything else: they are neither sent nor stored nor shown', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  await run.write('add_comment', { issueKey: 'ENG-1', body: `the key is ${SECRET}` });
  await run.call(`tool-${SECRET}`, { [SECRET]: SECRET });
  expect(desk.site.writes).toEqual(['comment ENG-1 the key is ***']);
  expect(JSON.stringify(await desk.audit())).not.toContain(SECRET);
  expect(JSON.stringify(await desk.store().tools.writes({ status: 'all', limit: 10 }))).not.toContain(SECRET);
});
