// An operator's word from the door to the core and back, and explanations of issues that nobody here knows. The core
// is the real one; the tracker is a map.

import { expect, it } from 'vitest';
import {
  TrackerError,
  type ControlName,
  type ControlRequest,
  type Issue,
  type StoredIssue,
} from '../../src/contract/index.ts';
import { NOTHING_STORED } from '../core/driver.ts';
import { issue } from '../core/issues.ts';
import { aDaemon, rest, type DaemonChange } from './a-daemon.ts';

const never = new AbortController().signal;
const away = (): Promise<never> =>
  Promise.reject(
    new TrackerError({ kind: 'tracker_transport_error', method: 'GET', path: '/', detail: 'away' }),
  );

function word(control: ControlName, identifier: string | null = null): ControlRequest {
  return { control, identifier, word: { by: 'ada', reason: 'because' } };
}

/** A tracker that knows issues by identifier, too. */
function finder(issues: readonly Issue[]) {
  return {
    fetchIssueByIdentifier: (identifier: string) => {
      const found = issues.find((one) => one.identifier.toLowerCase() === identifier.toLowerCase());
      if (found !== undefined) return Promise.resolve(found);
      return Promise.reject(
        new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: identifier, detail: 'gone' }),
      );
    },
    isCandidate: () => Promise.resolve(false),
  };
}

async function started(change: DaemonChange & { readonly tracker?: object } = {}) {
  const made = aDaemon(change);
  await made.daemon.start();
  await rest();
  return made;
}

it('is refused before recovery and after the end, and asks nobody for it', async () => {
  const { daemon, calls } = aDaemon();
  expect(await daemon.control(word('pause'), never)).toMatchObject({ code: 'snapshot_unavailable' });
  expect(await daemon.explain('X-1', never)).toMatchObject({ code: 'snapshot_unavailable' });
  await daemon.start();
  await rest();
  calls.length = 0;
  daemon.requestShutdown(Infinity);
  await daemon.finished;
  expect(await daemon.control(word('pause'), never)).toMatchObject({ code: 'draining' });
  expect(calls).toEqual([]);
});

it('is answered once it is durable, and logged with who and why', async () => {
  const { daemon, writes, notices } = await started();
  expect(await daemon.control(word('pause'), never)).toMatchObject({ kind: 'accepted' });
  expect(writes).toContainEqual(
    expect.objectContaining({ kind: 'put_dispatch', dispatch: expect.objectContaining({ mode: 'paused' }) }),
  );
  expect(writes).toContainEqual(
    expect.objectContaining({
      kind: 'operator_action',
      action: expect.objectContaining({ control: 'pause', by: 'ada', reason: 'because' }),
    }),
  );
  expect(notices).toContainEqual({
    kind: 'operator_acted',
    control: 'pause',
    issue: null,
    by: 'ada',
    reason: 'because',
  });
  expect(daemon.view.snapshot()?.dispatch).toMatchObject({ mode: 'paused', by: 'ada' });
});

it('is answered only when the store has taken it; meanwhile further words are refused', async () => {
  const { daemon, store, clock } = await started();
  store.full = true;
  let answer: unknown = null;
  void daemon.control(word('pause'), never).then((given) => (answer = given));
  await rest();
  expect(answer).toBeNull();
  expect(await daemon.control(word('drain'), never)).toMatchObject({ code: 'store_failed' });
  store.full = false;
  clock.pass(10_000);
  await rest();
  expect(answer).toMatchObject({ kind: 'accepted' });
});

it('says that it was taken when whoever asks cannot wait for the store', async () => {
  const { daemon, store } = await started();
  store.full = true;
  const patience = new AbortController();
  const answer = daemon.control(word('pause'), patience.signal);
  await rest();
  patience.abort();
  expect(await answer).toMatchObject({ code: 'store_failed', message: expect.stringContaining('was taken') });
  expect(daemon.view.snapshot()?.dispatch.mode).toBe('paused');
});

it('is seen by whoever looks right after the answer', async () => {
  const { daemon } = await started();
  expect(daemon.view.snapshot()?.dispatch.mode).toBe('running');
  await daemon.control(word('pause'), never);
  expect(daemon.view.snapshot()?.dispatch.mode).toBe('paused');
});

it('is refused at once when the core has broken', async () => {
  const step = (): never => {
    throw new Error('a bug');
  };
  const { daemon } = aDaemon({ parts: { step } });
  await daemon.start();
  expect(await daemon.finished).toBe('broken');
  expect(await daemon.control(word('pause'), never)).toMatchObject({ kind: 'refused' });
});

it('finds an issue that was never read, by its identifier in any case, and holds it', async () => {
  const unread = issue('77', { identifier: 'OLD-7', state: 'Backlog' });
  const { daemon } = await started({ tracker: finder([unread]) });
  expect(await daemon.control(word('hold', 'old-7'), never)).toMatchObject({ kind: 'accepted' });
  await rest();
  expect(daemon.view.issue('OLD-7')).toMatchObject({ issueId: '77', park: { reason: 'held' } });
  expect(await daemon.control(word('unhold', 'OLD-7'), never)).toMatchObject({ kind: 'accepted' });
});

