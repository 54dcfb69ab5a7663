// Proposals and writes that have ended go with the retention; what waits, or is owed an end, stays however old it is.
import { expect, test } from 'vitest';
import { approval, decided, outboxWrite } from './ledger-rows.ts';
import { openInFolder } from './store-folder.ts';

const day = 86_400_000;
const done = { status: 'done', message: '', issues: [] } as const;

test('what has ended before is forgotten, the rest stays', async () => {
  const { tools } = await openInFolder();
  const old = { decidedAtMs: day };
  await tools.apply([
    ...[
      decided('done', { ...old, result: done }),
      decided('rejected', { ...old, status: 'rejected' }),
      approval('expired', { ...old, status: 'expired' }),
      decided('new', { decidedAtMs: 3 * day, result: done }),
      decided('owed', { ...old, result: { ...done, status: 'applying' } }),
      decided('owed too', { ...old, result: null }),
      approval('waits'),
    ].map((one) => ({ kind: 'add_approval', approval: one }) as const),
    ...[
      outboxWrite('old', { status: 'done', endedAtMs: day }),
      outboxWrite('young', { status: 'failed', endedAtMs: 3 * day }),
      outboxWrite('open', { status: 'unsure', requestedAtMs: 1 }),
    ].map((write) => ({ kind: 'add_write', write }) as const),
  ]);
  expect(await tools.forgetEnded(2 * day)).toBe(4);
  const left = (await tools.approvals({ limit: 50 })).approvals.map(({ id }) => id);
  expect(left.sort()).toEqual(['new', 'owed', 'owed too', 'waits']);
  const writes = (await tools.writes({ status: 'all', limit: 50 })).writes.map(({ id }) => id);
  expect(writes.sort()).toEqual(['open', 'young']);
  expect(await tools.forgetEnded(2 * day)).toBe(0);
});

test('many of them go in slices', async () => {
  const { tools } = await openInFolder();
  await tools.apply(
    Array.from({ length: 1_200 }, (_, n) => ({
      kind: 'add_write',
      write: outboxWrite(`w${n}`, { status: 'done', endedAtMs: n }),
    })),
  );
  expect(await tools.forgetEnded(1_100)).toBe(1_100);
  expect((await tools.writes({ status: 'all', limit: 500 })).writes).toHaveLength(100);
});
