// Lists of proposals and writes: their order, their filters, and pages that miss and repeat nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Approval, ApprovalQuery } from '../../src/contract/approval.ts';
import { OUTBOX_STATUSES, type OutboxQuery, type OutboxWrite } from '../../src/contract/outbox.ts';
import type { ToolLedger } from '../../src/contract/tool-ledger.ts';
import { partStatement } from '../../src/store/read-approvals.ts';
import { writesStatement } from '../../src/store/read-outbox.ts';
import { approval, decided, outboxWrite } from './ledger-rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

async function addAll(
  tools: ToolLedger,
  approvals: readonly Approval[],
  writes: readonly OutboxWrite[] = [],
): Promise<void> {
  await tools.apply([
    ...approvals.map((one) => ({ kind: 'add_approval', approval: one }) as const),
    ...writes.map((write) => ({ kind: 'add_write', write }) as const),
  ]);
}

async function allApprovals(tools: ToolLedger, query: Omit<ApprovalQuery, 'cursor'>): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await tools.approvals({ ...query, cursor });
    expect(page.approvals.length).toBeLessThanOrEqual(query.limit);
    found.push(...ids(page.approvals));
    cursor = page.nextCursor;
  }
  return found;
}

async function allWrites(tools: ToolLedger, query: Omit<OutboxQuery, 'cursor'>): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await tools.writes({ ...query, cursor });
    found.push(...ids(page.writes));
    cursor = page.nextCursor;
  }
  return found;
}

test('pending ones come first, the oldest of them first; then the decided, newest first; in pages of any size', async () => {
  const { tools } = await openInFolder();
  await addAll(tools, [
    approval('new', { requestedAtMs: 3_000 }),
    decided('early', { decidedAtMs: 100 }),
    approval('old', { requestedAtMs: 1_000 }),
    decided('late', { decidedAtMs: 9_000, status: 'rejected' }),
    approval('old too', { requestedAtMs: 1_000 }),
    decided('expired', { decidedAtMs: 5_000, status: 'expired' }),
  ]);
  for (const limit of [1, 2, 3, 4, 6, 500]) {
    const all = await allApprovals(tools, { limit });
    expect(all, `pages of ${limit}`).toEqual(['old', 'old too', 'new', 'late', 'expired', 'early']);
    expect(await allApprovals(tools, { limit, status: 'pending' })).toEqual(['old', 'old too', 'new']);
    expect(await allApprovals(tools, { limit, status: 'rejected' })).toEqual(['late']);
  }
});

test('what is not settled is what waits, and what was approved and has no end yet', async () => {
  const { tools } = await openInFolder();
  const result = { status: 'done', message: '', issues: [] } as const;
  await addAll(tools, [
    approval('waits', { requestedAtMs: 5_000 }),
    decided('owed', { decidedAtMs: 100 }),
    decided('applying', { decidedAtMs: 200, result: { ...result, status: 'applying' } }),
    decided('done', { decidedAtMs: 300, result }),
    decided('rejected', { decidedAtMs: 400, status: 'rejected' }),
  ]);
  expect(ids(await tools.unsettledApprovals())).toEqual(['owed', 'applying', 'waits']);
});

test('a proposal that is decided between two pages is not missed', async () => {
  const { tools } = await openInFolder();
  await addAll(tools, [
    approval('a'),
    approval('b', { requestedAtMs: 2_000 }),
    decided('z', { decidedAtMs: 1 }),
  ]);
  const first = await tools.approvals({ limit: 1 });
  await tools.apply([{ kind: 'put_approval', approval: decided('b'), expect: 'pending' }]);
  const rest = await tools.approvals({ limit: 10, cursor: first.nextCursor ?? '' });
  expect([...ids(first.approvals), ...ids(rest.approvals)]).toEqual(['a', 'b', 'z']);
});

test('by issue without regard to case, by run, and both', async () => {
  const { tools } = await openInFolder();
  await addAll(tools, [
    approval('a', { issueIdentifier: 'ÄB-1', runId: 'r1' }),
    decided('b', { issueIdentifier: 'äb-1', runId: 'r2' }),
    decided('c', { runId: 'r2' }),
  ]);
  expect(await allApprovals(tools, { limit: 1, identifier: 'Äb-1' })).toEqual(['a', 'b']);
  expect(await allApprovals(tools, { limit: 1, runId: 'r2' })).toEqual(['c', 'b']);
  expect(await allApprovals(tools, { limit: 1, runId: 'r2', identifier: 'ÄB-1' })).toEqual(['b']);
});

test('the next run is told of what was decided and nobody was told of, oldest first and at most 50', async () => {
  const { tools } = await openInFolder();
  await addAll(tools, [
    approval('pending'),
    decided('told', { toldRunId: 'run-1' }),
    decided('of another issue', { issueId: '2' }),
    decided('late', { decidedAtMs: 5_000, status: 'expired' }),
    decided('early', { decidedAtMs: 3_000, status: 'rejected' }),
  ]);
  expect(ids(await tools.untold('1'))).toEqual(['early', 'late']);
  const told = decided('early', { decidedAtMs: 3_000, status: 'rejected', toldRunId: 'run-2' });
  await tools.apply([{ kind: 'put_approval', approval: told, expect: 'rejected' }]);
  expect(ids(await tools.untold('1'))).toEqual(['late']);
  await addAll(
    tools,
    Array.from({ length: 60 }, (_, n) => decided(`many ${n}`)),
  );
  expect(await tools.untold('1')).toHaveLength(50);
});