it('says so of an issue that the tracker does not know', async () => {
  const { daemon } = await started({ tracker: finder([]) });
  const answer = await daemon.control(word('hold', 'NOPE-1'), never);
  expect(answer).toMatchObject({ kind: 'refused', code: 'issue_not_found' });
  expect(answer).toMatchObject({ message: expect.stringContaining('NOPE-1') });
});

it('says so when the tracker had to be asked and did not answer', async () => {
  const { daemon } = await started({ tracker: { fetchIssueByIdentifier: away } as object });
  expect(await daemon.control(word('hold', 'X-1'), never)).toMatchObject({ code: 'tracker_failed' });
  expect(await daemon.explain('X-1', never)).toMatchObject({ kind: 'failed', code: 'tracker_failed' });
});

it('reads an issue by id before it is dispatched at an operator’s word', async () => {
  const one = issue('1', {
    identifier: 'ONE-1',
    blockedBy: [{ id: '2', identifier: 'TWO-2', state: 'Todo' }],
  });
  const { daemon, calls, clock, notices } = await started({ issues: [one] });
  expect(daemon.view.snapshot()?.running).toEqual([]);
  calls.length = 0;
  expect(await daemon.control(word('dispatch', 'ONE-1'), never)).toMatchObject({ kind: 'accepted' });
  expect(calls).toEqual(['by id 1']);
  clock.pass(1);
  await rest();
  expect(notices.map(({ kind }) => kind)).toContain('dispatched');
});

it('does not start what no candidate read would bring: another project, or outside of the filter', async () => {
  const foreign = issue('8', { identifier: 'OTHER-8' });
  const { daemon, notices } = await started({ issues: [], tracker: finder([foreign]) });
  const answer = await daemon.control(word('dispatch', 'OTHER-8'), never);
  expect(answer).toMatchObject({ kind: 'refused', code: 'invalid_state' });
  expect(answer).toMatchObject({ message: expect.stringContaining('tracker.project') });
  expect(notices.map(({ kind }) => kind)).not.toContain('dispatched');
});

it('does not act for whoever was told meanwhile that no answer came, even when the tracker does', async () => {
  const unread = issue('77', { identifier: 'OLD-7', state: 'Backlog' });
  let answer: (found: Issue) => void = () => undefined;
  const slow = { fetchIssueByIdentifier: () => new Promise<Issue>((resolve) => (answer = resolve)) };
  const { daemon, writes } = await started({ tracker: slow as object });
  const patience = new AbortController();
  const asked = daemon.control(word('hold', 'OLD-7'), patience.signal);
  const failed = expect(asked).rejects.toThrow('too late');
  patience.abort(new Error('too late'));
  answer(unread);
  await failed;
  await rest();
  expect(writes.map(({ kind }) => kind)).not.toContain('put_park');
});

it('explains what the core knows without asking the tracker', async () => {
  const one = issue('1', {
    identifier: 'ONE-1',
    blockedBy: [{ id: '2', identifier: 'TWO-2', state: 'Todo' }],
  });
  const { daemon, calls } = await started({ issues: [one] });
  calls.length = 0;
  const answer = await daemon.explain('one-1', never);
  expect(answer).toMatchObject({ kind: 'explained', explanation: { verdict: 'blocked_by', issueId: '1' } });
  expect(calls).toEqual([]);
});

it('explains a moved issue under its old identifier as the one that it is', async () => {
  const one = issue('1', {
    identifier: 'NEW-1',
    blockedBy: [{ id: '2', identifier: 'TWO-2', state: 'Todo' }],
  });
  const old = {
    fetchIssueByIdentifier: () => Promise.resolve(one),
    isCandidate: () => Promise.resolve(true),
  };
  const { daemon } = await started({ issues: [one], tracker: old });
  expect(await daemon.explain('OLD-1', never)).toMatchObject({
    explanation: { issueIdentifier: 'NEW-1', verdict: 'blocked_by' },
  });
});

it('explains an issue that the filter leaves out, and one that does not exist', async () => {
  const hidden = issue('5', { identifier: 'HID-5' });
  const { daemon } = await started({ tracker: finder([hidden]) });
  expect(await daemon.explain('HID-5', never)).toMatchObject({ explanation: { verdict: 'filtered_out' } });
  expect(await daemon.explain('NOPE-1', never)).toMatchObject({ explanation: { verdict: 'not_found' } });
});

it('explains what the store alone remembers where the tracker cannot find by identifier', async () => {
  const done = issue('9', { identifier: 'DONE-9', state: 'Done' });
  const stored = { issueId: '9', identifier: 'DONE-9' } as StoredIssue;
  const store = {
    load: () => Promise.resolve(NOTHING_STORED),
    apply: () => Promise.resolve(),
    findIssue: (identifier: string) => Promise.resolve(identifier === 'done-9' ? stored : null),
  };
  const { daemon } = await started({ issues: [done], parts: { store } });
  expect(await daemon.explain('done-9', never)).toMatchObject({ explanation: { verdict: 'state_terminal' } });
  expect(await daemon.explain('nope-1', never)).toMatchObject({ explanation: { verdict: 'not_found' } });
});
