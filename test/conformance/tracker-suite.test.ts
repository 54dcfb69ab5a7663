// The suite itself: its names are unique, and an adapter that breaks one rule fails the case that holds it. A suite
// that cannot fail would tell third parties that anything is fine.
import { expect, it } from 'vitest';
import { TrackerError, type TrackerAdapter } from '../../src/contract/tracker.ts';
import {
  canCount,
  canFindIssue,
  type CandidateTestCapability,
  type CommentCapability,
  type CountCapability,
  canKeyComments,
  type FindIssueCapability,
  type KeyedCommentCapability,
} from '../../src/contract/tracker-capabilities.ts';
import { fileWorld } from '../adapters/trackers/file/file-world.ts';
import { trackerConformance } from './index.ts';

/** Makes `adapter` break one rule. */
type Sabotage = (
  adapter: TrackerAdapter,
) => Partial<TrackerAdapter & Looks & CommentCapability & KeyedCommentCapability>;
type Looks = CandidateTestCapability & CountCapability & FindIssueCapability;

let later: () => Promise<unknown> = () => Promise.resolve();

const sabotages: Readonly<Record<string, { readonly fails: string; readonly change: Sabotage }>> = {
  'comments on candidates': {
    fails: 'candidates are the issues in active states',
    change: (adapter) => ({
      fetchCandidateIssues: async (signal) =>
        (await adapter.fetchCandidateIssues(signal)).map((issue) => ({ ...issue, comments: [] })),
    }),
  },
  'null for no comments by id': {
    fails: 'without comments has [], not null',
    change: (adapter) => ({
      fetchIssueById: async (id, signal) => ({
        ...(await adapter.fetchIssueById(id, signal)),
        comments: null,
      }),
    }),
  },
  'case-sensitive states': {
    fails: 'compared without regard to case',
    change: (adapter) => ({
      fetchIssuesByStates: async (states, signal) =>
        (await adapter.fetchIssuesByStates(states, signal)).filter(({ state }) => states.includes(state)),
    }),
  },
  'a request for nothing': {
    fails: 'nothing asked is nothing answered',
    change: (adapter) => ({
      fetchIssueStatesByIds: async (ids, signal) => {
        await adapter.fetchCandidateIssues(signal);
        return adapter.fetchIssueStatesByIds(ids, signal);
      },
    }),
  },
  'unknown ids with a state of ""': {
    fails: 'states by ids leave out what is unknown',
    change: (adapter) => ({
      fetchIssueStatesByIds: async (ids, signal) =>
        new Map([
          ...ids.map((id) => [id, ''] as const),
          ...(await adapter.fetchIssueStatesByIds(ids, signal)),
        ]),
    }),
  },
  'only one page': {
    fails: '600 issues are returned each once',
    change: (adapter) => ({
      fetchCandidateIssues: async (signal) => (await adapter.fetchCandidateIssues(signal)).slice(0, 50),
    }),
  },
  'the cached answer itself': {
    fails: 'an answer is the caller’s own',
    change: (adapter) => {
      const cache = adapter.fetchIssueById('10001', new AbortController().signal);
      return {
        fetchIssueById: (id, signal) => (id === '10001' ? cache : adapter.fetchIssueById(id, signal)),
      };
    },
  },
  'an error of no known kind': {
    fails: 'an unknown id is tracker_not_found',
    change: () => ({ fetchIssueById: () => Promise.reject(new Error('not found')) }),
  },
  'an error in two lines': {
    fails: 'fetchCandidateIssues fails whole',
    change: (adapter) => ({
      fetchCandidateIssues: (signal) =>
        adapter.fetchCandidateIssues(signal).catch(() => {
          const facts = { method: 'GET', path: '/x', detail: 'two\nlines' };
          throw new TrackerError({ kind: 'tracker_api_error', ...facts });
        }),
    }),
  },
  'half an answer instead of a failure': {
    fails: 'fetchIssuesByStates fails whole',
    change: (adapter) => ({
      fetchIssuesByStates: (states, signal) => adapter.fetchIssuesByStates(states, signal).catch(() => []),
    }),
  },
  'deaf to signals': {
    fails: 'transitionIssue ends as an abort',
    change: (adapter) => ({
      transitionIssue: (id, state, options) =>
        adapter.transitionIssue(id, state, options, new AbortController().signal),
    }),
  },
  '`from` not looked at': {
    fails: '`from` refuses when a person has moved the issue',
    change: (adapter) => ({
      transitionIssue: (id, state, _, signal) => adapter.transitionIssue(id, state, {}, signal),
    }),
  },
  'identifiers compared with regard to case': {
    fails: 'found by its identifier in any case',
    change: (adapter) => ({
      fetchIssueByIdentifier: async (identifier, signal) => {
        const issue = await looker(adapter).fetchIssueByIdentifier(identifier, signal);
        if (issue.identifier === identifier) return issue;
        const facts = { method: 'GET', path: '/x', detail: 'none' };
        throw new TrackerError({ kind: 'tracker_not_found', ...facts });
      },
    }),
  },
  'an identifier that is cut where it stops looking like one': {
    fails: 'an identifier that no issue has is tracker_not_found',
    change: (adapter) => ({
      fetchIssueByIdentifier: (identifier, signal) =>
        looker(adapter).fetchIssueByIdentifier(/^[A-Z]+-\d+/.exec(identifier)?.[0] ?? '', signal),
    }),
  },
  'every issue a candidate that is not terminal': {
    fails: 'an issue is a candidate exactly while',
    change: (adapter) => ({
      isCandidate: async ({ id }, signal) => (await adapter.fetchIssueById(id, signal)).state !== 'Done',
    }),
  },
  'a candidate test that fails for what is gone': {
    fails: 'an issue that is not there is no candidate',
    change: (adapter) => ({
      isCandidate: async ({ id }, signal) => {
        await adapter.fetchIssueById(id, signal);
        return true;
      },
    }),
  },
  'a count by the case of the letters': {
    fails: 'issues are counted by their states, in any case',
    change: (adapter) => ({
      countIssuesByStates: async (states, signal) => {
        const issues = await adapter.fetchIssuesByStates(states, signal);
        return issues.filter(({ state }) => states.includes(state)).length;
      },
    }),
  },
  'a request to count nothing': {
    fails: 'a count of no states is 0, without a request',
    change: (adapter) => ({
      countIssuesByStates: async (_, signal) => (await adapter.fetchCandidateIssues(signal)).length,
    }),
  },
  'a count that is 0 when the tracker does not answer': {
    fails: 'countIssuesByStates fails whole',
    change: (adapter) => ({
      countIssuesByStates: (states, signal) =>
        looker(adapter)
          .countIssuesByStates(states, signal)
          .catch(() => 0),
    }),
  },
  'a key that is forgotten': {
    fails: 'a comment with a key is found again',
    change: () => ({ findKeyedComment: () => Promise.resolve(null) }),
  },
  'any comment for any key': {
    fails: 'a comment with a key is found again',
    change: (adapter) => ({
      findKeyedComment: async (id, _, signal) =>
        (await adapter.fetchIssueComments(id, signal)).at(-1)?.id ?? null,
    }),
  },
  'the first comment for the key of the second': {
    fails: 'same text are told apart',
    change: (adapter) => ({
      findKeyedComment: async (id, _, signal) =>
        (await adapter.fetchIssueComments(id, signal))[0]?.id ?? null,
    }),
  },
  'doubt where there is none': {
    fails: 'on an unknown issue is tracker_not_found, and surely not written',
    change: () => ({
      addKeyedComment: () => {
        const facts = { method: 'POST', path: '/x', detail: 'none', applied: 'unknown' } as const;
        return Promise.reject(new TrackerError({ kind: 'tracker_not_found', ...facts }));
      },
    }),
  },
  'a refused transition that may have been applied': {
    fails: 'a transition that is refused says',
    change: (adapter) => ({
      transitionIssue: (id, state, options, signal) =>
        adapter.transitionIssue(id, state, options, signal).catch(() => {
          const facts = { method: 'POST', path: '/x', detail: 'none', applied: 'unknown' } as const;
          throw new TrackerError({ kind: 'tracker_payload_error', ...facts });
        }),
    }),
  },
  'a failed comment that is written later': {
    fails: 'a comment with a key that fails with the tracker',
    change: (adapter) => ({
      addKeyedComment: async (id, body, key, signal) => {
        const failed = await keyed(adapter)
          .addKeyedComment(id, body, key, signal)
          .catch((error: unknown) => error);
        later = () => keyed(adapter).addKeyedComment(id, body, key, signal);
        throw failed;
      },
      fetchIssueComments: async (id, signal) => {
        await later();
        return adapter.fetchIssueComments(id, signal);
      },
    }),
  },
  'a comment that loses its line ends': {
    fails: 'a comment is added at the end',
    change: (adapter) => ({
      addComment: (id: string, body: string, signal: AbortSignal) =>
        (adapter as unknown as { addComment(...given: unknown[]): Promise<string> }).addComment(
          id,
          body.replace(/\n/g, ' '),
          signal,
        ),
    }),
  },
};

function keyed(adapter: TrackerAdapter): KeyedCommentCapability {
  if (canKeyComments(adapter)) return adapter;
  throw new Error('the file tracker has lost a capability');
}

function looker(adapter: TrackerAdapter): FindIssueCapability & CountCapability {
  if (canFindIssue(adapter) && canCount(adapter)) return adapter;
  throw new Error('the file tracker has lost a capability');
}

it('names each case once', () => {
  const names = trackerConformance(fileWorld()).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it.each(Object.entries(sabotages))('fails an adapter with %s', async (_, { fails, change }) => {
  const world = fileWorld((adapter) => {
    const broken: object = change(adapter);
    return new Proxy(adapter, {
      get: (target, name) => {
        const value: unknown = name in broken ? Reflect.get(broken, name) : Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  });
  const cases = trackerConformance(world).filter(({ name }) => name.includes(fails));
  expect(cases).toHaveLength(1);
  await expect(cases[0]?.run()).rejects.toThrow();
});
