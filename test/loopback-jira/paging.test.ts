// Pages of a search: each issue once whatever the page sizes, tokens bound to their query, and the site's odd
// habits with the last page. Comments page by offset, with a cap.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, keysOf, search, withJira } from './client.ts';
import { addIssue, addIssues, basicSite, startLoopbackJira, type LoopbackJira } from './index.ts';

let jira: LoopbackJira;

beforeAll(async () => {
  const state = basicSite();
  addIssues(state, 'PROJ', 60, (index) => ({
    priority: ['Highest', 'Low', null][index % 3] ?? null,
    createdMs: 1_700_000_000_000 + (index % 7) * 1000,
  }));
  jira = await startLoopbackJira({ state, seed: 7 });
});

afterAll(() => jira.close());

it('gives each issue once, in order, for any page size, short pages or not', async () => {
  const jql = 'project = PROJ ORDER BY priority DESC, created ASC';
  const whole = await keysOf(jira, jql, 5000);
  expect(new Set(whole).size).toBe(60);
  const size = fc.integer({ min: 1, max: 70 });
  const shortness = fc.constantFrom('never' as const, 'random' as const, () => 1);
  await fc.assert(
    fc.asyncProperty(size, shortness, async (maxResults, shortPages) => {
      jira.settings.shortPages = shortPages;
      expect(await keysOf(jira, jql, maxResults)).toEqual(whole);
    }),
    { numRuns: 12 },
  );
  jira.settings.shortPages = 'never';
});

it('gives only ids by default, 50 of them, and says on every page whether it is the last', async () => {
  const { json } = await search(jira, 'project = PROJ');
  expect(json.issues).toHaveLength(50);
  expect(Object.keys(json.issues[0])).toEqual(['id']);
  expect(json.isLast).toBe(false);
  const last = await search(jira, 'project = PROJ', `&nextPageToken=${json.nextPageToken}`);
  expect(last.json.issues).toHaveLength(10);
  expect(last.json.isLast).toBe(true);
  expect(last.json).not.toHaveProperty('nextPageToken');
});

it('can leave out isLast, and end with a null or an empty token', async () => {
  jira.settings.isLast = 'never';
  for (const [lastToken, expected] of [
    ['null', null],
    ['empty', ''],
    ['absent', undefined],
  ] as const) {
    jira.settings.lastToken = lastToken;
    const { json } = await search(jira, 'project = PROJ', '&maxResults=5000');
    expect(json).not.toHaveProperty('isLast');
    expect(json.nextPageToken).toBe(expected);
  }
  jira.settings.isLast = 'always';
});

it('refuses a token of another query, and one that it never gave', async () => {
  const { json } = await search(jira, 'project = PROJ');
  expect((await search(jira, 'status = Backlog', `&nextPageToken=${json.nextPageToken}`)).status).toBe(400);
  expect((await search(jira, 'project = PROJ', '&nextPageToken=abc')).status).toBe(400);
});

it('goes on after the last issue of a page although that one has left the result', async () => {
  await withJira({}, async (own) => {
    addIssues(own.state, 'PROJ', 5);
    const jql = 'project = PROJ AND status = Backlog ORDER BY key ASC';
    const first = await search(own, jql, '&maxResults=2&fields=key');
    own.people.move('PROJ-2', 'Done');
    const next = await search(own, jql, `&fields=key&nextPageToken=${first.json.nextPageToken}`);
    expect(next.json.issues.map(({ key }: { key: string }) => key)).toEqual(['PROJ-3', 'PROJ-4', 'PROJ-5']);
  });
});

it('pages comments by offset, never more than 100, in either direction', async () => {
  const { key } = addIssue(jira.state, 'PROJ');
  for (let index = 0; index < 130; index += 1) jira.people.comment(key, `number ${index}`);
  const page = await call(jira, `/issue/${key}/comment?maxResults=500&startAt=20&orderBy=created`);
  expect(page.json).toMatchObject({ startAt: 20, maxResults: 100, total: 130 });
  expect(page.json.comments).toHaveLength(100);
  expect(page.json.comments[0].body.content[0].content[0].text).toBe('number 20');
  const newest = await call(jira, `/issue/${key}/comment?maxResults=1&orderBy=-created`);
  expect(newest.json.comments[0].body.content[0].content[0].text).toBe('number 129');
  const oldest = await call(
    jira,
    `/issue/${key}/comment?maxResults=1&orderBy=${encodeURIComponent('+created')}`,
  );
  expect(oldest.json.comments[0].body.content[0].content[0].text).toBe('number 0');
});

it('keeps ten thousand issues within reach', async () => {
  await withJira({ settings: { checkAnswers: false } }, async (own) => {
    addIssues(own.state, 'PROJ', 10_000);
    const keys = await keysOf(own, 'project = PROJ ORDER BY priority DESC, created ASC', 5000);
    expect(new Set(keys).size).toBe(10_000);
    const count = await call(own, '/search/approximate-count', {
      method: 'POST',
      body: { jql: 'project = PROJ' },
    });
    expect(count.json).toEqual({ count: 10_000 });
  });
});
