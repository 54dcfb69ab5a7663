// A move that has a comment: decided as one, by the rules of both; and the comment is written once the issue has moved, or
// not at all, whatever happens to the daemon between the two.

import { expect, it } from 'vitest';
import { TrackerError, type TrackerErrorFacts } from '../../src/contract/tracker.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { dataOf, decision, kindOf, openDesk, operator, thePending, until, type Desk } from './desk.ts';

const details = { issueKey: 'ENG-1', to: 'Done', comment: 'It is done.' };
const DONE = ['move ENG-1 Done', 'comment ENG-1 It is done.'];

interface Methods {
  transitionIssue(...args: unknown[]): Promise<void>;
  addKeyedComment(...args: unknown[]): Promise<string>;
}

/** The method fails so until the answer is called. */
function failing({ site }: Desk, method: keyof Methods, change: Partial<TrackerErrorFacts> = {}): () => void {
  const tracker = site.tracker as unknown as Record<string, unknown>;
  const whole = tracker[method];
  tracker[method] = async () => {
    const facts = { method: 'POST', path: '/', detail: 'down', applied: 'no' } as const;
    throw new TrackerError({ kind: 'tracker_transport_error', ...facts, ...change });
  };
  return () => {
    tracker[method] = whole;
  };
}

const refusing = (desk: Desk) =>
  failing(desk, 'transitionIssue', { kind: 'tracker_payload_error', detail: 'Resolution is required' });

async function rowsOf(desk: Desk) {
  const { writes } = await desk.store().tools.writes({ status: 'all', limit: 10 });
  return writes.toReversed().map(({ write, status, detail }) => [write.operation, status, detail]);
}

/** The row at that place was tried once, and waits. */
function tried(desk: Desk, place: number): Promise<boolean> {
  return until(async () => ((await rowsOf(desk))[place]?.[2] ?? '') !== '');
}

async function allEnded(desk: Desk): Promise<void> {
  await until(async () => (desk.clock.pass(60_000), (await desk.store().tools.openWrites()).length === 0));
}

const messageOf = ({ body }: { readonly body: unknown }): string =>
  (body as { readonly error?: { readonly message: string } }).error?.message ?? '';

it('is one proposal that says both, and both are written when it is approved', async () => {
  // Comments alone need nobody.
  const desk = await openDesk({ rules: [toolRule({ operations: ['add_comment'] })] });
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  const id = await thePending(desk);
  expect(await desk.tools().view.approval(id)).toMatchObject({
    action: 'transition_issue',
    summary: 'Move ENG-1 from To Do to Done, and comment: "It is done."',
    details,
  });
  expect(desk.site.writes).toEqual([]);
  await desk.tools().view.decide(id, decision('approved'), operator);
  expect(dataOf(await asked)).toMatchObject({ status: 'done', approval_id: id });
  expect(desk.site.writes).toEqual(DONE);
});

it('writes no comment when the proposal is rejected, or runs out', async () => {
  const desk = await openDesk({ rules: [toolRule({ operations: ['add_comment'] })] });
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  await desk.tools().view.decide(await thePending(desk), decision('rejected', {}, 'not yet'), operator);
  expect(kindOf(await asked)).toBe('approval_rejected');
  const again = run.write('transition_issue', details);
  await thePending(desk);
  desk.clock.wallMs += 2 * 86_400_000;
  desk.clock.pass(60_000);
  expect(['approval_expired', '']).toContain(kindOf(await again));
  await until(() => desk.tools().view.pendingApprovals() === 0);
  expect(await rowsOf(desk)).toEqual([]);
  expect(desk.site.writes).toEqual([]);
});

it('writes none when the person has taken it out, and the new one when it was changed', async () => {
  for (const [comment, written] of [
    [null, ['move ENG-1 Done']],
    ['Better words.', ['move ENG-1 Done', 'comment ENG-1 Better words.']],
  ] as const) {
    const desk = await openDesk();
    const run = await desk.run();
    const asked = run.write('transition_issue', details);
    await desk.tools().view.decide(await thePending(desk), decision('approved', { comment }), operator);
    expect(dataOf(await asked)).toMatchObject({ status: 'done', modified: { comment } });
    expect(desk.site.writes).toEqual(written);
  }
});

it('cancels the comment when the tracker refuses the move, and says plainly what was done', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  refusing(desk);
  const run = await desk.run();
  const alone = await run.write('transition_issue', details);
  expect(kindOf(alone)).toBe('tracker_payload_error');
  expect(messageOf(alone)).toMatch(/^not moved: .*Resolution is required; comment not written$/);
  expect(await rowsOf(desk)).toEqual([
    ['transition_issue', 'failed', expect.stringContaining('Resolution is required')],
    [
      'add_comment',
      'cancelled',
      expect.stringMatching(/^it belongs to the move to Done, which failed: .*Resolution is required/),
    ],
  ]);
  const actions = [
    { operation: 'update_issue', details: { issueKey: 'ENG-1', summary: 'New' } },
    { operation: 'transition_issue', details },
  ];
  const both = await run.call('write', { actions });
  expect(kindOf(both)).toBe('tracker_payload_error');
  expect(messageOf(both)).toMatch(
    /^fields changed; not moved: .*Resolution is required; comment not written$/,
  );
  expect(desk.site.writes).toEqual(['update 1 {"title":"New"}']);
});

