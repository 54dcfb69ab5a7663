// What is remembered of an issue, and how it is found by the key that people know.
import { expect, test } from 'vitest';
import { nothingRemembered, runEnded, runStarted } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

const remembered = {
  ...nothingRemembered,
  issueId: '1',
  workspacePath: '/w/DEMO-1',
  sessionId: 's-1',
  sessionAgentKind: 'mock',
};

test('workspace and session of the last run are remembered until they are forgotten', async () => {
  const store = await openInFolder();
  await store.apply([
    runStarted('r'),
    { kind: 'run_workspace', runId: 'r', issueId: '1', identifier: 'DEMO-1', path: '/w/DEMO-1' },
    { kind: 'run_session', runId: 'r', issueId: '1', agentKind: 'mock', sessionId: 's-1' },
    runEnded('r'),
  ]);
  const issue = { ...remembered, identifier: 'DEMO-1' };
  expect((await store.load()).issues).toEqual([issue]);
  expect(await store.findIssue('demo-1')).toEqual(issue);

  await store.apply([{ kind: 'forget_session', issueId: '1' }]);
  const withoutSession = { ...issue, sessionId: null, sessionAgentKind: null };
  expect((await store.load()).issues).toEqual([withoutSession]);

  await store.apply([{ kind: 'forget_workspace', issueId: '1' }]);
  expect((await store.load()).issues, 'nothing left that recovery needs').toEqual([]);
  expect(await store.findIssue('DEMO-1')).toEqual({ ...withoutSession, workspacePath: null });
});

test('an issue that took another identifier is found by both; one that was never seen by none', async () => {
  let now = 0;
  const store = await openInFolder({ now: () => (now += 1) });
  await store.apply([runStarted('r1', { identifier: 'OLD-1' }), runEnded('r1')]);
  await store.apply([runStarted('r2', { identifier: 'Änd-1' }), runEnded('r2')]);
  for (const identifier of ['old-1', 'änd-1', 'ÄND-1']) {
    expect(await store.findIssue(identifier)).toMatchObject({ issueId: '1', identifier: 'Änd-1' });
  }
  expect(await store.findIssue('OLD-2')).toBeNull();
});

test('of two issues that had the same identifier the one that was written last is meant', async () => {
  let now = 0;
  const store = await openInFolder({ now: () => (now += 1) });
  for (const issueId of ['9', '10', '2']) {
    await store.apply([{ kind: 'put_sessions_used', issueId, identifier: 'DEMO-1', sessionsUsed: 1 }]);
  }
  expect(await store.findIssue('DEMO-1')).toMatchObject({ issueId: '2' });
});

test('an issue of which only a run is left is found through the run', async () => {
  const { store, database } = await openBelow();
  await store.apply([runStarted('r'), runEnded('r')]);
  database.sqlite.exec('delete from issues');
  const issue = { ...nothingRemembered, issueId: '1', identifier: 'DEMO-1' };
  expect(await store.findIssue('demo-1')).toEqual(issue);
});
