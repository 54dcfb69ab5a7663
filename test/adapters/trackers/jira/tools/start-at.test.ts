// `startAt`, which Jira's search no longer has: counted page by page, bounded, and never endless.
import { expect, it } from 'vitest';
import { addIssues } from '../../../../loopback-jira/index.ts';
import { keys, refusal, toolbox } from './toolbox.ts';

const many = (count: number, settings = {}) =>
  toolbox((state) => {
    addIssues(state, 'PROJ', count - 1, (index) => ({ createdMs: 1_000_000_000_000 + 1_000 * index }));
  }, settings);
const jql = 'ORDER BY key ASC';
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `PROJ-${first + index}`);

it('gives every issue once, in order, over windows that follow each other', async () => {
  const { read } = await many(230, { shortPages: 'random' });
  const seen: string[] = [];
  for (let startAt: number | null = 0; startAt !== null;) {
    const answer = await read('search', { jql, startAt, maxResults: 60 });
    seen.push(...keys(answer));
    startAt = answer['nextStartAt'] as number | null;
  }
  expect(seen).toEqual(from(1, 230));
});

it('reads only ids up to the window, and the fields of the window alone', async () => {
  const { read, jira } = await many(250);
  const answer = await read('search', { jql, startAt: 200, maxResults: 20, fields: 'summary' });
  expect(keys(answer)).toEqual(from(201, 220));
  expect(answer).toMatchObject({ nextStartAt: 220 });
  expect((answer['issues'] as unknown[])[0]).toMatchObject({ summary: 'Issue PROJ-201' });
  const searches = jira.requests.filter(({ endpoint }) => endpoint === 'GET /search/jql');
  expect(searches.map(({ query }) => query['fields'])).toEqual([['key'], ['key'], ['key']]);
  expect(jira.requests.at(-1)).toMatchObject({
    endpoint: 'POST /issue/bulkfetch',
    body: { fields: ['summary'] },
  });
});

it('has nothing behind the end', async () => {
  const { read } = await many(30);
  expect(await read('search', { jql, startAt: 30 })).toMatchObject({ issues: [], nextStartAt: null });
  expect(await read('search', { jql, startAt: 900 })).toMatchObject({ issues: [], nextStartAt: null });
  expect(keys(await read('search', { jql, startAt: 29 }))).toEqual(['PROJ-30']);
});

it('leaves out what is gone between counting and reading', async () => {
  const { read, jira } = await many(12, { indexLagMs: 60_000 });
  jira.people.delete('PROJ-11');
  expect(keys(await read('search', { jql, startAt: 9 }))).toEqual(['PROJ-10', 'PROJ-12']);
});

it('refuses to go further than 1000, and says so before', async () => {
  const { tool, read } = await many(1_150);
  const { error } = tool('search').input.safeParse({ jql, startAt: 1_001 });
  expect(error?.issues[0]?.message).toMatch(/^startAt is at most 1000: narrow the JQL/);
  const last = await read('search', { jql, startAt: 1_000, maxResults: 100 });
  expect(keys(last)).toEqual(from(1_001, 1_100));
  expect(last).toMatchObject({ nextStartAt: null, note: 'there are more; narrow the JQL to see them' });
});

it('ends with an error when the token of a page comes a second time', async () => {
  const { read, jira } = await many(300);
  jira.faults.add({ endpoint: 'GET /search/jql', fault: { kind: 'repeat-page-token' } });
  const { kind, message } = await refusal(() => read('search', { jql, startAt: 250 }));
  expect(kind).toBe('tracker_missing_end_cursor');
  expect(message).toMatch(/came a second time/);
  expect(jira.requests.length).toBeLessThan(6);
});

it.each(['null', 'empty'] as const)('knows the last page by a token that is %s', async (lastToken) => {
  const { read } = await many(130, { lastToken, isLast: 'never' });
  const answer = await read('search', { jql, startAt: 120, maxResults: 50 });
  expect(keys(answer)).toEqual(from(121, 130));
  expect(answer['nextStartAt']).toBeNull();
});
