// What a tracker may be able to do beyond the seven methods, on a loopback Jira that checks every request's shape.
import { expect, it } from 'vitest';
import * as capabilities from '../../../../src/contract/tracker-capabilities.ts';
import { addIssue, addIssues, addProject, addUser, annId, basicSite } from '../../../loopback-jira/index.ts';
import { attach, loopback } from './loopback.ts';
import { failure, never } from './jira-context.ts';

async function site() {
  const state = basicSite();
  const jira = await loopback({ state });
  return { state, jira, ...attach(jira, { queryFilter: 'labels = agent' }) };
}

it('has them all', async () => {
  const { tracker } = await site();
  const asked = Object.entries(capabilities).filter(([name]) => name.startsWith('can'));
  expect(asked.length).toBeGreaterThan(10);
  for (const [name, can] of asked) expect((can as (of: unknown) => boolean)(tracker), name).toBe(true);
});

it('makes an issue, changes it, assigns it and labels it', async () => {
  const { tracker, state } = await site();
  const parent = addIssue(state, 'PROJ', { type: 'Epic' });
  const { id, identifier } = await tracker.createKeyedIssue(
    {
      project: 'PROJ',
      issueType: 'Bug',
      title: 'T',
      description: '# D',
      priority: 'High',
      labels: ['Agent'],
      components: ['Backend'],
      accountId: 'Ann Example',
      parent: parent.key,
    },
    'a-key',
    never,
  );
  expect(await tracker.fetchIssueById(id, never)).toMatchObject({
    description: 'D',
    assignee: 'Ann Example',
    parent: { id: parent.id, identifier: parent.key },
  });
  expect(identifier).toMatch(/^PROJ-\d+$/);
  await tracker.updateIssue(id, { title: 'New title', description: '' }, never);
  await tracker.assignIssue(id, 'Sortie Bot', never);
  await tracker.addLabels(id, ['parked'], never);
  await tracker.removeLabels(id, ['agent'], never);
  expect(await tracker.fetchIssueById(id, never)).toMatchObject({
    title: 'New title',
    description: '',
    priority: 2,
    issueType: 'Bug',
    assignee: 'Sortie Bot',
    labels: ['parked'],
  });
  await tracker.assignIssue(id, null, never);
  expect(state.issue(id).assigneeId).toBeNull();
});

it('finds people by name and by account id', async () => {
  const { tracker, state } = await site();
  expect((await tracker.findUsers('ann example', never)).map(({ accountId }) => accountId)).toEqual([annId]);
  expect((await tracker.findUsers(annId, never)).map(({ displayName }) => displayName)).toEqual([
    'Ann Example',
  ]);
  addUser(state, { accountId: '5b0000000000000000000001', displayName: 'Ann Other' });
  expect((await tracker.findUsers('ann', never)).map(({ displayName }) => displayName).sort()).toEqual([
    'Ann Example',
    'Ann Other',
  ]);
});

it('keeps one comment of its own, found again by its marker and edited in place', async () => {
  const { tracker, state, jira } = await site();
  const { id } = addIssue(state, 'PROJ');
  const commentId = await tracker.addComment(id, 'run 1\n\n[sortie](https://x/#sortie-living)', never);
  jira.people.comment(id, 'sortie-living, I say');
  expect(await tracker.findOwnComment(id, 'sortie-living', never)).toBe(commentId);
  await tracker.editComment(id, commentId, 'run 2', never);
  expect((await tracker.fetchIssueComments(id, never)).map(({ body }) => body)).toEqual([
    'run 2',
    'sortie-living, I say',
  ]);
});

it('writes a comment once when the answer is lost after Jira took it', async () => {
  const { tracker, state, jira } = await site();
  const { id } = addIssue(state, 'PROJ');
  jira.faults.once('POST /issue/{issueIdOrKey}/comment', { kind: 'reset', at: 'after-applied' });
  await tracker.addComment(id, '- a\n- b', never);
  expect(state.commentsOf(id).length).toBe(1);
});

it('searches inside the project by default, with the caller’s order, page by page', async () => {
  const { tracker, state } = await site();
  addProject(state, 'OTHER');
  addIssues(state, 'PROJ', 5, (index) => ({ labels: ['x'], createdMs: 1_000_000 * index }));
  addIssue(state, 'OTHER', { labels: ['x'] });
  const query = 'labels = x ORDER BY created DESC';
  const first = await tracker.searchIssues(query, { limit: 3 }, never);
  const second = await tracker.searchIssues(query, { limit: 3, cursor: first.nextCursor ?? '' }, never);
  const keys = [...first.issues, ...second.issues].map(({ identifier }) => identifier);
  expect(keys).toEqual(['PROJ-5', 'PROJ-4', 'PROJ-3', 'PROJ-2', 'PROJ-1']);
  expect(second.nextCursor).toBeNull();
  const anywhere = await tracker.searchIssues('labels = x', { limit: 50, anyProject: true }, never);
  expect(anywhere.issues.length).toBe(6);
  expect((await failure(tracker.searchIssues('nonsense ===', { limit: 1 }, never))).kind).toBe(
    'tracker_payload_error',
  );
});

