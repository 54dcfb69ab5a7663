// Rules for looks at single issues and for counts, where the adapter has them: what is there is found whatever its state,
// what is not is said to be missing, and no text in the place of an identifier asks for anything else.
import assert from 'node:assert/strict';
import type { TrackerAdapter } from '../../src/contract/tracker.ts';
import { canCount, canFindIssue, canTestCandidates } from '../../src/contract/tracker-capabilities.ts';
import type { TrackerCase } from './tracker.ts';
import { rejectsWith } from './tracker-failures.ts';
import { assertShape } from './tracker-issues.ts';

const never = new AbortController().signal;
const unknown = { id: '99999', identifier: 'DEMO-999' };

/** What people paste, and what they might try. */
const notIdentifiers = [
  '',
  ' ',
  'DEMO',
  '10001',
  '../DEMO-1',
  'DEMO-1/comment',
  'DEMO-1?fields=id',
  'DEMO-1#',
  'DEMO-999" OR key = "DEMO-1',
  'DEMO-1\nDEMO-2',
  '..',
  '\ud800',
];

/** A method and a question that it can answer; null = the adapter does not have it. */
type Look = (adapter: TrackerAdapter, signal: AbortSignal) => Promise<unknown> | null;

const looks: Readonly<Record<string, Look>> = {
  fetchIssueByIdentifier: (adapter, signal) =>
    canFindIssue(adapter) ? adapter.fetchIssueByIdentifier('DEMO-1', signal) : null,
  isCandidate: (adapter, signal) =>
    canTestCandidates(adapter) ? adapter.isCandidate({ id: '10001', identifier: 'DEMO-1' }, signal) : null,
  countIssuesByStates: (adapter, signal) =>
    canCount(adapter) ? adapter.countIssuesByStates(['To Do'], signal) : null,
};

export const lookCases: readonly TrackerCase[] = [
  {
    name: 'an issue is found by its identifier in any case, whatever its state',
    async check({ adapter }) {
      if (!canFindIssue(adapter)) return;
      for (const [identifier, id, state] of [
        ['DEMO-1', '10001', 'To Do'],
        ['demo-3', '10003', 'In Review'],
        ['Demo-4', '10004', 'Done'],
      ] as const) {
        const issue = await adapter.fetchIssueByIdentifier(identifier, never);
        assertShape(issue);
        assert.deepEqual(
          { id: issue.id, identifier: issue.identifier, state: issue.state },
          { id, identifier: identifier.toUpperCase(), state },
        );
      }
    },
  },
  {
    name: 'an identifier that no issue has is tracker_not_found, and so is anything that cannot be one',
    async check({ adapter, removeIssue }) {
      if (!canFindIssue(adapter)) return;
      await removeIssue('10002');
      for (const identifier of [unknown.identifier, 'DEMO-2', ...notIdentifiers]) {
        await rejectsWith(adapter.fetchIssueByIdentifier(identifier, never), 'tracker_not_found');
      }
    },
  },
  {
    name: 'an issue is a candidate exactly while a read of the candidates holds it',
    async check({ adapter, setState, removeIssue }) {
      if (!canTestCandidates(adapter)) return;
      const refs = [1, 2, 3, 4].map((number) => ({ id: `1000${number}`, identifier: `DEMO-${number}` }));
      const agrees = async (): Promise<void> => {
        const candidates = new Set((await adapter.fetchCandidateIssues(never)).map(({ id }) => id));
        for (const ref of refs) {
          assert.equal(await adapter.isCandidate(ref, never), candidates.has(ref.id), ref.identifier);
        }
      };
      await agrees();
      await setState('10001', 'In Review');
      await setState('10003', 'In Progress');
      await removeIssue('10002');
      await agrees();
    },
  },
  {
    name: 'an issue that is not there is no candidate',
    async check({ adapter }) {
      if (!canTestCandidates(adapter)) return;
      assert.equal(await adapter.isCandidate(unknown, never), false);
      for (const identifier of notIdentifiers) {
        assert.equal(await adapter.isCandidate({ id: 'no such id', identifier }, never), false, identifier);
      }
    },
  },
  {
    name: 'issues are counted by their states, in any case',
    async check({ adapter, setState }) {
      if (!canCount(adapter)) return;
      assert.equal(await adapter.countIssuesByStates(['in review'], never), 1);
      assert.equal(await adapter.countIssuesByStates(['To Do', 'Done', 'to do'], never), 2);
      await setState('10001', 'In Review');
      assert.equal(await adapter.countIssuesByStates(['In Review'], never), 2);
      assert.equal(await adapter.countIssuesByStates(['To Do'], never), 0);
    },
  },
  {
    name: 'a count of no states is 0, without a request',
    async check({ adapter, fail }) {
      if (!canCount(adapter)) return;
      await fail();
      assert.equal(await adapter.countIssuesByStates([], never), 0);
    },
  },
  ...Object.entries(looks).map(([method, look]): TrackerCase => ({
    name: `${method} fails whole when the tracker does, and works again when it does`,
    async check({ adapter, fail, heal }) {
      await fail();
      const answer = look(adapter, never);
      if (answer === null) return;
      await rejectsWith(answer);
      await heal();
      await look(adapter, never);
    },
  })),
  ...Object.entries(looks).map(([method, look]): TrackerCase => ({
    name: `${method} ends as an abort when its signal has fired`,
    async check({ adapter }) {
      const answer = look(adapter, AbortSignal.abort());
      if (answer !== null) await assert.rejects(answer, { name: 'AbortError' });
    },
  })),
];
