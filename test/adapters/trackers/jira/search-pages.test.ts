// Pages of a search: each issue once, and an end in any case.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scripted, issueJson, type Asked, type Reply } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

const isSearch = ({ path }: Asked): boolean => path === '/rest/api/3/search/jql';

function page(issues: unknown[], more: object = {}): Reply {
  return { body: { issues, ...more } };
}

it('sends the seed’s request', async () => {
  const { tracker, asked } = await scripted((request) => (isSearch(request) ? page([]) : null), {
    activeStates: ['To Do', 'Ready "QA"'],
    queryFilter: 'labels = agent',
  });
  await tracker.fetchCandidateIssues(never);
  const search = asked.find(isSearch);
  expect(search?.method).toBe('GET');
  expect(Object.fromEntries(search?.query ?? [])).toEqual({
    jql: 'project = "PROJ" AND status IN ("To Do", "Ready \\"QA\\"") AND (labels = agent) ORDER BY priority ASC, created ASC',
    fields: 'summary,status,priority,labels,assignee,issuetype,parent,issuelinks,created,updated,description',
    maxResults: '50',
  });
});

it('reads on until there is no token, whatever the last page has in its place', async () => {
  for (const last of [
    {},
    { nextPageToken: null },
    { nextPageToken: '' },
    { isLast: true, nextPageToken: 'x' },
  ]) {
    const { tracker } = await scripted((request) => {
      if (!isSearch(request)) return null;
      return request.query.get('nextPageToken') === null
        ? page([issueJson(1)], { nextPageToken: 'two' })
        : page([issueJson(2)], last);
    });
    const ids = (await tracker.fetchCandidateIssues(never)).map(({ id }) => id);
    expect(ids).toEqual(['10001', '10002']);
  }
});

it('ends with tracker_missing_end_cursor when a token comes again', async () => {
  const { tracker, asked } = await scripted((request) =>
    isSearch(request)
      ? page([issueJson(asked.length)], { nextPageToken: asked.length % 2 ? 'a' : 'b' })
      : null,
  );
  const error = await failure(tracker.fetchCandidateIssues(never));
  expect(error.message).toMatch(/^tracker: tracker_missing_end_cursor: GET \/rest\/api\/3\/search\/jql: \S/);
  expect(asked.filter(isSearch).length).toBeLessThan(5);
});

it('ends with tracker_missing_end_cursor when ever new tokens bring nothing', async () => {
  const { tracker, asked } = await scripted((request) =>
    isSearch(request) ? page([issueJson(1)], { nextPageToken: `t${asked.length}` }) : null,
  );
  const error = await failure(tracker.fetchCandidateIssues(never));
  expect(error.kind).toBe('tracker_missing_end_cursor');
  expect(asked.filter(isSearch).length).toBeLessThan(60);
});

it('gives nothing when a later page fails', async () => {
  const { tracker } = await scripted((request) => {
    if (!isSearch(request)) return null;
    if (request.query.get('nextPageToken') === null) return page([issueJson(1)], { nextPageToken: 'two' });
    return { status: 400, body: { errorMessages: ['Ungültig'] } };
  });
  expect((await failure(tracker.fetchIssuesByStates(['To Do'], never))).kind).toBe('tracker_payload_error');
});

it('takes 200 without issues for no answer', async () => {
  const { tracker } = await scripted((request) => (isSearch(request) ? { body: {} } : null));
  expect((await failure(tracker.fetchCandidateIssues(never))).kind).toBe('tracker_payload_error');
});

it('gives each issue once, whatever the sizes of pages and repeats between them', async () => {
  let pages: number[][] = [];
  const { tracker } = await scripted((request) => {
    if (!isSearch(request)) return null;
    const at = Number(request.query.get('nextPageToken') ?? '0');
    const more = at + 1 < pages.length ? { nextPageToken: String(at + 1) } : {};
    return page(
      (pages[at] ?? []).map((number) => issueJson(number)),
      more,
    );
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), { maxLength: 12 }),
      async (given) => {
        pages = given;
        const ids = (await tracker.fetchIssuesByStates(['To Do'], never)).map(({ identifier }) => identifier);
        expect(ids).toEqual([...new Set(given.flat())].map((number) => `PROJ-${number}`));
      },
    ),
    { numRuns: 60 },
  );
});

it('checks project and state again on what comes back', async () => {
  const { tracker, asked, told } = await scripted((request) => {
    if (request.path === '/rest/api/3/project/PROJ') return { body: { id: '1', key: 'PROJ' } };
    if (!isSearch(request)) return null;
    const foreign = { ...issueJson(2), key: 'OTHER-2' };
    const moved = issueJson(3, { status: { name: 'Done' } });
    return page([issueJson(1, { status: { name: 'tO dO' } }), foreign, moved]);
  });
  for (let times = 0; times < 2; times += 1) {
    expect((await tracker.fetchCandidateIssues(never)).map(({ id }) => id)).toEqual(['10001']);
  }
  expect(told.map(({ fields }) => fields)).toEqual([{ project: 'PROJ', example: 'OTHER-2', count: 1 }]);
  expect(asked.filter(({ path }) => path.includes('/project/')).length).toBe(1);
});

it('knows a project by the key that it was renamed to', async () => {
  const { tracker } = await scripted((request) => {
    if (request.path === '/rest/api/3/project/PROJ') return { body: { id: '1', key: 'NEW' } };
    return isSearch(request) ? page([{ ...issueJson(2), key: 'NEW-2' }]) : null;
  });
  expect((await tracker.fetchCandidateIssues(never)).map(({ identifier }) => identifier)).toEqual(['NEW-2']);
});

it('asks who we are once before the first candidates, and again after an error of credentials', async () => {
  let status = 200;
  const { tracker, asked } = await scripted((request) =>
    isSearch(request) ? { status, body: { issues: [] } } : null,
  );
  const logins = (): number => asked.filter(({ path }) => path.endsWith('/myself')).length;
  await tracker.fetchCandidateIssues(never);
  await tracker.fetchCandidateIssues(never);
  expect(logins()).toBe(1);
  status = 401;
  expect((await failure(tracker.fetchCandidateIssues(never))).kind).toBe('tracker_auth_error');
  status = 200;
  await tracker.fetchCandidateIssues(never);
  expect(logins()).toBe(2);
});
