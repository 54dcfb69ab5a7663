// Whatever is done to a stored audit log with another tool, looking at it finds it; what nobody touched is intact.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_AUDIT, type AuditVerdict } from '../../src/contract/audit.ts';
import type { LedgerChange } from '../../src/contract/tool-ledger.ts';
import { verifyLedger, type SqliteStore } from '../../src/store/index.ts';
import { hashOf } from '../../src/store/audit-line.ts';
import { loadSqlite } from '../../src/store/sqlite-module.ts';
import { tamperer, verifyEntries } from './audit-chain.ts';
import { approval, audited, auditedMany, decided, outboxWrite } from './ledger-rows.ts';
import { openInFolder } from './store-folder.ts';

async function logOf(count: number): Promise<SqliteStore> {
  const store = await openInFolder();
  await store.tools.apply(auditedMany(count));
  return store;
}

const problemOf = (verdict: AuditVerdict): string => (verdict.kind === 'broken' ? verdict.problem : 'intact');

test('an empty log is intact, and so is what was added in any batches', async () => {
  const { tools } = await openInFolder();
  const empty = { kind: 'intact', entries: 0, first: 1, head: EMPTY_AUDIT };
  expect(await verifyLedger(tools, null)).toEqual(empty);
  expect(await verifyLedger(tools, EMPTY_AUDIT)).toEqual(empty);
  await tools.apply(auditedMany(3));
  await Promise.all([
    tools.apply([audited()]),
    tools.apply([audited(), audited()]),
    tools.apply([audited()]),
  ]);
  const head = await tools.auditHead();
  expect(await verifyLedger(tools, head)).toEqual({ kind: 'intact', entries: 7, first: 1, head });
});

test('more than a page is verified, also while it grows and forgets', async () => {
  const { tools } = await logOf(2_500);
  const head = await tools.auditHead();
  const busy = (async () => {
    for (let n = 0; n < 5; n += 1) {
      await tools.forgetAudit(Date.parse('2026-11-22T10:00:00Z') + n * 300_000, Date.parse('2026-12-01'));
      await tools.apply([audited({ atMs: Date.parse('2026-12-01') })]);
    }
  })();
  expect(await verifyLedger(tools, head)).toMatchObject({ kind: 'intact' });
  await busy;
  expect(await verifyLedger(tools, head)).toMatchObject({ kind: 'intact', first: 1_201 });
});

test('any texts in any changes keep the chain intact, and its lines are what was said', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const change: fc.Arbitrary<LedgerChange> = fc
    .record({
      message: text,
      name: text,
      details: fc.jsonValue(),
      issueIdentifier: fc.option(text),
      atMs: fc.double(),
    })
    .map((facts) => audited(facts as object));
  const batch = fc.record({ changes: fc.array(change, { maxLength: 4 }), fails: fc.boolean() });
  const store = await openInFolder();
  let said = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 4 }), async (batches) => {
      for (const { changes, fails } of batches) {
        const all: LedgerChange[] = fails
          ? [...changes, { kind: 'put_write', write: outboxWrite('none'), expect: 'done' }]
          : changes;
        await store.tools.apply(all).catch(() => undefined);
        if (!fails) said += changes.length;
        const seen = await store.tools.audit({ afterSeq: said - (fails ? 0 : changes.length), limit: 10 });
        expect(seen).toHaveLength(fails ? 0 : changes.length);
        seen.forEach(({ line }, n) => {
          const one = changes[n];
          const facts = one?.kind === 'audit' ? one.facts : null;
          expect(JSON.parse(line)).toMatchObject({ message: facts?.message, name: facts?.name });
          expect(line).not.toMatch(/[\n\0]/u);
        });
      }
      expect(await verifyLedger(store.tools, await store.tools.auditHead())).toMatchObject({ entries: said });
    }),
    { numRuns: 40 },
  );
});

