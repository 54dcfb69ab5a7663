// States by ids and by keys: batches, the fallback for a batch that Jira refuses, moved issues, fresh writes.
import { expect, it } from 'vitest';
import { issueJson, scripted, type Asked, type Reply } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

const isSearch = ({ path }: Asked): boolean => path === '/rest/api/3/search/jql';
const isBulk = ({ path }: Asked): boolean => path === '/rest/api/3/issue/bulkfetch';
const refused: Reply = { status: 400, body: { errorMessages: ['Der Vorgang existiert nicht'] } };

function state(id: string, key: string, name: string): object {
  return { id, key, fields: { status: { name } } };
}

/** What the jql asks for: ids, or keys without their quotes. */
function namesIn(asked: Asked): string[] {
  const list = /IN \((.*)\) ORDER BY key ASC$/.exec(asked.query.get('jql') ?? '')?.[1] ?? '';
  return list.split(', ').map((name) => name.replaceAll('"', ''));
}

it('asks for 40 ids in one request, with the status only', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => String(10_001 + index));
  const { tracker, asked } = await scripted((request) =>
    isSearch(request)
      ? { body: { issues: namesIn(request).map((id) => state(id, `PROJ-${id}`, 'To Do')) } }
      : null,
  );
  expect(await tracker.fetchIssueStatesByIds([...ids, ...ids], never)).toEqual(
    new Map(ids.map((id) => [id, 'To Do'])),
  );
  expect(asked.length).toBe(1);
  expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({
    jql: `id IN (${ids.join(', ')}) ORDER BY key ASC`,
    fields: 'status',
    maxResults: '50',
  });
});

it('splits more into batches of 40 and leaves out ids that are no numbers, without asking for them', async () => {
  const ids = Array.from({ length: 81 }, (_, index) => String(10_001 + index));
  const { tracker, asked } = await scripted((request) =>
    isSearch(request) ? { body: { issues: [] } } : null,
  );
  await tracker.fetchIssueStatesByIds([...ids, 'PROJ-1', '1) OR (1', '', '99999999999999999999'], never);
  expect(asked.map((request) => namesIn(request).length)).toEqual([40, 40, 1]);
  expect(await tracker.fetchIssueStatesByIds(['PROJ-1'], never)).toEqual(new Map());
  expect(asked.length).toBe(3);
});

it('asks bulkfetch for a batch that Jira refuses, and only for that one', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => String(10_001 + index));
  const { tracker, asked } = await scripted((request) => {
    if (isBulk(request)) return { body: { issues: [state('10001', 'PROJ-1', 'Done')], issueErrors: [] } };
    if (namesIn(request).includes('10002')) return refused;
    return { body: { issues: namesIn(request).map((id) => state(id, 'PROJ-9', 'To Do')) } };
  });
  const states = await tracker.fetchIssueStatesByIds(ids, never);
  expect(states.get('10001')).toBe('Done');
  expect(states.has('10002')).toBe(false);
  expect(states.size).toBe(11);
  const bulk = asked.filter(isBulk);
  expect(bulk.map(({ method, body }) => ({ method, body }))).toEqual([
    { method: 'POST', body: { issueIdsOrKeys: ids.slice(0, 40), fields: ['status'] } },
  ]);
});

it('asks alone for what bulkfetch could not read, and fails whole when that fails', async () => {
  let status = 200;
  const { tracker } = await scripted((request) => {
    if (isSearch(request)) return refused;
    if (isBulk(request)) return { body: { issues: [], issueErrors: [{ id: '10001' }, { id: '10002' }] } };
    return request.path.endsWith('/10001') ? { status, body: state('10001', 'PROJ-1', 'To Do') } : null;
  });
  const ids = ['10001', '10002'];
  expect(await tracker.fetchIssueStatesByIds(ids, never)).toEqual(new Map([['10001', 'To Do']]));
  status = 403;
  expect((await failure(tracker.fetchIssueStatesByIds(ids, never))).kind).toBe('tracker_auth_error');
});

it('does not fall back for a failure of another kind', async () => {
  const { tracker, asked } = await scripted(() => ({ status: 403 }));
  expect((await failure(tracker.fetchIssueStatesByIds(['10001'], never))).kind).toBe('tracker_auth_error');
  expect(asked.some(isBulk)).toBe(false);
});

it('keys states as asked: another case, one moved issue, several moved issues', async () => {
  const issues: Record<string, object> = {
    'PROJ-1': state('1', 'PROJ-1', 'To Do'),
    'OLD-2': state('2', 'NEW-2', 'Done'),
    'OLD-3': state('3', 'NEW-3', 'In Review'),
  };
  const { tracker, asked } = await scripted((request) => {
    if (isSearch(request)) {
      return { body: { issues: namesIn(request).flatMap((key) => issues[key.toUpperCase()] ?? []) } };
    }
    const issue = issues[request.path.split('/').at(-1) ?? ''];
    return issue ? { body: issue } : null;
  });
  expect(await tracker.fetchIssueStatesByIdentifiers(['proj-1', 'OLD-2'], never)).toEqual(
    new Map([
      ['proj-1', 'To Do'],
      ['OLD-2', 'Done'],
    ]),
  );
  expect(asked.length).toBe(1);
  expect(await tracker.fetchIssueStatesByIdentifiers(['OLD-2', 'OLD-3', 'GONE-4', 'no key'], never)).toEqual(
    new Map([
      ['OLD-2', 'Done'],
      ['OLD-3', 'In Review'],
    ]),
  );
});

it('names issues that were just written in reconcileIssues, so that a lagging index cannot answer for them', async () => {
  const { tracker, asked } = await scripted((request) => {
    if (isSearch(request)) return { body: { issues: [] } };
    if (request.method === 'POST') return { status: 204 };
    if (request.path.endsWith('/transitions')) {
      return { body: { transitions: [{ id: '5', to: { name: 'Done' } }] } };
    }
    return { body: issueJson(1) };
  });
  await tracker.transitionIssue('10001', 'Done', {}, never);
  await tracker.fetchIssueStatesByIds(['10001', '10002'], never);
  expect(asked.at(-1)?.query.getAll('reconcileIssues')).toEqual(['10001']);
});
