// Rules for what goes wrong: one class of error with a known kind and one line of text, nothing half-filled, and
// an aborted call that ends as an abort.
import assert from 'node:assert/strict';
import { TRACKER_ERROR_KINDS, type TrackerAdapter } from '../../src/contract/tracker.ts';
import type { TrackerCase } from './tracker.ts';

const never = new AbortController().signal;

/** Every method, asked for something that exists. */
const requests: Readonly<Record<string, (adapter: TrackerAdapter, signal: AbortSignal) => Promise<unknown>>> =
  {
    fetchCandidateIssues: (adapter, signal) => adapter.fetchCandidateIssues(signal),
    fetchIssueById: (adapter, signal) => adapter.fetchIssueById('10001', signal),
    fetchIssuesByStates: (adapter, signal) => adapter.fetchIssuesByStates(['Done'], signal),
    fetchIssueStatesByIds: (adapter, signal) => adapter.fetchIssueStatesByIds(['10001'], signal),
    fetchIssueStatesByIdentifiers: (adapter, signal) =>
      adapter.fetchIssueStatesByIdentifiers(['DEMO-1'], signal),
    fetchIssueComments: (adapter, signal) => adapter.fetchIssueComments('10001', signal),
    transitionIssue: (adapter, signal) => adapter.transitionIssue('10001', 'In Review', {}, signal),
  };

export const failureCases: readonly TrackerCase[] = [
  {
    name: 'an unknown id is tracker_not_found for the issue, its comments and a transition',
    async check({ adapter }) {
      await rejectsWith(adapter.fetchIssueById('99999', never), 'tracker_not_found');
      await rejectsWith(adapter.fetchIssueComments('99999', never), 'tracker_not_found');
      await rejectsWith(adapter.transitionIssue('99999', 'Done', {}, never), 'tracker_not_found');
    },
  },
  {
    name: 'a removed issue is tracker_not_found',
    async check({ adapter, removeIssue }) {
      await removeIssue('10001');
      await rejectsWith(adapter.fetchIssueById('10001', never), 'tracker_not_found');
    },
  },
  ...Object.entries(requests).map(([method, request]): TrackerCase => ({
    name: `${method} fails whole when the tracker does, and works again when it does`,
    async check({ adapter, fail, heal, stateOf }) {
      await fail();
      await rejectsWith(request(adapter, never));
      await heal();
      assert.equal(await stateOf('10001'), 'To Do', 'a failed call must change nothing');
      await request(adapter, never);
    },
  })),
  ...Object.entries(requests).map(([method, request]): TrackerCase => ({
    name: `${method} ends as an abort when its signal has fired, and changes nothing`,
    async check({ adapter, stateOf }) {
      const controller = new AbortController();
      controller.abort();
      await assert.rejects(request(adapter, controller.signal), { name: 'AbortError' });
      assert.equal(await stateOf('10001'), 'To Do');
    },
  })),
  {
    name: 'an abort while a call is under way ends it as an abort, or lets it answer',
    async check({ adapter, stateOf }) {
      for (const request of Object.values(requests)) {
        const controller = new AbortController();
        const answer = request(adapter, controller.signal);
        controller.abort();
        await answer.catch((error: unknown) => {
          assert.equal(error instanceof Error && error.name, 'AbortError');
        });
      }
      assert.match(await stateOf('10001'), /^(?:To Do|In Review)$/);
      assert.equal((await adapter.fetchIssueById('10002', never)).state, 'In Progress');
    },
  },
];

/** Checks the error's class, kind and text; by name, because a third party may bring its own copy of the class. */
export async function rejectsWith(answer: Promise<unknown>, kind?: string): Promise<void> {
  await assert.rejects(answer, (error: unknown) => {
    assert.ok(
      error instanceof Error && error.name === 'TrackerError',
      `must be a TrackerError, is ${String(error)}`,
    );
    const found = (error as Error & { kind?: unknown }).kind;
    assert.ok(
      TRACKER_ERROR_KINDS.some((known) => known === found),
      `unknown kind ${String(found)}`,
    );
    if (kind !== undefined) assert.equal(found, kind, error.message);
    const start = `tracker: ${String(found)}: `;
    assert.ok(error.message.startsWith(start), `the message must begin with "${start}", is ${error.message}`);
    assert.match(
      error.message.slice(start.length),
      /^\S+ \S.*: \S/,
      'the rest must be "<method> <path>: <detail>"',
    );
    assert.doesNotMatch(error.message, /[\r\n]/, 'the message must be one line');
    return true;
  });
}