test('every single byte of every line and hash counts', async () => {
  const store = await openInFolder();
  await store.tools.apply([
    audited({ message: 'Großé \uFFFD ok', details: { a: ['ä', 1] } }),
    audited(),
    audited(),
  ]);
  const head = await store.tools.auditHead();
  const sqlite = await tamperer(store.path);
  const rows = sqlite
    .prepare('select seq, cast(line as blob) line, cast(hash as blob) hash from audit')
    .all() as { seq: number; line: Uint8Array; hash: Uint8Array }[];
  let edits = 0;
  for (const row of rows) {
    for (const column of ['line', 'hash'] as const) {
      const update = sqlite.prepare(`update audit set ${column} = cast(? as text) where seq = ?`);
      for (let place = 0; place < row[column].length; place += 1) {
        const edited = Uint8Array.from(row[column]);
        // Another letter, another case, a NUL, a byte that is no UTF-8: one of them at each place.
        edited[place] = [edited[place]! ^ 1, edited[place]! ^ 0x20, 0, 0xff][(edits += 1) % 4]!;
        update.run(edited, row.seq);
        const verdict = await verifyLedger(store.tools, head);
        expect(verdict.kind, `${column} of ${row.seq}, byte ${place}`).toBe('broken');
      }
      update.run(row[column], row.seq);
    }
  }
  expect(edits).toBeGreaterThan(1_000);
  expect(await verifyLedger(store.tools, head)).toMatchObject({ kind: 'intact', entries: 3 });
}, 60_000);

test.for<[string, string, number, RegExp]>([
  [
    'something after a NUL in a line',
    "update audit set line = line || char(0) || 'x' where seq = 4",
    4,
    /do not fit/,
  ],
  [
    'something after a NUL in a hash',
    "update audit set hash = hash || char(0) || 'x' where seq = 4",
    4,
    /do not fit/,
  ],
  ['another case of a hash', 'update audit set hash = upper(hash) where seq = 4', 4, /do not fit/],
  ['another place', 'update audit set seq = 99 where seq = 10', 10, /its line is not that of 99/],
  [
    'two places swapped',
    'update audit set seq = case seq when 4 then 105 else 104 end where seq in (4, 5); update audit set seq = seq - 100 where seq > 100',
    4,
    /is not that of 4/,
  ],
  ['one taken from the middle', 'delete from audit where seq = 4', 4, /entry 4 is missing/],
  ['some taken from the middle', 'delete from audit where seq in (4, 5, 6)', 4, /4 to 6 are missing/],
  ['the first taken', 'delete from audit where seq = 1', 1, /entry 1 is missing/],
  ['the last taken', 'delete from audit where seq = 10', 10, /ends with 9, the expected head is 10/],
  ['all taken', 'delete from audit', 1, /ends with 0, the expected head is 10/],
  [
    'one given to another tracker',
    "insert into trackers values (9, 'x', 'y', 1); update audit set tracker_id = 9 where seq = 10",
    10,
    /ends with 9/,
  ],
  ['one put before the beginning', "insert into audit values (1, 0, 'x', 'y')", 1, /do not fit/],
  [
    'a start that no checkpoint explains',
    "delete from audit where seq <= 3; insert into audit_start select 1, 3, json_extract(line, '$.prev') from audit where seq = 4",
    1,
    /there is no checkpoint/,
  ],
  [
    'a start that was made up',
    "insert into audit_start values (1, 3, 'x')",
    1,
    /entry 1 stands where none belongs: 4/,
  ],
])('%s is found', async ([, statements, seq, problem]) => {
  const store = await logOf(10);
  const head = await store.tools.auditHead();
  const sqlite = await tamperer(store.path);
  sqlite.exec(statements);
  const verdict = await verifyLedger(store.tools, head);
  expect(verdict).toMatchObject({ kind: 'broken', seq });
  expect(problemOf(verdict)).toMatch(problem);
});

