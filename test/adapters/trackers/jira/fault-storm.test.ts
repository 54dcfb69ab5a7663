// Everything that can happen to an answer, at random: a call gives the whole truth or a TrackerError, never a part.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TRACKER_ERROR_KINDS, TrackerError } from '../../../../src/contract/tracker.ts';
import { addIssues, basicSite, type Fault } from '../../../loopback-jira/index.ts';
import { attach, loopback } from './loopback.ts';
import { never } from './jira-context.ts';

const faults: readonly Fault[] = [
  { kind: 'status', status: 400, body: { errorMessages: ['Nein'] } },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 410, text: 'gone' },
  { kind: 'html', status: 200 },
  { kind: 'truncated-json' },
  { kind: 'bad-gzip' },
  { kind: 'reset', at: 'middle' },
  { kind: 'repeat-page-token' },
];

it('gives whole results or errors under a storm of faults', async () => {
  const state = basicSite();
  const issues = addIssues(state, 'PROJ', 130, (index) => ({
    status: index % 2 ? 'In Progress' : 'Selected for Development',
  }));
  const commented = issues[0]?.id ?? '';
  const jira = await loopback({ state, settings: { shortPages: () => 30 }, seed: 7 });
  for (let number = 0; number < 70; number += 1) jira.people.comment(commented, `comment ${number}`);
  const { tracker } = attach(jira);
  const ids = issues.map(({ id }) => id).sort();
  let whole = 0;
  let failed = 0;
  const check = async (job: () => Promise<unknown>, expected: unknown): Promise<void> => {
    try {
      expect(await job()).toEqual(expected);
      whole += 1;
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      expect(TRACKER_ERROR_KINDS).toContain(error.kind);
      expect(error.message).not.toMatch(/[\r\n]|secret-token/);
      failed += 1;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...faults), fc.integer({ min: 1, max: 5 }), async (fault, at) => {
      const sorted = async (list: Promise<readonly { id: string }[]>): Promise<string[]> =>
        (await list).map(({ id }) => id).sort();
      const jobs: [() => Promise<unknown>, unknown][] = [
        [() => sorted(tracker.fetchCandidateIssues(never)), ids],
        [async () => [...(await tracker.fetchIssueStatesByIds(ids, never)).keys()].sort(), ids],
        [async () => (await tracker.fetchIssueById(commented, never)).comments?.length, 70],
        [async () => (await tracker.fetchIssueComments(commented, never)).length, 70],
      ];
      for (const [job, expected] of jobs) {
        const placed = jira.faults.add({ requests: at, fault });
        await check(job, expected);
        placed.remove();
      }
    }),
    { numRuns: 24 },
  );
  expect(whole).toBeGreaterThan(10);
  expect(failed).toBeGreaterThan(10);
});
