// Decisions that are not taken leave a line in the audit and one in the log, by whom and why; a client that tries without
// end does not fill the database with them.

import { expect, it } from 'vitest';
import type { JsonMap } from '../../src/contract/tool-operations.ts';
import type { Person } from '../../src/contract/tool-policy.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { openDesk, operator, SECRET, thePending, until, type Desk } from './desk.ts';

const ann = { name: 'ann', groups: ['leads'] };
const eve = { name: 'eve', groups: ['interns'] };

interface Asked {
  readonly desk: Desk;
  readonly id: string;
  /** "" = it was taken. */
  decide(person: Person, status: 'approved' | 'rejected', edits?: JsonMap, note?: string): Promise<string>;
}

async function withProposal(): Promise<Asked> {
  const onCreate = { operations: ['create_issue'] as const };
  const desk = await openDesk({
    rules: [
      toolRule({ ...onCreate, number: 1, decision: 'deny', when: { priority: ['highest'] } }),
      toolRule({ ...onCreate, number: 2, decision: 'approve', group: 'leads' }),
    ],
  });
  const run = await desk.run();
  const details = { projectKey: 'ENG', issueType: 'Bug', summary: 'x', priority: 'Low' };
  const asked = run.write('create_issue', details);
  const id = await thePending(desk);
  desk.clock.pass(60_000);
  await asked;
  return {
    desk,
    id,
    async decide(person, status, modifiedDetails = {}, decisionNote = '') {
      const decision = { status, modifiedDetails, decisionNote };
      const answer = await desk.tools().view.decide(id, decision, person);
      return answer.kind === 'refused' ? answer.code : '';
    },
  };
}

const refusalsOf = async (desk: Desk) =>
  (await desk.audit()).filter((one) => one['kind'] === 'approval_refused');

const warnings = ({ log }: Desk) => log.lines.filter(({ level }) => level === 'warn');

it.each<[string, Person, 'approved' | 'rejected', JsonMap, RegExp]>([
  [
    'not_in_group',
    eve,
    'rejected',
    {},
    /^only members of leads may decide this; eve .*--token-file, or sign in at \/login$/,
  ],
  ['policy_denied', ann, 'approved', { priority: 'Highest' }, /the policy denies/],
  ['policy_denied', ann, 'approved', { projectKey: 'OPS' }, /OPS/],
  ['invalid_details', ann, 'approved', { colour: 'red' }, /colour/],
])('notes %s, before it is answered, with who tried what', async (code, person, status, edits, message) => {
  const { desk, id, decide } = await withProposal();
  expect(await decide(person, status, edits, 'because')).toBe(code);
  expect(await refusalsOf(desk)).toEqual([
    expect.objectContaining({
      actor: 'person',
      name: person.name,
      approval_id: id,
      issue_identifier: 'ENG-1',
      run_id: 'run-1',
      operation: 'create_issue',
      decision: status,
      answer: code,
      details: { modifiedDetails: edits, decisionNote: 'because' },
      message: expect.stringMatching(message) as string,
    }),
  ]);
  expect(warnings(desk)).toEqual([
    expect.objectContaining({
      message: 'decision refused',
      fields: expect.objectContaining({ approval_id: id, decided_by: person.name, code }) as object,
    }),
  ]);
});

it('notes a decision that comes too late, and of two at once the one that lost', async () => {
  const { desk, decide } = await withProposal();
  const told = await Promise.all([decide(ann, 'rejected'), decide(operator, 'rejected')]);
  expect(told).toEqual(['', 'already_decided']);
  expect(await decide(operator, 'approved', { summary: 'y' })).toBe('already_decided');
  const message = expect.stringMatching(/^it is rejected already, by ann at 2027-\d\d-\d\dT/) as string;
  expect(await refusalsOf(desk)).toMatchObject([
    { name: 'operator', decision: 'rejected', answer: 'already_decided', message },
    { name: 'operator', decision: 'approved', answer: 'already_decided', message },
  ]);
});

it('notes that the tracker could not be asked', async () => {
  const { desk, decide } = await withProposal();
  desk.site.down = true;
  expect(await decide(ann, 'approved', { parentKey: 'ENG-2' })).toBe('tracker_failed');
  expect(await refusalsOf(desk)).toMatchObject([{ answer: 'tracker_failed', name: 'ann' }]);
});

it('notes nothing of a proposal that there is not, and nothing as refused that was taken', async () => {
  const { desk, decide } = await withProposal();
  const nothing = { status: 'rejected', modifiedDetails: {}, decisionNote: '' } as const;
  expect(await desk.tools().view.decide('none', nothing, ann)).toMatchObject({ code: 'approval_not_found' });
  expect(await decide(ann, 'approved')).toBe('');
  expect(await refusalsOf(desk)).toEqual([]);
  expect(warnings(desk)).toEqual([]);
});

it('keeps no secret of an edit, and of a huge one only which fields it had', async () => {
  const { desk, decide } = await withProposal();
  await decide(ann, 'approved', { priority: 'Highest', summary: `key ${SECRET}` }, SECRET);
  await decide(ann, 'approved', { priority: 'Highest', description: 'a'.repeat(20_000) });
  const [first, second] = await refusalsOf(desk);
  expect(first?.['details']).toEqual({
    modifiedDetails: { priority: 'Highest', summary: 'key ***' },
    decisionNote: '***',
  });
  expect(second?.['details']).toMatchObject({
    modifiedDetails: { fields: ['priority', 'description'], characters: 20_039 },
  });
});

it('writes a flood of one person in few entries that count it, and still notes others at once', async () => {
  const { desk, id, decide } = await withProposal();
  for (let n = 0; n < 500; n += 1) await decide(eve, 'rejected');
  expect(await refusalsOf(desk)).toHaveLength(50);
  expect(await decide(ann, 'approved', { priority: 'Highest' })).toBe('policy_denied');
  expect((await refusalsOf(desk)).at(-1)).toMatchObject({ name: 'ann', answer: 'policy_denied' });
  desk.clock.pass(60_000);
  await until(async () => (await refusalsOf(desk)).length > 51);
  expect((await refusalsOf(desk)).slice(51)).toMatchObject([
    { name: 'eve', answer: 'not_in_group', approval_id: id, details: { count: 450, approvals: [id] } },
  ]);
  expect(warnings(desk)).toHaveLength(52);
  // An hour of it: one by itself and one of all others in a minute, at most.
  for (let minute = 0; minute < 60; minute += 1) {
    for (let n = 0; n < 20; n += 1) await decide(eve, 'rejected');
    desk.clock.pass(60_000);
  }
  expect((await refusalsOf(desk)).length).toBeLessThanOrEqual(52 + 60 * 2);
});

it('writes what it has gathered when the daemon stops', async () => {
  const { desk, decide } = await withProposal();
  for (let n = 0; n < 60; n += 1) await decide(eve, 'rejected');
  await desk.restart();
  expect((await refusalsOf(desk)).at(-1)).toMatchObject({ name: 'eve', details: { count: 10 } });
});