test('open writes come in the order of their recording, all others newest first; in pages of any size', async () => {
  const { tools } = await openInFolder();
  const other = { id: '2', identifier: 'DEMO-2' };
  const all = OUTBOX_STATUSES.flatMap((status, n) => [
    outboxWrite(`${status}`, { status, approvalId: n === 0 ? 'p' : null }),
    outboxWrite(`${status} of 2`, { status, issue: other, approvalId: n === 3 ? 'p' : null }),
  ]);
  await addAll(tools, [], all);
  const open = ['waiting', 'waiting of 2', 'sending', 'sending of 2', 'unsure', 'unsure of 2'];
  expect(ids(await tools.openWrites())).toEqual(open);
  expect(ids(await tools.writesOf('p'))).toEqual(['waiting', 'done of 2']);
  for (const limit of [1, 2, 5, 500]) {
    expect(await allWrites(tools, { limit })).toEqual(open);
    expect(await allWrites(tools, { limit, status: 'open' })).toEqual(open);
    expect(await allWrites(tools, { limit, status: 'all' })).toEqual(ids(all).reverse());
    expect(await allWrites(tools, { limit, status: 'done' })).toEqual(['done of 2', 'done']);
    expect(await allWrites(tools, { limit, identifier: 'demo-2' })).toEqual(
      open.filter((id) => id.endsWith('of 2')),
    );
  }
});

test('what is no cursor of ours is refused, whatever it is', async () => {
  const { tools } = await openInFolder();
  await addAll(tools, [approval('a'), approval('b')], [outboxWrite('w'), outboxWrite('v')]);
  const ofApprovals = (await tools.approvals({ limit: 1 })).nextCursor ?? '';
  const ofWrites = (await tools.writes({ limit: 1 })).nextCursor ?? '';
  await expect(tools.writes({ limit: 1, cursor: ofApprovals })).rejects.toMatchObject({
    kind: 'invalid_cursor',
  });
  await expect(tools.approvals({ limit: 1, cursor: ofWrites })).rejects.toMatchObject({
    kind: 'invalid_cursor',
  });
  await fc.assert(
    fc.asyncProperty(fc.string(), async (cursor) => {
      await expect(tools.approvals({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'invalid_cursor' });
      await expect(tools.writes({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'invalid_cursor' });
    }),
  );
});

test('a page of no size or of too large a size is a mistake of the caller', async () => {
  const { tools } = await openInFolder();
  for (const limit of [0, -1, 1.5, 501]) {
    await expect(tools.approvals({ limit })).rejects.toThrow(RangeError);
    await expect(tools.writes({ limit })).rejects.toThrow(RangeError);
  }
  await expect(tools.audit({ afterSeq: 0, limit: 1_001 })).rejects.toThrow(RangeError);
});

test('every list walks the index that is made for it', async () => {
  const { database } = await openBelow();
  const { db, sqlite } = database;
  const place = { part: 'decided', placeMs: 1, id: 'a' } as const;
  const cursor = Buffer.from('w:7').toString('base64url');
  const expected: [{ compile(): { sql: string; parameters: readonly unknown[] } }, string, boolean][] = [
    [partStatement(db, 1, { limit: 1 }, 'pending', null), 'approvals_by_status', false],
    [partStatement(db, 1, { limit: 1 }, 'decided', place), 'approvals_by_place', false],
    [partStatement(db, 1, { limit: 1, status: 'rejected' }, 'decided', place), 'approvals_by_status', false],
    [partStatement(db, 1, { limit: 1, identifier: 'a' }, 'decided', place), 'approvals_by_identifier', false],
    [partStatement(db, 1, { limit: 1, runId: 'a' }, 'decided', null), 'approvals_by_run', false],
    // Only the few that are open are put in order; a page of the rest costs what a page holds.
    [writesStatement(db, 1, { limit: 1 }), 'outbox_by_status', true],
    [writesStatement(db, 1, { limit: 1, cursor }), 'outbox_by_status', true],
    [writesStatement(db, 1, { limit: 1, status: 'all', cursor }), 'outbox_in_order', false],
    [writesStatement(db, 1, { limit: 1, status: 'done', cursor }), 'outbox_by_status', false],
  ];
  for (const [statement, index, sorts] of expected) {
    const { sql, parameters } = statement.compile();
    const plan = (sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[])
      .map(({ detail }) => detail)
      .join('; ');
    expect(plan).toContain(`USING INDEX ${index} (`);
    expect(plan.includes('TEMP B-TREE'), plan).toBe(sorts);
  }
});

test('the writes around an issue are looked up, not looked for', async () => {
  const { database } = await openBelow();
  const { sql, parameters } = writesStatement(database.db, 1, {
    limit: 1,
    status: 'all',
    identifier: 'a',
    cursor: Buffer.from('w:7').toString('base64url'),
  }).compile();
  const rows = database.sqlite.prepare(`explain query plan ${sql}`).all(...parameters);
  const plan = (rows as { detail: string }[]).map(({ detail }) => detail).join('; ');
  expect(plan).toContain('outbox_by_identifier (tracker_id=? AND identifier_key=?)');
  expect(plan).toContain('outbox_by_run (tracker_id=? AND run_id=?)');
  expect(plan).toContain('runs_by_identifier (tracker_id=? AND identifier_key=?)');
  expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
});
