// Rules for the six methods that read: what is in an answer, what is left out of it, and whose it is.
import assert from 'node:assert/strict';
import type { Issue } from '../../src/contract/issue.ts';
import type { TrackerCase } from './tracker.ts';
import { assertComment, assertShape, mixedIssues, worldIssue } from './tracker-issues.ts';

const never = new AbortController().signal;
const many = 600;

export const readCases: readonly TrackerCase[] = [
  {
    name: 'candidates are the issues in active states, whole but for their comments',
    async check({ adapter }) {
      const candidates = await adapter.fetchCandidateIssues(never);
      assert.deepEqual(idsOf(candidates), ['10001', '10002']);
      candidates.forEach(assertShape);
      for (const { comments } of candidates)
        assert.equal(comments, null, 'comments of a candidate must be null');
      assertSame(find(candidates, '10001'), mixedIssues()[0]);
    },
  },
  {
    name: 'priority 0 and no priority are told apart',
    async check({ adapter }) {
      const issues = await adapter.fetchIssuesByStates(['In Progress', 'In Review'], never);
      assert.equal(find(issues, '10002').priority, 0);
      assert.equal(find(issues, '10003').priority, null);
    },
  },
  {
    name: 'blockers come with their state',
    async check({ adapter }) {
      const { blockedBy } = await adapter.fetchIssueById('10002', never);
      assert.deepEqual(
        blockedBy.map(({ identifier, state }) => ({ identifier, state })),
        [{ identifier: 'DEMO-4', state: 'Done' }],
      );
    },
  },
  {
    name: 'an issue by id has its comments, oldest first',
    async check({ adapter }) {
      const issue = await adapter.fetchIssueById('10001', never);
      assertShape(issue);
      assertSame(issue, mixedIssues()[0]);
      assert.deepEqual(
        issue.comments?.map(({ body }) => body),
        ['comment 1', 'comment 2', 'comment 3'],
      );
    },
  },
  {
    name: 'an issue by id without comments has [], not null',
    async check({ adapter }) {
      assert.deepEqual((await adapter.fetchIssueById('10003', never)).comments, []);
    },
  },
  {
    name: 'comments alone are the same, oldest first, [] when there are none',
    async check({ adapter }) {
      const comments = await adapter.fetchIssueComments('10001', never);
      comments.forEach(assertComment);
      assert.deepEqual(
        comments.map(({ body }) => body),
        ['comment 1', 'comment 2', 'comment 3'],
      );
      assert.deepEqual(await adapter.fetchIssueComments('10003', never), []);
    },
  },
  {
    name: 'states are compared without regard to case and returned as the tracker writes them',
    async check({ adapter }) {
      const issues = await adapter.fetchIssuesByStates(['dONE', 'in review'], never);
      assert.deepEqual(idsOf(issues), ['10003', '10004']);
      assert.equal(find(issues, '10004').state, 'Done');
      issues.forEach(assertShape);
    },
  },
  {
    name: 'issues of a state that none has are []',
    async check({ adapter, setState }) {
      await setState('10004', 'To Do');
      assert.deepEqual(await adapter.fetchIssuesByStates(['Done'], never), []);
    },
  },
  {
    name: 'states by ids leave out what is unknown',
    async check({ adapter }) {
      const states = await adapter.fetchIssueStatesByIds(['10001', '99999', 'no such id', '10004'], never);
      assert.deepEqual(sorted(states), [
        ['10001', 'To Do'],
        ['10004', 'Done'],
      ]);
    },
  },
  {
    name: 'states by identifiers are keyed as asked and leave out what is unknown',
    async check({ adapter }) {
      const states = await adapter.fetchIssueStatesByIdentifiers(['DEMO-2', 'DEMO-999', 'DEMO-3'], never);
      assert.deepEqual(sorted(states), [
        ['DEMO-2', 'In Progress'],
        ['DEMO-3', 'In Review'],
      ]);
    },
  },
  {
    name: 'asking twice for one issue answers once',
    async check({ adapter }) {
      const states = await adapter.fetchIssueStatesByIds(['10001', '10001'], never);
      assert.deepEqual(sorted(states), [['10001', 'To Do']]);
      assert.equal((await adapter.fetchIssuesByStates(['Done', 'done'], never)).length, 1);
    },
  },
  {
    name: 'nothing asked is nothing answered, without a request',
    async check({ adapter, fail }) {
      await fail();
      assert.deepEqual(await adapter.fetchIssuesByStates([], never), []);
      assert.deepEqual(await adapter.fetchIssueStatesByIds([], never), new Map());
      assert.deepEqual(await adapter.fetchIssueStatesByIdentifiers([], never), new Map());
    },
  },
  {
    name: 'what people change is seen at the next call',
    async check({ adapter, setState, removeIssue }) {
      assert.deepEqual(idsOf(await adapter.fetchCandidateIssues(never)), ['10001', '10002']);
      await setState('10003', 'In Progress');
      await removeIssue('10001');
      assert.deepEqual(idsOf(await adapter.fetchCandidateIssues(never)), ['10002', '10003']);
      assert.deepEqual(sorted(await adapter.fetchIssueStatesByIds(['10001', '10003'], never)), [
        ['10003', 'In Progress'],
      ]);
    },
  },
  {
    name: `${many} issues are returned each once, and so are their states`,
    issues: () => Array.from({ length: many }, (_, index) => worldIssue(index + 1)),
    async check({ adapter }) {
      const candidates = await adapter.fetchCandidateIssues(never);
      const ids = Array.from({ length: many }, (_, index) => String(10_001 + index));
      assert.deepEqual(idsOf(candidates), ids);
      const states = await adapter.fetchIssueStatesByIds(ids, never);
      assert.deepEqual([...states.keys()].sort(), ids);
      const identifiers = candidates.map(({ identifier }) => identifier);
      const byIdentifier = await adapter.fetchIssueStatesByIdentifiers(identifiers, never);
      assert.deepEqual([...byIdentifier.keys()].sort(), identifiers.toSorted());
    },
  },
  {
    name: 'a world without issues is empty, not wrong',
    issues: () => [],
    async check({ adapter }) {
      assert.deepEqual(await adapter.fetchCandidateIssues(never), []);
      assert.deepEqual(await adapter.fetchIssueStatesByIds(['10001'], never), new Map());
    },
  },
  {
    name: 'an answer is the caller’s own: changing it changes no later answer',
    async check({ adapter }) {
      const spoil = (issue: Issue): void => {
        Object.assign(issue, { state: 'spoilt', priority: 99 });
        (issue.labels as string[]).push('spoilt');
        (issue.blockedBy as unknown[]).length = 0;
        (issue.comments as unknown[] | null)?.splice(0);
      };
      (await adapter.fetchCandidateIssues(never)).forEach(spoil);
      spoil(await adapter.fetchIssueById('10001', never));
      (await adapter.fetchIssueComments('10001', never)).splice(0);
      (await adapter.fetchIssueStatesByIds(['10001'], never)).clear();
      const issue = await adapter.fetchIssueById('10001', never);
      assertSame(issue, mixedIssues()[0]);
      assert.equal(issue.comments?.length, 3);
      assert.equal((await adapter.fetchIssueById('10002', never)).blockedBy.length, 1);
    },
  },
  {
    name: 'calls may run at the same time',
    async check({ adapter }) {
      const rounds = Array.from({ length: 8 }, async () => {
        const [candidates, issue, states, comments] = await Promise.all([
          adapter.fetchCandidateIssues(never),
          adapter.fetchIssueById('10002', never),
          adapter.fetchIssueStatesByIds(['10004'], never),
          adapter.fetchIssueComments('10001', never),
        ]);
        assert.deepEqual(idsOf(candidates), ['10001', '10002']);
        assert.equal(issue.identifier, 'DEMO-2');
        assert.equal(states.get('10004'), 'Done');
        assert.equal(comments.length, 3);
      });
      await Promise.all(rounds);
    },
  },
];

function assertSame(actual: Issue, expected: Issue | undefined): void {
  assert.ok(expected);
  for (const key of ['id', 'identifier', 'title', 'description', 'state', 'priority'] as const) {
    assert.equal(actual[key], expected[key], `${key} of ${expected.identifier}`);
  }
  const labels = expected.labels.map((label) => label.toLowerCase());
  assert.deepEqual(actual.labels.toSorted(), labels.toSorted(), `labels of ${expected.identifier}`);
}

function find(issues: readonly Issue[], id: string): Issue {
  const issue = issues.find((candidate) => candidate.id === id);
  assert.ok(issue, `issue ${id} is missing`);
  return issue;
}

function idsOf(issues: readonly Issue[]): string[] {
  return issues.map(({ id }) => id).sort();
}

function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
