// What was spent: of an issue, of the session that would be resumed, on a day; and until when an agent is not asked.
import { expect, test } from 'vitest';
import type { StoredSessionUsage, StoreWrite } from '../../src/contract/store.ts';
import { runStarted } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const spending = { inputTokens: 500, outputTokens: 50, cacheReadTokens: 100, costUsd: 0.1 + 0.2 };
const usage: StoredSessionUsage = {
  inputTokens: 300,
  outputTokens: 30,
  cacheReadTokens: 60,
  reportedCostUsd: 0.1,
  pendingCostUsd: 0.07,
};
const issue = { issueId: '1', identifier: 'DEMO-1' };
const session = (sessionId: string, agentKind = 'mock'): StoreWrite => ({
  kind: 'run_session',
  runId: 'r',
  issueId: '1',
  agentKind,
  sessionId,
});
const spent = (sessionUsage: StoredSessionUsage | null = usage): StoreWrite => ({
  kind: 'put_spending',
  ...issue,
  spending,
  sessionUsage,
});

test('spending is remembered to the last bit, by itself as well', async () => {
  const store = await openInFolder();
  await store.apply([spent(null)]);
  await store.close();
  const again = await openInFolder({ path: store.path });
  expect((await again.load()).issues).toMatchObject([{ ...issue, spending, sessionUsage: null }]);
  expect(await again.findIssue('DEMO-1')).toMatchObject({ spending });
});

test('the usage of a session goes on with the session and ends with it', async () => {
  const store = await openInFolder();
  const usageNow = async () => (await store.findIssue('DEMO-1'))?.sessionUsage;
  await store.apply([runStarted('r'), session('s-1'), spent()]);
  await store.apply([session('s-1')]);
  expect(await usageNow()).toEqual(usage);

  await store.apply([session('s-2')]);
  expect(await usageNow(), 'another session').toBeNull();
  await store.apply([spent()]);
  await store.apply([session('s-2', 'codex')]);
  expect(await usageNow(), 'the same name, of another agent').toBeNull();

  await store.apply([spent()]);
  await store.apply([{ kind: 'forget_session', issueId: '1' }]);
  expect(await usageNow()).toBeNull();
  expect(await store.findIssue('DEMO-1')).toMatchObject({ sessionId: null, spending });
});

test('a fresh allowance of an issue without session or workspace leaves nothing to recover', async () => {
  const store = await openInFolder();
  const nothing = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
  await store.apply([spent(null), { kind: 'put_empty_runs', ...issue, emptyRuns: 2 }]);
  await store.apply([{ kind: 'put_spending', ...issue, spending: nothing, sessionUsage: null }]);
  expect((await store.load()).issues).toMatchObject([{ ...issue, emptyRuns: 2, spending: nothing }]);
  await store.apply([{ kind: 'put_empty_runs', ...issue, emptyRuns: 0 }]);
  expect((await store.load()).issues).toEqual([]);
});

test('the newest day is loaded, and only the last 400 are kept', async () => {
  const { store, database } = await openBelow();
  const day = (number: number) => new Date(Date.UTC(2025, 0, 1 + number)).toISOString().slice(0, 10);
  const writes = Array.from({ length: 450 }, (_, number): StoreWrite => ({
    kind: 'put_day',
    day: { day: day(number), ...spending, inputTokens: number },
  }));
  await store.apply(writes);
  await store.apply([{ kind: 'put_day', day: { day: day(448), ...spending } }]);
  expect((await store.load()).day).toEqual({ day: day(449), ...spending, inputTokens: 449 });
  const kept = database.sqlite.prepare('select day from days order by day').all();
  expect(kept).toHaveLength(400);
  expect(kept[0]).toMatchObject({ day: day(50) });
});

test('days and quotas are those of the tracker that the store was opened for', async () => {
  const store = await openInFolder();
  const quota = { agentKind: 'claude-code', untilMs: 9_000, detail: 'five_hour', hits: 2 };
  await store.apply([
    { kind: 'put_day', day: { day: '2026-11-22', ...spending } },
    { kind: 'put_quota', quota: { ...quota, untilMs: 1, hits: 1 } },
    { kind: 'put_quota', quota },
    { kind: 'delete_quota', agentKind: 'codex' },
  ]);
  expect((await store.load()).quotas).toEqual([quota]);
  await store.close();
  const other = await openInFolder({ path: store.path, tracker: { kind: 'file', identity: '/other.json' } });
  expect(await other.load()).toMatchObject({ quotas: [], day: null });
  await other.apply([{ kind: 'delete_quota', agentKind: 'claude-code' }]);
  await other.close();
  const again = await openInFolder({ path: store.path });
  expect((await again.load()).quotas).toEqual([quota]);
});