it('says what waits when a part of a call was refused', async () => {
  const desk = await openDesk({
    rules: [toolRule({ operations: ['update_issue'] })],
    approval: { timeoutMs: 1e6, onTimeout: 'expire', waitMs: 1_000 },
  });
  const run = await desk.run();
  failing(desk, 'updateIssue' as keyof Methods, { kind: 'tracker_payload_error', detail: 'no such value' });
  const actions = [
    { operation: 'update_issue', details: { issueKey: 'ENG-1', summary: 'New' } },
    { operation: 'transition_issue', details },
  ];
  const asked = run.call('write', { actions });
  const id = await thePending(desk);
  await until(async () => (await desk.store().tools.openWrites()).length === 0);
  desk.clock.pass(1_000);
  const message = messageOf(await asked);
  expect(message).toMatch(/^fields not changed: .*no such value; not moved yet: a person must allow it/);
  expect(message).toContain(`request_status ${id}); comment not written`);
});

it('tells people and agent of an approved move that the tracker refused', async () => {
  const desk = await openDesk();
  refusing(desk);
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  const id = await thePending(desk);
  await desk.tools().view.decide(id, decision('approved'), operator);
  const words = /^not moved: .*Resolution is required; comment not written$/;
  expect(messageOf(await asked)).toMatch(words);
  expect((await desk.tools().view.approval(id))?.result).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(words),
  });
  expect(desk.site.writes).toEqual([]);
});

it('refuses both when a person has moved the issue meanwhile', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  const id = await thePending(desk);
  desk.site.down = true;
  await desk.tools().view.decide(id, decision('approved'), operator);
  desk.site.edit('1', { state: 'In Review' });
  desk.site.down = false;
  desk.clock.pass(60_000);
  await allEnded(desk);
  expect(await rowsOf(desk)).toEqual([
    ['transition_issue', 'refused', expect.stringContaining('is in In Review by now')],
    ['add_comment', 'cancelled', expect.stringContaining('which was refused: ENG-1 is in In Review')],
  ]);
  expect((await desk.tools().view.approval(id))?.result?.status).toBe('refused');
  await asked;
});

it('is judged by the rules of both, and counts for the limits of both', async () => {
  const desk = await openDesk({
    writeDefault: 'allow',
    rules: [toolRule({ operations: ['add_comment'], limit: { count: 2, per: 'run' } })],
  });
  const run = await desk.run();
  expect((await run.write('add_comment', { issueKey: 'ENG-1', body: 'one' })).ok).toBe(true);
  expect((await run.write('transition_issue', details)).ok).toBe(true);
  desk.site.edit('1', { state: 'To Do' });
  expect(kindOf(await run.write('transition_issue', details))).toBe('limit_exceeded');
  const { comment: _, ...bare } = details;
  expect((await run.write('transition_issue', bare)).ok).toBe(true);
  desk.settings.tools = {
    ...desk.settings.tools,
    rules: [toolRule({ operations: ['add_comment'], decision: 'deny' })],
  };
  desk.site.edit('1', { state: 'To Do' });
  expect(kindOf(await run.write('transition_issue', details))).toBe('policy_denied');
  const { explainPolicy } = desk.tools().view;
  const question = { operation: 'transition_issue', details, issueIdentifier: 'ENG-1' } as const;
  expect(await explainPolicy(question)).toMatchObject({ decision: 'deny', rule: 'rule 1' });
});

it('writes the comment once after a restart between the two', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const mend = failing(desk, 'addKeyedComment');
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  await tried(desk, 1);
  expect((await rowsOf(desk)).map(([, status]) => status)).toEqual(['done', 'waiting']);
  await desk.restart();
  await asked;
  mend();
  await allEnded(desk);
  expect(desk.site.writes).toEqual(DONE);
});

it('writes neither after a restart before the move, when the tracker refuses it then', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const mend = failing(desk, 'transitionIssue');
  const run = await desk.run();
  const asked = run.write('transition_issue', details);
  await tried(desk, 0);
  expect((await rowsOf(desk)).map(([, status]) => status)).toEqual(['waiting', 'waiting']);
  await desk.restart();
  await asked;
  mend();
  refusing(desk);
  await allEnded(desk);
  expect((await rowsOf(desk)).map(([, status]) => status)).toEqual(['failed', 'cancelled']);
  expect(desk.site.writes).toEqual([]);
});

it('is taken back whole when its run is cancelled, unless the issue has moved', async () => {
  for (const [method, written] of [
    ['transitionIssue', []],
    ['addKeyedComment', DONE],
  ] as const) {
    const desk = await openDesk({ writeDefault: 'allow' });
    const mend = failing(desk, method);
    const run = await desk.run();
    const asked = run.write('transition_issue', details);
    await tried(desk, method === 'transitionIssue' ? 0 : 1);
    run.cancel.abort();
    await asked;
    await until(async () => method === 'addKeyedComment' || (await rowsOf(desk))[0]?.[1] === 'cancelled');
    mend();
    await allEnded(desk);
    expect(desk.site.writes).toEqual(written);
    const ends = method === 'transitionIssue' ? ['cancelled', 'cancelled'] : ['done', 'done'];
    expect((await rowsOf(desk)).map(([, status]) => status)).toEqual(ends);
  }
});