it('counts issues by states, within the filter', async () => {
  const { tracker, state } = await site();
  addIssues(state, 'PROJ', 4, (index) => ({ status: 'In Review', labels: index < 3 ? ['agent'] : [] }));
  expect(await tracker.countIssuesByStates(['in review'], never)).toBe(3);
  expect(await tracker.countIssuesByStates([], never)).toBe(0);
});

it('finds an issue by its key in one request, also by the key that it had, and of another project', async () => {
  const { tracker, state, jira } = await site();
  const moved = addIssue(state, 'PROJ', { description: 'D' });
  addProject(state, 'OTHER');
  const foreign = addIssue(state, 'OTHER');
  jira.people.comment(moved.id, 'hello');
  jira.forgetRequests();
  expect(await tracker.fetchIssueByIdentifier(moved.key.toLowerCase(), never)).toMatchObject({
    ...{ id: moved.id, identifier: moved.key, description: 'D', comments: null },
  });
  expect(jira.requests.map(({ endpoint }) => endpoint)).toEqual(['GET /issue/{issueIdOrKey}']);
  expect((await tracker.fetchIssueByIdentifier(foreign.key, never)).id).toBe(foreign.id);
});

it('asks nothing for what cannot be a key', async () => {
  const { tracker, jira } = await site();
  for (const key of [
    '',
    'PROJ',
    '10001',
    'PROJ-1/comment',
    '../myself',
    'PROJ-1?expand=names',
    'PROJ-1" OR "',
  ]) {
    expect((await failure(tracker.fetchIssueByIdentifier(key, never))).kind).toBe('tracker_not_found');
    expect(await tracker.isCandidate({ id: '', identifier: key }, never)).toBe(false);
  }
  expect(jira.requests).toEqual([]);
});

it('tells a candidate from what the states, the filter or the project leave out, in one request', async () => {
  const { tracker, state, jira } = await site();
  addProject(state, 'OTHER');
  const make = (project: string, status: string, labels: string[]) =>
    addIssue(state, project, { status, labels });
  const todo = 'Selected for Development';
  const inside = make('PROJ', todo, ['agent']);
  const outside = [make('PROJ', todo, []), make('PROJ', 'Done', ['agent']), make('OTHER', todo, ['agent'])];
  const isCandidate = ({ id, key }: { id: string; key: string }): Promise<boolean> =>
    tracker.isCandidate({ id, identifier: key }, never);
  expect(await isCandidate(inside)).toBe(true);
  jira.forgetRequests();
  for (const issue of outside) expect(await isCandidate(issue)).toBe(false);
  expect(await tracker.isCandidate({ id: '', identifier: inside.key.toLowerCase() }, never)).toBe(true);
  expect(jira.requests.map(({ endpoint }) => endpoint)).toEqual(Array(4).fill('GET /search/jql'));
});

it('sees what has just changed, although the index lags', async () => {
  const { tracker, state, jira } = await site();
  jira.settings.indexLagMs = 60_000;
  const { id, key } = addIssue(state, 'PROJ', { status: 'In Progress', labels: ['agent'] });
  expect(await tracker.isCandidate({ id, identifier: key }, never)).toBe(true);
  jira.people.move(id, 'Done');
  expect(await tracker.isCandidate({ id, identifier: key }, never)).toBe(false);
});

it('does not take a refused filter for an issue that is no candidate', async () => {
  const state = basicSite();
  const jira = await loopback({ state });
  const { tracker } = attach(jira, { queryFilter: 'nonsense = 1' });
  const { id, key } = addIssue(state, 'PROJ');
  expect((await failure(tracker.isCandidate({ id, identifier: key }, never))).kind).toBe(
    'tracker_payload_error',
  );
  expect(await tracker.isCandidate({ id: '99999', identifier: 'PROJ-999' }, never)).toBe(false);
});

it('believes neither a no nor a 0 that an anonymous visitor got', async () => {
  const { jira, state } = await site();
  const { tracker } = attach(jira, { apiKey: 'bot@example.com:wrong' });
  const { id, key } = addIssue(state, 'PROJ', { status: 'In Review', labels: ['agent'] });
  expect((await failure(tracker.isCandidate({ id, identifier: key }, never))).kind).toBe(
    'tracker_auth_error',
  );
  expect((await failure(tracker.countIssuesByStates(['In Review'], never))).kind).toBe('tracker_auth_error');
});

it('describes the site', async () => {
  const { tracker } = await site();
  const schema = await tracker.discoverSchema(never);
  expect(schema.projects).toEqual([{ key: 'PROJ', name: 'PROJ project' }]);
  expect(schema.issueTypes).toContainEqual({ id: '10003', name: 'Sub-task', subtask: true });
  expect(schema.statuses).toContainEqual({ name: 'In Review', category: 'in progress' });
  expect(schema.priorities.map(({ name }) => name)).toEqual(['Highest', 'High', 'Medium', 'Low', 'Lowest']);
  expect(schema.fields).toContainEqual(expect.objectContaining({ id: 'summary', type: 'string' }));
});
