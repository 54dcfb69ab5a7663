// Candidates in dispatch order: the query, one for each priority name, the limit of pages, and stopping early.
import { expect, it } from 'vitest';
import { collect, issueJson, scripted, type Asked, type Reply } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

const isSearch = ({ path }: Asked): boolean => path === '/rest/api/3/search/jql';
const scope = 'project = "PROJ" AND status IN ("To Do")';

function queries(asked: readonly Asked[]): string[] {
  return asked.filter(isSearch).map(({ query }) => query.get('jql') ?? '');
}

/** Pages of two issues, `pages` of them. */
function paged(request: Asked, pages: number, from = 0): Reply {
  const at = Number(request.query.get('nextPageToken') ?? '0');
  const issues = [1, 2].map((number) => issueJson(from + at * 2 + number));
  return { body: { issues, ...(at + 1 < pages ? { nextPageToken: String(at + 1) } : { isLast: true }) } };
}

it('asks for the most urgent first and stops when its reader does', async () => {
  const { tracker, asked } = await scripted((request) => (isSearch(request) ? paged(request, 9) : null));
  for await (const page of tracker.streamCandidateIssues(never)) {
    expect(page.map(({ identifier }) => identifier)).toEqual(['PROJ-1', 'PROJ-2']);
    break;
  }
  expect(queries(asked)).toEqual([`${scope} ORDER BY priority DESC, created ASC`]);
});

it('asks name by name when priorities have an order, then for the rest', async () => {
  const { tracker, asked } = await scripted(
    (request) => {
      if (!isSearch(request)) return null;
      const jql = request.query.get('jql') ?? '';
      const number = jql.includes('= "Blocker"') ? 1 : jql.includes('= "Trivial"') ? 2 : 3;
      const name = { 1: 'Blocker', 2: 'Trivial', 3: 'Other' }[number];
      return { body: { issues: [issueJson(number, { priority: { id: '9', name } })] } };
    },
    { settings: { priority_order: ['Blocker', 'Trivial'] } },
  );
  const issues = await collect(tracker.streamCandidateIssues(never));
  expect(issues.map(({ identifier, priority }) => [identifier, priority])).toEqual([
    ['PROJ-1', 1],
    ['PROJ-2', 2],
    ['PROJ-3', null],
  ]);
  expect(queries(asked)).toEqual([
    `${scope} AND priority = "Blocker" ORDER BY created ASC`,
    `${scope} AND priority = "Trivial" ORDER BY created ASC`,
    `${scope} AND (priority NOT IN ("Blocker", "Trivial") OR priority IS EMPTY) ORDER BY priority DESC, created ASC`,
  ]);
});

it('leaves out a priority that Jira does not know, and says so once', async () => {
  const { tracker, asked, told } = await scripted(
    (request) => {
      if (request.path === '/rest/api/3/priority/search') {
        return { body: { values: [{ id: '1', name: 'High' }], isLast: true } };
      }
      if (!isSearch(request)) return null;
      const unknown = request.query.get('jql')?.includes('= "Hihg"');
      return unknown ? { status: 400, body: {} } : { body: { issues: [issueJson(1)] } };
    },
    { settings: { priority_order: ['Hihg', 'High'] } },
  );
  expect((await collect(tracker.streamCandidateIssues(never))).length).toBe(1);
  await collect(tracker.streamCandidateIssues(never));
  expect(told.map(({ fields }) => fields)).toEqual([{ priority: 'Hihg' }]);
  expect(queries(asked).filter((jql) => jql.includes('Hihg')).length).toBe(1);
});

it('stops at jira.max_candidate_pages, over all its queries, and says so once until that changes', async () => {
  let pages = 3;
  const { tracker, asked, told } = await scripted(
    (request) => (isSearch(request) ? paged(request, pages, asked.length * 100) : null),
    { settings: { max_candidate_pages: 4, priority_order: ['High'] } },
  );
  for (let tick = 0; tick < 2; tick += 1) await collect(tracker.streamCandidateIssues(never));
  expect(queries(asked).length).toBe(8);
  expect(told.map(({ fields }) => fields)).toEqual([{ pages: 4, issues: 8 }]);
  pages = 2;
  await collect(tracker.streamCandidateIssues(never));
  expect(told.length).toBe(1);
  pages = 3;
  await collect(tracker.streamCandidateIssues(never));
  expect(told.length).toBe(2);
});

it('says nothing when the last allowed page is the last one', async () => {
  const { tracker, told } = await scripted((request) => (isSearch(request) ? paged(request, 4) : null), {
    settings: { max_candidate_pages: 4 },
  });
  expect((await collect(tracker.streamCandidateIssues(never))).length).toBe(8);
  expect(told).toEqual([]);
});

it('fails when a page does', async () => {
  const { tracker } = await scripted((request) => (isSearch(request) ? { status: 400, body: {} } : null));
  expect((await failure(collect(tracker.streamCandidateIssues(never)))).kind).toBe('tracker_payload_error');
});
