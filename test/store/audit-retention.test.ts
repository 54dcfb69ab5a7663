// Old audit entries go behind a checkpoint, and the chain still verifies: nothing else goes, and a broken one stays.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyLedger } from '../../src/store/index.ts';
import { tamperer } from './audit-chain.ts';
import { auditFacts, audited, auditedMany } from './ledger-rows.ts';
import { openInFolder } from './store-folder.ts';

const beganMs = auditFacts().atMs;
const secondMs = 1_000;

test('what is older than the time goes, in one step with a checkpoint that names the last of it', async () => {
  const { tools } = await openInFolder();
  await tools.apply(auditedMany(10));
  const [, , third] = await tools.audit({ afterSeq: 0, limit: 3 });
  const noted = await tools.auditHead();
  const nowMs = beganMs + 60 * secondMs;
  expect(await tools.forgetAudit(beganMs + 3 * secondMs, nowMs)).toBe(3);
  const start = { seq: 3, hash: third?.hash };
  expect(await tools.auditStart()).toEqual(start);
  const entries = await tools.audit({ afterSeq: 0, limit: 100 });
  expect(entries.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  expect(JSON.parse(entries.at(-1)?.line ?? '')).toMatchObject({
    kind: 'checkpoint',
    at: new Date(nowMs).toISOString(),
    actor: 'daemon',
    name: 'sortie',
    details: { ...start, removed: 3 },
  });
  const head = await tools.auditHead();
  expect(head.seq).toBe(11);
  for (const expected of [null, noted, head, await tools.auditStart()]) {
    expect(await verifyLedger(tools, expected)).toEqual({ kind: 'intact', entries: 8, first: 4, head });
  }
});

test('nothing old, nothing done; everything old leaves only the checkpoint', async () => {
  const { tools } = await openInFolder();
  await tools.apply(auditedMany(5));
  const head = await tools.auditHead();
  expect(await tools.forgetAudit(beganMs, beganMs + 60 * secondMs)).toBe(0);
  expect(await tools.auditHead()).toEqual(head);
  expect(await tools.forgetAudit(beganMs + 60 * secondMs, beganMs + 60 * secondMs)).toBe(5);
  expect(await tools.auditStart()).toEqual(head);
  expect(await verifyLedger(tools, await tools.auditHead())).toMatchObject({ entries: 1, first: 6 });
  expect(
    await tools.forgetAudit(beganMs + 999 * secondMs, beganMs + 60 * secondMs),
    'not the checkpoint',
  ).toBe(0);
  await tools.apply([audited()]);
  expect(await verifyLedger(tools, await tools.auditHead())).toMatchObject({ entries: 2 });
});

test('a clock that was ahead for a moment holds nothing up, and one that was behind takes nothing along', async () => {
  const { tools } = await openInFolder();
  const at = [0, 1, 1e9, 2, 3, -1e6, 9].map((second) => audited({ atMs: beganMs + second * secondMs }));
  await tools.apply(at);
  const nowMs = beganMs + 60 * secondMs;
  expect(await tools.forgetAudit(beganMs + 3 * secondMs, nowMs)).toBe(4);
  expect(await tools.forgetAudit(beganMs + 1 * secondMs, nowMs)).toBe(0);
});

test('many go in several steps, each with its checkpoint', async () => {
  const { tools } = await openInFolder();
  for (let n = 0; n < 21; n += 1) await tools.apply(auditedMany(1_000));
  const nowMs = beganMs + 9_999 * secondMs;
  expect(await tools.forgetAudit(nowMs, nowMs)).toBe(21_000);
  const head = await tools.auditHead();
  expect(await verifyLedger(tools, head)).toEqual({ kind: 'intact', entries: 2, first: 21_001, head });
}, 30_000);

test('evidence is not forgotten: a broken chain stays as it is, with what to do', async () => {
  const store = await openInFolder();
  await store.tools.apply(auditedMany(10));
  const sqlite = await tamperer(store.path);
  sqlite.exec("update audit set line = replace(line, 'number 2', 'number 7')");
  const before = await store.tools.audit({ afterSeq: 0, limit: 100 });
  const forgetting = store.tools.forgetAudit(beganMs + 8 * secondMs, beganMs + 60 * secondMs);
  await expect(forgetting).rejects.toMatchObject({ name: 'StoreError', kind: 'read_failed' });
  await expect(forgetting).rejects.toThrow('audit entry 3 does not follow 2');
  expect(await store.tools.audit({ afterSeq: 0, limit: 100 })).toEqual(before);
});

test('two at the same time forget each entry once', async () => {
  const { tools } = await openInFolder();
  await tools.apply(auditedMany(10));
  const forget = (): Promise<number> => tools.forgetAudit(beganMs + 4 * secondMs, beganMs + 60 * secondMs);
  const [one, other] = await Promise.allSettled([forget(), forget()]);
  expect(one).toEqual({ status: 'fulfilled', value: 4 });
  expect(other.status).toBe('rejected');
  expect(await verifyLedger(tools, await tools.auditHead())).toMatchObject({ entries: 7, first: 5 });
});

test.for<[string, string]>([
  ['the start is moved back', 'drop table audit_start; create table audit_start (tracker_id, seq, hash)'],
  ['the start has another hash', "update audit_start set hash = replace(hash, substr(hash, 1, 1), 'g')"],
  ['the start is moved on', 'update audit_start set seq = 5'],
  [
    'the start is moved on with what is behind it',
    'update audit_start set seq = 5, hash = (select hash from audit where seq = 5); delete from audit where seq <= 5',
  ],
  ['the checkpoint is taken away', 'delete from audit where seq = 11'],
])('%s: found', async ([, statements]) => {
  const store = await openInFolder();
  await store.tools.apply(auditedMany(10));
  await store.tools.forgetAudit(beganMs + 3 * secondMs, beganMs + 60 * secondMs);
  const sqlite = await tamperer(store.path);
  sqlite.exec(statements);
  expect(await verifyLedger(store.tools, null)).toMatchObject({ kind: 'broken' });
});

test('a head from before what was forgotten proves nothing, and that is said', async () => {
  const { tools } = await openInFolder();
  await tools.apply(auditedMany(1));
  const old = await tools.auditHead();
  await tools.apply(auditedMany(9));
  await tools.forgetAudit(beganMs + 3 * secondMs, beganMs + 60 * secondMs);
  expect(await verifyLedger(tools, old)).toMatchObject({
    kind: 'broken',
    problem: expect.stringContaining('compare with a newer head') as unknown,
  });
});

test('two trackers of one file: each has its own chain, and forgets only its own', async () => {
  const mine = await openInFolder();
  const theirs = await openInFolder({ path: mine.path, tracker: { kind: 'file', identity: '/others.json' } });
  const step = fc.record({ ours: fc.boolean(), count: fc.integer({ min: 0, max: 3 }), forget: fc.nat(60) });
  let second = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      for (const { ours, count, forget } of steps) {
        const { tools } = ours ? mine : theirs;
        const other = ours ? theirs : mine;
        const before = [await other.tools.auditHead(), await other.tools.auditStart()];
        second += 1;
        await tools.apply(
          Array.from({ length: count }, () => audited({ atMs: beganMs + second * secondMs })),
        );
        const nowMs = beganMs + second * secondMs;
        if (forget > 40) await tools.forgetAudit(nowMs - forget * 100, nowMs);
        expect([await other.tools.auditHead(), await other.tools.auditStart()]).toEqual(before);
        expect(await verifyLedger(tools, await tools.auditHead())).toMatchObject({ kind: 'intact' });
      }
    }),
    { numRuns: 30 },
  );
  expect(await verifyLedger(mine.tools, await theirs.tools.auditHead()), 'not the same chain').toMatchObject({
    kind: 'broken',
  });
});