describe('a chain that somebody has made anew', () => {
  test('from an edited entry on, hashes and all, differs from the head that is kept elsewhere', async () => {
    const store = await logOf(10);
    const { tools } = store;
    const head = await tools.auditHead();
    const middle = (await tools.audit({ afterSeq: 6, limit: 1 }))[0]!;
    const sqlite = await tamperer(store.path);
    let prev = '';
    for (const { seq, line } of await tools.audit({ afterSeq: 3, limit: 10 })) {
      const forged = prev === '' ? line.replace('number', 'NUMBER') : line.replace(/[0-9a-f]{64}/u, prev);
      prev = hashOf(forged);
      sqlite.prepare('update audit set line = ?, hash = ? where seq = ?').run(forged, prev, seq);
    }
    expect(await verifyLedger(tools, null), 'nothing else would show it').toMatchObject({ kind: 'intact' });
    expect(await verifyLedger(tools, head)).toMatchObject({ kind: 'broken', seq: 10 });
    // An older head that was noted on paper shows it as well, and one from before the edit cannot.
    expect(await verifyLedger(tools, middle)).toMatchObject({ kind: 'broken', seq: 7 });
    expect(await verifyLedger(tools, (await tools.audit({ afterSeq: 2, limit: 1 }))[0]!)).toMatchObject({
      kind: 'intact',
    });
  });

  test('after its end was cut differs as well, and the daemon that noticed says so for ever', async () => {
    const store = await logOf(10);
    const head = await store.tools.auditHead();
    const sqlite = await tamperer(store.path);
    sqlite.exec('delete from audit where seq > 8');
    await store.tools.apply(auditedMany(3));
    expect(await verifyLedger(store.tools, head)).toMatchObject({ kind: 'broken', seq: 10 });
    await store.tools.apply([audited({ kind: 'chain_broken', actor: 'daemon' })]);
    expect(await verifyLedger(store.tools, await store.tools.auditHead())).toMatchObject({
      kind: 'broken',
      seq: 12,
    });
  });
});

test('any one removed, doubled, swapped or replaced entry is found', async () => {
  const { tools } = await openInFolder();
  await tools.apply([
    { kind: 'add_approval', approval: approval('a') },
    { kind: 'put_approval', approval: decided('a'), expect: 'pending' },
    ...auditedMany(12),
  ]);
  const entries = await tools.audit({ afterSeq: 0, limit: 100 });
  const head = await tools.auditHead();
  const kind = fc.constantFrom('remove', 'double', 'swap', 'replace');
  await fc.assert(
    fc.asyncProperty(kind, fc.nat(11), fc.nat(11), async (how, one, other) => {
      fc.pre(one !== other);
      const edited = [...entries];
      const [a, b] = [entries[one]!, entries[other]!];
      if (how === 'remove') edited.splice(one, 1);
      if (how === 'double') edited.splice(other, 0, a);
      if (how === 'swap') [edited[one], edited[other]] = [b, a];
      if (how === 'replace') edited[one] = b;
      const verdict = await verifyEntries(edited, { start: EMPTY_AUDIT, head });
      expect(verdict.kind).toBe('broken');
      if (verdict.kind === 'broken') expect(verdict.seq).toBeLessThanOrEqual(Math.max(one, other) + 2);
    }),
  );
  expect(await verifyEntries(entries, { start: EMPTY_AUDIT, head })).toMatchObject({ entries: 12 });
});

test('through the store itself nothing can be changed, removed or put elsewhere', async () => {
  const store = await logOf(5);
  const other = (await loadSqlite())(store.path);
  try {
    for (const [statement, refusal] of [
      ['update audit set line = line', 'never changed'],
      ['delete from audit where seq = 5', 'only behind a checkpoint'],
      ['delete from audit', 'only behind a checkpoint'],
      ["insert into audit values (1, 7, 'x', 'y')", 'only ever added at the end'],
      ["insert or replace into audit values (1, 5, 'x', 'y')", 'only ever added at the end'],
    ] as const) {
      expect(() => other.exec(statement), statement).toThrow(refusal);
    }
  } finally {
    other.close();
  }
  expect(await verifyLedger(store.tools, await store.tools.auditHead())).toMatchObject({ entries: 5 });
});
