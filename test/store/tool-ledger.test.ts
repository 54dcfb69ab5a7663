// The ledger of agents' tools: what goes in comes out, each batch whole or not at all, and decided once.
import { expect, test } from 'vitest';
import type { Approval } from '../../src/contract/approval.ts';
import type { OutboxWrite } from '../../src/contract/outbox.ts';
import { LedgerConflict, type LedgerChange } from '../../src/contract/tool-ledger.ts';
import { approval, audited, decided, outboxWrite } from './ledger-rows.ts';
import { notification } from './rows.ts';
import { openInFolder } from './store-folder.ts';

const add = (one: Approval): LedgerChange => ({ kind: 'add_approval', approval: one });
const record = (write: OutboxWrite): LedgerChange => ({ kind: 'add_write', write });

test('proposals, writes, audit and notifications of one batch are there after a restart', async () => {
  const store = await openInFolder();
  const whole = decided('b', {
    modifiedDetails: { issueKey: 'DEMO-1', body: 'Another' },
    decisionNote: 'gently',
    result: { status: 'done', message: 'Commented', issues: ['DEMO-1'] },
    toldRunId: 'run-2',
  });
  const ended = outboxWrite('x', {
    approvalId: 'b',
    before: whole.before,
    status: 'done',
    tries: 2,
    sentAtMs: 3_000,
    dueAtMs: null,
    endedAtMs: 3_100,
    detail: 'found',
    result: {
      issue: { id: '1', identifier: 'DEMO-1' },
      entryId: '7',
      url: 'https://x.example',
      wasThere: true,
    },
  });
  await store.tools.apply([
    add(approval('a')),
    add(whole),
    record(outboxWrite('w', { runId: null, origin: 'orchestrator' })),
    record(ended),
    audited(),
    { kind: 'queue_notification', notification: notification('n', { event: 'approval_waiting' }) },
  ]);
  await store.close();
  const { tools, notifications } = await openInFolder({ path: store.path });
  expect(await tools.approval('a')).toEqual(approval('a'));
  expect(await tools.approval('b')).toEqual(whole);
  expect(await tools.approval('c')).toBeNull();
  const [first, second] = [await tools.write('w'), await tools.write('x')];
  expect(first).toEqual(outboxWrite('w', { seq: first?.seq ?? -1, runId: null, origin: 'orchestrator' }));
  expect(second).toEqual({ ...ended, seq: (first?.seq ?? -1) + 1 });
  expect(await tools.write('y')).toBeNull();
  expect(await tools.audit({ afterSeq: 0, limit: 10 })).toHaveLength(1);
  expect(await notifications.nextDueMs()).toBe(1_000);
});

test('a proposal is decided once: of two decisions at the same moment one is a conflict', async () => {
  const { tools } = await openInFolder();
  await tools.apply([add(approval('a'))]);
  const decide = (by: string): Promise<void> =>
    tools.apply([
      { kind: 'put_approval', approval: decided('a', { decidedBy: by }), expect: 'pending' },
      record(outboxWrite(`by ${by}`, { approvalId: 'a' })),
      audited({ kind: 'approval_decided', name: by }),
    ]);
  const [one, other] = await Promise.allSettled([decide('ada'), decide('bob')]);
  expect(one.status).toBe('fulfilled');
  expect(other).toMatchObject({ status: 'rejected', reason: expect.any(LedgerConflict) as unknown });
  expect(other).toMatchObject({
    reason: { message: 'approval a is approved, pending was expected: read it again' },
  });
  expect(await tools.approval('a')).toMatchObject({ status: 'approved', decidedBy: 'ada' });
  expect((await tools.writesOf('a')).map(({ id }) => id)).toEqual(['by ada']);
  expect((await tools.auditHead()).seq).toBe(1);
});

test.for<[string, LedgerChange, string]>([
  ['a proposal that is there', add(approval('a')), 'approval a is there already: give it another id'],
  ['a write that is there', record(outboxWrite('w')), 'write w is recorded already: give it another id'],
  [
    'a write that has moved on',
    { kind: 'put_write', write: outboxWrite('w', { status: 'done' }), expect: 'sending' },
    'write w is waiting, sending was expected: read it again',
  ],
  [
    'an unknown proposal',
    { kind: 'put_approval', approval: decided('z'), expect: 'pending' },
    'approval z is not there, pending was expected: read it again',
  ],
  [
    'an unknown write',
    { kind: 'put_write', write: outboxWrite('z'), expect: 'waiting' },
    'write z is not there, waiting was expected: read it again',
  ],
])('%s is a conflict that undoes the whole batch', async ([, change, message]) => {
  const { tools, notifications } = await openInFolder();
  await tools.apply([add(approval('a')), record(outboxWrite('w')), audited()]);
  const head = await tools.auditHead();
  const broken = tools.apply([
    audited(),
    add(approval('new')),
    record(outboxWrite('new')),
    { kind: 'queue_notification', notification: notification('n') },
    change,
  ]);
  await expect(broken).rejects.toBeInstanceOf(LedgerConflict);
  await expect(broken).rejects.toThrow(message);
  expect(await tools.approval('new')).toBeNull();
  expect(await tools.write('new')).toBeNull();
  expect(await notifications.nextDueMs()).toBeNull();
  expect(await tools.auditHead()).toEqual(head);
  await tools.apply([audited()]);
  expect((await tools.auditHead()).seq).toBe(2);
});

test('what the store itself refuses is a StoreError, not a conflict', async () => {
  const { tools } = await openInFolder();
  const summary = new Date() as unknown as string;
  await expect(tools.apply([add(approval('a', { summary }))])).rejects.toMatchObject({
    name: 'StoreError',
    kind: 'write_failed',
  });
});

test('a write keeps its place when it moves on, and two trackers of one file share no ids', async () => {
  const mine = await openInFolder();
  const theirs = await openInFolder({ path: mine.path, tracker: { kind: 'file', identity: '/others.json' } });
  await mine.tools.apply([record(outboxWrite('w')), record(outboxWrite('v')), add(approval('a')), audited()]);
  expect(await theirs.tools.write('w')).toBeNull();
  await theirs.tools.apply([record(outboxWrite('w')), add(approval('a')), audited()]);
  const before = await mine.tools.write('w');
  await mine.tools.apply([
    { kind: 'put_write', write: outboxWrite('w', { status: 'sending', tries: 1 }), expect: 'waiting' },
    { kind: 'put_approval', approval: decided('a'), expect: 'pending' },
  ]);
  expect(await mine.tools.write('w')).toEqual({ ...before, status: 'sending', tries: 1 });
  expect(await theirs.tools.write('w')).toMatchObject({ status: 'waiting', tries: 0 });
  expect(await theirs.tools.approval('a')).toMatchObject({ status: 'pending' });
  expect(await theirs.tools.openWrites()).toHaveLength(1);
  expect((await theirs.tools.auditHead()).seq).toBe(1);
});
