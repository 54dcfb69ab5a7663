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
  const { id, identifier } = await tracker.createIssue(
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

it('describes the site', async () => {
  const { tracker } = await site();
  const schema = await tracker.discoverSchema(never);
  expect(schema.projects).toEqual([{ key: 'PROJ', name: 'PROJ project' }]);
  expect(schema.issueTypes).toContainEqual({ id: '10003', name: 'Sub-task', subtask: true });
  expect(schema.statuses).toContainEqual({ name: 'In Review', category: 'in progress' });
  expect(schema.priorities.map(({ name }) => name)).toEqual(['Highest', 'High', 'Medium', 'Low', 'Lowest']);
  expect(schema.fields).toContainEqual(expect.objectContaining({ id: 'summary', type: 'string' }));
});
