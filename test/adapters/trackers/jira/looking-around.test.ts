// People, projects, transitions and searches within several projects; watchers; transitions by name.
import { expect, it } from 'vitest';
import {
  addIssue,
  addProject,
  annId,
  basicSite,
  setTransitions,
  statusNamed,
  transition,
} from '../../../loopback-jira/index.ts';
import { failure, never } from './jira-context.ts';
import { attach, loopback } from './loopback.ts';

async function site() {
  const state = basicSite();
  const jira = await loopback({ state });
  return { state, jira, ...attach(jira) };
}

it('names a person by the account id', async () => {
  const { tracker } = await site();
  expect(await tracker.getUser(annId, never)).toMatchObject({ accountId: annId, displayName: 'Ann Example' });
  for (const unknown of ['5b0000000000000000000000', '', '../myself', 'a b']) {
    expect((await failure(tracker.getUser(unknown, never))).kind).toBe('tracker_not_found');
  }
});

it('lists projects over several pages, and no more than are wanted', async () => {
  const { state, jira, tracker } = await site();
  for (let number = 10; number < 130; number += 1) addProject(state, `P${number}`);
  const all = await tracker.listProjects(1_000, never);
  expect(new Set(all.map(({ key }) => key)).size).toBe(121);
  expect(all[0]).toEqual({ key: 'P10', name: 'P10 project' });
  jira.forgetRequests();
  expect((await tracker.listProjects(60, never)).length).toBe(60);
  expect(jira.requests.length).toBe(2);
});

it('believes no empty list of projects from bad credentials', async () => {
  const { jira } = await site();
  const { tracker } = attach(jira, { apiKey: 'bot@example.com:wrong' });
  expect((await failure(tracker.listProjects(10, never))).kind).toBe('tracker_auth_error');
});

it('searches within the projects that are named, and leaves out what is not theirs', async () => {
  const { state, jira, tracker, told } = await site();
  for (const key of ['OPS', 'ELSE']) addProject(state, key);
  for (const key of ['PROJ', 'OPS', 'ELSE']) addIssue(state, key, { labels: ['x'] });
  const keys = async (projects: string[]): Promise<string[]> => {
    const page = await tracker.searchIssues('labels = x ORDER BY key ASC', { limit: 10, projects }, never);
    return page.issues.map(({ identifier }) => identifier).sort();
  };
  expect(await keys(['OPS'])).toEqual(['OPS-1']);
  expect(await keys(['PROJ', 'OPS'])).toEqual(['OPS-1', 'PROJ-1']);
  expect(jira.requests.at(-1)?.query['jql']).toEqual([
    'project IN ("PROJ", "OPS") AND (labels = x) ORDER BY key ASC',
  ]);
  const jql = 'labels = x) OR (labels = x';
  const options = { limit: 10, projects: ['OPS'] };
  expect((await failure(tracker.searchIssues(jql, options, never))).kind).toBe('tracker_payload_error');
  expect(told).toEqual([]);
});

it('refuses a search within no project at all', async () => {
  const { tracker, jira } = await site();
  const options = { limit: 10, projects: [] };
  expect((await failure(tracker.searchIssues('labels = x', options, never))).kind).toBe(
    'tracker_payload_error',
  );
  expect(jira.requests).toEqual([]);
});

it('adds a watcher, also one who watches already, and refuses one who is nobody', async () => {
  const { state, tracker, jira } = await site();
  const { id } = addIssue(state, 'PROJ');
  await tracker.addWatcher(id, annId, never);
  jira.faults.once('POST /issue/{issueIdOrKey}/watchers', { kind: 'reset', at: 'after-applied' });
  await tracker.addWatcher(id, annId, never);
  expect([...(state.watchers.get(id) ?? [])]).toEqual([annId]);
  const error = await failure(tracker.addWatcher(id, 'nobody-0000', never));
  expect([error.kind, error.applied]).toEqual(['tracker_payload_error', 'no']);
});

it('lists transitions, takes the one that is named, and refuses one that leads elsewhere', async () => {
  const { state, tracker, jira } = await site();
  const { id } = addIssue(state, 'PROJ', { status: 'In Progress' });
  const done = statusNamed(state, 'Done').id;
  setTransitions(state, 'PROJ', [
    transition({ id: '11', name: 'Close', to: done }),
    transition({ id: '21', name: 'Give up', to: done }),
    transition({ id: '31', name: 'Review', to: statusNamed(state, 'In Review').id }),
  ]);
  expect(await tracker.listTransitions(id, never)).toEqual([
    { name: 'Close', toState: 'Done' },
    { name: 'Give up', toState: 'Done' },
    { name: 'Review', toState: 'In Review' },
  ]);
  const error = await failure(tracker.transitionIssue(id, 'Done', { transition: 'Review' }, never));
  expect(error.message).toContain(
    'no transition named "Review" leads to "Done"; these do: "Close", "Give up"',
  );
  expect(error.applied).toBe('no');
  await tracker.transitionIssue(id, 'done', { transition: 'give UP', from: ['In Progress'] }, never);
  expect(state.issue(id).statusId).toBe(done);
  const taken = jira.requests.findLast(({ endpoint }) => endpoint?.startsWith('POST') === true);
  expect(taken?.body).toEqual({ transition: { id: '21' } });
});

it('knows the link types of the site', async () => {
  const { tracker } = await site();
  expect((await tracker.discoverSchema(never)).linkTypes).toEqual([
    { name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
    { name: 'Relates', inward: 'relates to', outward: 'relates to' },
  ]);
});
