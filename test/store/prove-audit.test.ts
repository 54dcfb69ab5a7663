// The whole proof of an audit log: who removes entries together with the head file leaves traces, and each is found; what
// nobody touched is intact, also while it is written to and forgotten.
import { expect, test } from 'vitest';
import type { LedgerChange } from '../../src/contract/tool-ledger.ts';
import type { HeadFinding, SqliteStore } from '../../src/store/index.ts';
import { auditGuards } from '../../src/store/migration-0004.ts';
import { loadSqlite, type SqliteDatabase } from '../../src/store/sqlite-module.ts';
import { tamperer } from './audit-chain.ts';
import { approval, audited, auditedMany, auditFacts, outboxWrite } from './ledger-rows.ts';
import { openInFolder } from './store-folder.ts';

const absent: HeadFinding = { kind: 'absent' };

function recorded(id: string, atMs = auditFacts().atMs, endedAtMs = atMs): LedgerChange[] {
  const write = outboxWrite(id, { status: 'done', requestedAtMs: atMs, endedAtMs });
  return [{ kind: 'add_write', write }, audited({ kind: 'write_recorded', writeId: id, atMs })];
}

/** As a daemon keeps it. */
async function begun(...changes: readonly LedgerChange[]): Promise<SqliteStore> {
  const store = await openInFolder();
  await store.tools.beginAudit();
  await store.tools.apply(changes);
  return store;
}

async function headOf(store: SqliteStore): Promise<HeadFinding> {
  return { kind: 'found', head: await store.tools.auditHead(), at: '' };
}

/** As somebody does who knows how: nothing is in his way, and afterwards the triggers are as they were. */
async function quietly(store: SqliteStore, change: (sqlite: SqliteDatabase) => void): Promise<void> {
  const sqlite = await tamperer(store.path);
  change(sqlite);
  for (const guard of auditGuards) sqlite.exec(guard);
}

test('a log that nobody touched is intact, and a database that no daemon has opened has none yet', async () => {
  const fresh = await openInFolder();
  expect(await fresh.proveAudit({ beside: absent })).toEqual({
    verdict: expect.objectContaining({ kind: 'intact', entries: 0 }) as object,
    warnings: ['there is no head file beside the database, and no entry yet'],
  });
  expect(await fresh.tools.auditTraces()).toEqual({ isBegun: false, gone: null, unguarded: null });
  const store = await begun(...auditedMany(3), ...recorded('a'), ...recorded('b'));
  expect(await store.proveAudit({ beside: await headOf(store) })).toEqual({
    verdict: expect.objectContaining({ kind: 'intact', entries: 5 }) as object,
    warnings: [],
  });
  await store.tools.beginAudit();
  expect(await store.tools.auditTraces()).toEqual({ isBegun: true, gone: null, unguarded: null });
});

test.for<[string, readonly LedgerChange[], string]>([
  ['all entries', [...auditedMany(3), ...recorded('a')], 'delete from audit'],
  [
    'everything but a proposal',
    [{ kind: 'add_approval', approval: approval('p') }, ...auditedMany(2)],
    'delete from audit; delete from audit_start',
  ],
  ['everything but the mark', [...auditedMany(2), ...recorded('a')], 'delete from audit; delete from outbox'],
  ['the last entry', auditedMany(3), 'delete from audit where seq = 3'],
])(
  '%s may not be gone with the head file, unless a head that was kept elsewhere fits',
  async ([, changes, statements]) => {
    const store = await begun(...changes);
    await quietly(store, (sqlite) => sqlite.exec(statements));
    const { verdict } = await store.proveAudit({ beside: absent });
    expect(verdict).toMatchObject({ kind: 'broken', seq: 0 });
    const untouched = await begun(...auditedMany(3));
    const kept = await untouched.tools.auditHead();
    expect(await untouched.proveAudit({ beside: absent })).toMatchObject({ verdict: { kind: 'broken' } });
    expect(await untouched.proveAudit({ beside: absent, kept })).toMatchObject({
      verdict: { kind: 'intact' },
      warnings: [],
    });
    const unreadable: HeadFinding = { kind: 'broken', problem: '/x.audit-head: not a JSON object' };
    const unread = (await untouched.proveAudit({ beside: unreadable })).verdict;
    expect(unread).toMatchObject({
      kind: 'broken',
      problem: expect.stringContaining('not a JSON object') as string,
    });
  },
);

