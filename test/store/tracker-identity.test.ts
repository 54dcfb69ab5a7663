// One file, several trackers: each store sees and changes only what belongs to its own.
import { expect, test } from 'vitest';
import type { DispatchMode } from '../../src/contract/controls.ts';
import type { StoreWrite } from '../../src/contract/store.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import {
  entry,
  notification,
  operatorAction,
  park,
  retry,
  runEnded,
  runStarted,
  sample,
  tokens,
} from './rows.ts';
import { openInFolder } from './store-folder.ts';

const everything = async (store: SqliteStore): Promise<unknown> => [
  await store.load(),
  await store.history({ limit: 100 }),
  await store.findIssue('DEMO-1'),
  ...(await past(store)),
];

const past = async (store: SqliteStore): Promise<unknown[]> => [
  (await store.history({ limit: 100, text: 'title' })).runs,
  await store.stats({ sinceMs: 0, untilMs: 1e12, bucketMs: null, group: 'none' }),
  await store.samples({ sinceMs: 0, untilMs: 1e12, bucketMs: 60_000 }),
  (await store.timeline({ issueId: '1', limit: 100 })).entries,
  await store.operatorActions(100),
  await store.notifications.due(1e12, 100),
  [(await store.notifications.nextDueMs()) ?? []].flat(),
];

function said(mode: DispatchMode): StoreWrite[] {
  return [
    { kind: 'put_dispatch', dispatch: { mode, by: '', reason: '', sinceMs: 1 } },
    { kind: 'operator_action', action: operatorAction({ reason: mode }) },
    { kind: 'queue_notification', notification: notification('same', { code: mode }) },
  ];
}

function spent(amount: number): StoreWrite[] {
  const issue = { issueId: '1', identifier: 'DEMO-1' };
  const figures = { ...tokens, costUsd: amount };
  const sessionUsage = { ...tokens, reportedCostUsd: amount, pendingCostUsd: 0 };
  return [
    { kind: 'put_spending', ...issue, spending: figures, sessionUsage },
    { kind: 'put_empty_runs', ...issue, emptyRuns: amount },
    { kind: 'put_day', day: { day: '2026-11-22', ...figures } },
    { kind: 'put_quota', quota: { agentKind: 'mock', untilMs: amount, detail: '', hits: 1 } },
  ];
}

test('a tracker of another kind or identity sees nothing, changes nothing, and may reuse every issue id', async () => {
  const mine = await openInFolder();
  await mine.apply([
    runStarted('ended'),
    runEnded('ended'),
    runStarted('open'),
    { kind: 'run_process', runId: 'open', process: { pid: 7, processGroup: 7, startTime: 'boot:1' } },
    { kind: 'put_retry', retry: retry('1') },
    { kind: 'put_park', park: park('1') },
    { kind: 'put_sessions_used', issueId: '1', identifier: 'DEMO-1', sessionsUsed: 4 },
    { kind: 'run_session', runId: 'open', issueId: '1', agentKind: 'mock', sessionId: 'mine' },
    ...spent(4),
    ...said('paused'),
  ]);
  await mine.record([entry()]);
  await mine.sample(sample(60_000, { running: 4 }));
  const before = await everything(mine);

  for (const tracker of [
    { kind: 'file', identity: '/other.json' },
    { kind: 'jira', identity: '/issues.json' },
  ]) {
    const other = await openInFolder({ path: mine.path, tracker });
    const nothing = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, secondsRunning: 0 };
    expect(await everything(other)).toEqual([
      {
        retries: [],
        parks: [],
        openRuns: [],
        issues: [],
        totals: nothing,
        quotas: [],
        day: null,
        dispatch: null,
      },
      { runs: [], nextCursor: null },
      null,
      ...Array.from({ length: 7 }, () => []),
    ]);
    await other.apply([
      runEnded('open', { status: 'interrupted' }),
      { kind: 'run_process', runId: 'open', process: { pid: 8, processGroup: 8, startTime: 'boot:2' } },
      { kind: 'run_session', runId: 'open', issueId: '1', agentKind: 'mock', sessionId: 'theirs' },
      { kind: 'run_workspace', runId: 'open', issueId: '1', identifier: 'DEMO-1', path: '/theirs' },
      { kind: 'delete_retry', issueId: '1' },
      { kind: 'delete_park', issueId: '1' },
      { kind: 'forget_session', issueId: '1' },
      { kind: 'forget_workspace', issueId: '1' },
      { kind: 'put_retry', retry: retry('1', { attempt: 9 }) },
      { kind: 'put_sessions_used', issueId: '1', identifier: 'DEMO-1', sessionsUsed: 9 },
      ...spent(9),
      { kind: 'delete_quota', agentKind: 'mock' },
      ...said('draining'),
    ]);
    await other.record([entry({ name: 'theirs' })]);
    await other.sample(sample(60_000, { running: 9 }));
    await other.notifications.delivered('same', 2_000);
    expect(await everything(mine)).toEqual(before);
    expect((await other.load()).retries).toEqual([retry('1', { attempt: 9 })]);
    await other.close();
  }
});

test('run ids are known across trackers, because a process marked with one was started from this database', async () => {
  const mine = await openInFolder();
  const ids = Array.from({ length: 1_100 }, (_, n) => `run-${n}`);
  await mine.apply([runStarted('run-0'), runStarted('run-1099'), runEnded('run-1099')]);
  const other = await openInFolder({ path: mine.path, tracker: { kind: 'jira', identity: 'x' } });
  expect(await other.knownRunIds([...ids, 'never'])).toEqual(new Set(['run-0', 'run-1099']));
  expect(await other.knownRunIds([])).toEqual(new Set());
});
