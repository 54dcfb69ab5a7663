// Real Jira's habits, on a site that has them: any name, any page size, lagging indexes, moved issues, bad logins.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  account,
  addIssue,
  addIssues,
  addProject,
  basicSite,
  botId,
  standardSite,
} from '../../../loopback-jira/index.ts';
import { attach, loopback } from './loopback.ts';
import { failure, never } from './jira-context.ts';

it('finds the issues of a status whatever it is called', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .map((text) => text.trim())
    .filter((text) => text !== '' && text.isWellFormed() && !/\p{Cc}/u.test(text));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(name, fc.constantFrom('Ready "QA"', 'a\\', '\\"', "'", 'DO', 'null', ')')),
      async (status) => {
        const state = standardSite();
        addProject(state, 'PROJ', { statuses: [status, 'Closed for good'] });
        const issue = addIssue(state, 'PROJ', { status });
        const jira = await loopback({ state });
        const { tracker } = attach(jira, { activeStates: [status] });
        expect((await tracker.fetchCandidateIssues(never)).map(({ state: found }) => found)).toEqual([
          status,
        ]);
        expect(await tracker.countIssuesByStates([status], never)).toBe(1);
        await tracker.transitionIssue(issue.id, 'Closed for good', { from: [status] }, never);
        expect(await tracker.fetchCandidateIssues(never)).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});

it('puts any label on, reads it in lower case, and takes it off again', async () => {
  const state = basicSite();
  const { id } = addIssue(state, 'PROJ', { labels: ['kept'] });
  const { tracker } = attach(await loopback({ state }));
  const label = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .filter((text) => text.isWellFormed() && !/[\s\p{Cc}]/u.test(text) && text.toLowerCase() !== 'kept');
  await fc.assert(
    fc.asyncProperty(label, async (text) => {
      await tracker.addLabels(id, [text], never);
      expect((await tracker.fetchIssueById(id, never)).labels).toEqual(['kept', text.toLowerCase()]);
      await tracker.removeLabels(id, [text.toLowerCase()], never);
      expect(state.issue(id).labels).toEqual(['kept']);
    }),
    { numRuns: 40 },
  );
});

it.each(['DO', 'AND', 'ORDER', 'P2'])('reads the project %s', async (key) => {
  const state = standardSite();
  addProject(state, key);
  addIssue(state, key, { status: 'In Progress' });
  const { tracker } = attach(await loopback({ state }), { project: key });
  expect((await tracker.fetchCandidateIssues(never)).length).toBe(1);
});

it('returns each issue once, whatever the page sizes and the ends of pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 130 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('always', 'never', 'alternate'),
      fc.constantFrom('absent', 'null', 'empty'),
      async (count, size, isLast, lastToken) => {
        const state = basicSite();
        addIssues(state, 'PROJ', count, () => ({ status: 'In Progress' }));
        const jira = await loopback({ state, settings: { shortPages: () => size, isLast, lastToken } });
        const { tracker } = attach(jira, { settings: { max_candidate_pages: 1000 } });
        const keys = [...state.issues.values()].map(({ key }) => key).sort();
        const candidates = await tracker.fetchCandidateIssues(never);
        expect(candidates.map(({ identifier }) => identifier).sort()).toEqual(keys);
        const streamed: string[] = [];
        for await (const page of tracker.streamCandidateIssues(never)) {
          streamed.push(...page.map(({ identifier }) => identifier));
        }
        expect(streamed.sort()).toEqual(keys);
      },
    ),
    { numRuns: 20 },
  );
});

it('knows its own transition at once, although the index lags', async () => {
  const state = basicSite();
  const issues = addIssues(state, 'PROJ', 3, () => ({ status: 'In Progress' }));
  const jira = await loopback({ state, settings: { indexLagMs: 60_000 } });
  const { tracker } = attach(jira);
  const [moved, ...others] = issues.map(({ id }) => id);
  await tracker.transitionIssue(moved ?? '', 'In Review', {}, never);
  expect(await tracker.fetchIssuesByStates(['In Review'], never)).toEqual([]);
  expect(await tracker.fetchIssueStatesByIds([moved ?? '', ...others], never)).toEqual(
    new Map([[moved, 'In Review'], ...others.map((id) => [id, 'In Progress'] as const)]),
  );
});

it('follows an issue that was moved to another project by its id, and by its old key', async () => {
  const state = basicSite();
  addProject(state, 'OTHER');
  const { id, key } = addIssue(state, 'PROJ', { status: 'In Progress' });
  const stays = addIssue(state, 'PROJ', { status: 'In Progress' });
  const jira = await loopback({ state });
  const { tracker } = attach(jira);
  jira.people.relocate(id, 'OTHER');
  expect((await tracker.fetchIssueById(id, never)).identifier).toBe('OTHER-1');
  expect(await tracker.fetchIssueStatesByIdentifiers([key, stays.key], never)).toEqual(
    new Map([
      [key, 'In Progress'],
      [stays.key, 'In Progress'],
    ]),
  );
  expect((await tracker.fetchCandidateIssues(never)).map((issue) => issue.id)).toEqual([stays.id]);
});

it('takes expired credentials for an error, never for an empty project', async () => {
  const state = basicSite();
  const { id } = addIssue(state, 'PROJ', { status: 'In Progress' });
  const accounts = [account({ accountId: botId })];
  const jira = await loopback({ state, accounts });
  const { tracker } = attach(jira);
  await tracker.fetchCandidateIssues(never);
  for (const one of jira.accounts) one.expired = true;
  const calls = [
    () => tracker.fetchCandidateIssues(never),
    () => tracker.fetchIssuesByStates(['Done'], never),
    () => tracker.fetchIssueStatesByIds([id], never),
    () => tracker.fetchIssueById(id, never),
  ];
  for (const call of calls) expect((await failure(call())).kind).toBe('tracker_auth_error');
});

it('takes a token that the site does not know at all for an error, at its first question', async () => {
  const jira = await loopback({ accounts: [account({ accountId: botId, kind: 'scoped' })] });
  const { tracker } = attach(jira);
  expect((await failure(tracker.fetchCandidateIssues(never))).kind).toBe('tracker_auth_error');
});

it('reads documents as Markdown when asked to', async () => {
  const state = basicSite();
  const { id } = addIssue(state, 'PROJ');
  const jira = await loopback({ state });
  const { tracker } = attach(jira, { richText: 'markdown' });
  await tracker.updateIssue(id, { description: '## Plan\n\n- one\n- two\n\n`code`' }, never);
  await tracker.addComment(id, '**bold** words', never);
  const issue = await tracker.fetchIssueById(id, never);
  expect(issue.description).toContain('## Plan');
  expect(issue.description).toMatch(/- one\n+- two/);
  expect(issue.comments?.[0]?.body).toBe('**bold** words');
});