test('a write without its entry is found, though chain, triggers and head are made to fit', async () => {
  const store = await begun(...recorded('a'), ...recorded('b'), ...recorded('c'));
  await quietly(store, (sqlite) => sqlite.exec('delete from audit where seq = 3'));
  const { verdict } = await store.proveAudit({ beside: await headOf(store) });
  expect(verdict).toMatchObject({
    kind: 'broken',
    seq: 0,
    problem: expect.stringMatching(/^a write of the outbox/) as string,
  });
  const many = await begun(...recorded('a'), ...recorded('b'), ...recorded('c'));
  await quietly(many, (sqlite) => sqlite.exec('delete from audit'));
  expect(await many.proveAudit({ beside: await headOf(many) })).toMatchObject({
    verdict: { kind: 'broken', problem: expect.stringMatching(/^3 writes of the outbox/) as string },
  });
});

test('writes whose entries were forgotten are no finding, those after them are', async () => {
  const start = auditFacts().atMs;
  const late = start + 10_000_000;
  // The first has ended late, so that it is kept longer than its entry.
  const store = await begun(
    ...recorded('old', start, late),
    ...recorded('new', late),
    ...recorded('newer', late),
  );
  await store.tools.forgetAudit(start + 1, late);
  expect((await store.tools.auditStart()).seq).toBe(1);
  expect(await store.proveAudit({ beside: await headOf(store) })).toMatchObject({
    verdict: { kind: 'intact' },
  });
  await store.tools.apply([{ kind: 'add_write', write: outboxWrite('unsaid') }]);
  expect(await store.proveAudit({ beside: await headOf(store) })).toMatchObject({
    verdict: { kind: 'broken' },
  });
});

test.for<[string, (sqlite: SqliteDatabase) => void, RegExp]>([
  ['a dropped trigger', (sqlite) => sqlite.exec('drop trigger audit_keeps'), /: audit_keeps is gone$/],
  [
    'one that guards nothing',
    (sqlite) =>
      sqlite.exec(
        'drop trigger audit_keeps; create trigger audit_keeps before delete on audit when 0 begin select 1; end',
      ),
    /: audit_keeps was changed$/,
  ],
  [
    'one that swallows entries',
    (sqlite) => sqlite.exec('create trigger hush before insert on audit begin select raise(ignore); end'),
    /: hush is not ours$/,
  ],
  ['a dropped table', (sqlite) => sqlite.exec('drop table audit'), /no table audit any more$/],
  ['another dropped table', (sqlite) => sqlite.exec('drop table outbox'), /no table outbox any more$/],
])('%s is found, also where all entries are there', async ([, change, problem]) => {
  const store = await begun(...auditedMany(3));
  const beside = await headOf(store);
  const sqlite = (await loadSqlite())(store.path);
  try {
    change(sqlite);
  } finally {
    sqlite.close();
  }
  const { verdict } = await store.proveAudit({ beside });
  expect(verdict).toMatchObject({
    kind: 'broken',
    seq: 0,
    problem: expect.stringMatching(problem) as string,
  });
});

test('a place that is no number of ours is a finding, not a failure', async () => {
  for (const place of ['9223372036854775807', '9007199254740993']) {
    const store = await begun(...auditedMany(3));
    const beside = await headOf(store);
    await quietly(store, (sqlite) => sqlite.exec(`update audit set seq = ${place} where seq = 3`));
    expect(await store.proveAudit({ beside }), place).toMatchObject({ verdict: { kind: 'broken', seq: 3 } });
    expect((await store.tools.auditHead()).seq).toBe(Number.MAX_SAFE_INTEGER);
  }
});

test('what is written, ended and forgotten meanwhile is no finding', async () => {
  const store = await begun();
  for (let n = 0; n < 30; n += 1)
    await store.tools.apply(Array.from({ length: 40 }, (_, m) => recorded(`${n}-${m}`)).flat());
  const beside = await headOf(store);
  const busy = (async () => {
    for (let n = 0; n < 40; n += 1) await store.tools.apply(recorded(`more-${n}`));
    await store.tools.forgetEnded(auditFacts().atMs + 1);
  })();
  expect(await store.proveAudit({ beside })).toMatchObject({ verdict: { kind: 'intact' } });
  await busy;
  expect(await store.proveAudit({ beside })).toMatchObject({ verdict: { kind: 'intact' } });
});

test('a caller that is gone ends the reading', async () => {
  const store = await begun(...auditedMany(3));
  const gone = new AbortController();
  gone.abort(new Error('nobody waits'));
  await expect(store.proveAudit({ beside: absent, signal: gone.signal })).rejects.toThrow('nobody waits');
});
