// Issues by project and by person, the projects that are open, and who an account id is.
import { expect, it } from 'vitest';
import { addIssue, addIssues, addProject, addUser, annId } from '../../../../loopback-jira/index.ts';
import { keys, refusal, toolbox } from './toolbox.ts';

const otherId = '5b0000000000000000000001';
const email = 'ann@example.com';

const withPeople = (emailVisible: boolean) =>
  toolbox((state) => {
    addUser(state, { accountId: annId, displayName: 'Ann Example', email, emailVisible });
    addIssue(state, 'PROJ', { assigneeId: annId, updatedMs: 1_000 });
    addIssue(state, 'PROJ', { assigneeId: annId, updatedMs: 2_000 });
    addIssue(state, 'OTHER', { assigneeId: annId });
  });

it('lists a project, last changed first', async () => {
  const { read, plan } = await toolbox((state) => {
    addIssues(state, 'OTHER', 30, (index) => ({ updatedMs: 1_000_000 * (index + 1) }));
  });
  expect(plan('get_issues_by_project', { projectKey: 'other' })).toMatchObject({
    ...{ operation: 'search_issues', projects: ['OTHER'], issueKeys: [] },
  });
  const args = { projectKey: 'OTHER', maxResults: 3 };
  const open = { projects: ['OTHER'] };
  expect(keys(await read('get_issues_by_project', args, open))).toEqual(['OTHER-30', 'OTHER-29', 'OTHER-28']);
  // Whoever judged the scope: nothing is shown of a project that is not open.
  expect(keys(await read('get_issues_by_project', args))).toEqual([]);
  expect((await refusal(() => read('get_issues_by_project', { projectKey: 'NONE' }))).kind).toBe(
    'tracker_payload_error',
  );
  expect((await refusal(() => plan('get_issues_by_project', { projectKey: '" OR' }))).kind).toBe(
    'invalid_arguments',
  );
});

it('lists what is assigned to a person, in the open projects', async () => {
  const { read } = await withPeople(true);
  const args = { assigneeEmail: ' Ann@Example.com ' };
  expect(keys(await read('get_issues_by_user', args))).toEqual(['PROJ-3', 'PROJ-2']);
  expect(keys(await read('get_issues_by_user', { ...args, maxResults: 1 }))).toEqual(['PROJ-3']);
  expect(keys(await read('get_issues_by_user', args, { projects: null }))).toHaveLength(3);
});

it('finds nobody by an address that Jira hides, and says what to do instead', async () => {
  const { read } = await withPeople(false);
  expect(await refusal(() => read('get_issues_by_user', { assigneeEmail: email }))).toEqual({
    kind: 'ambiguous_name',
    message:
      'no user fits "ann@example.com", or Jira hides the address; search with JQL by account id: assignee = "accountId"',
  });
});

it('takes nobody for another whose address he has for a name', async () => {
  const hidden = await withPeople(false);
  addUser(hidden.state, { accountId: otherId, displayName: email });
  const { kind, message } = await refusal(() => hidden.read('get_issues_by_user', { assigneeEmail: email }));
  expect(kind).toBe('ambiguous_name');
  expect(message).toContain(`leads to nobody for certain: "${email}" (${otherId})`);
  const seen = await withPeople(true);
  addUser(seen.state, { accountId: otherId, displayName: email });
  expect(keys(await seen.read('get_issues_by_user', { assigneeEmail: email }))).toEqual(['PROJ-3', 'PROJ-2']);
});

it('refuses to choose between several people', async () => {
  const { read, state } = await withPeople(true);
  for (const [index, displayName] of ['One', 'Two'].entries()) {
    const accountId = `5b000000000000000000000${index}`;
    addUser(state, { accountId, displayName, email: `team@example.com.${displayName}`, emailVisible: true });
  }
  const { kind, message } = await refusal(() =>
    read('get_issues_by_user', { assigneeEmail: 'team@example.com' }),
  );
  expect(kind).toBe('ambiguous_name');
  expect(message).toContain('"One" (5b0000000000000000000000), "Two" (5b0000000000000000000001)');
});

it('asks for an address', async () => {
  const { plan, jira } = await toolbox();
  for (const assigneeEmail of ['Ann Example', 'ann@', 'a b@c']) {
    expect((await refusal(() => plan('get_issues_by_user', { assigneeEmail }))).kind).toBe(
      'invalid_arguments',
    );
  }
  expect(jira.requests).toEqual([]);
});

it('names the projects that are open, or all when all are', async () => {
  const { read, jira, state } = await toolbox();
  for (let index = 0; index < 60; index += 1) addProject(state, `P${index}`, { name: `Line\n${index}` });
  expect(await read('list_projects', {})).toEqual({ projects: [{ key: 'PROJ', name: 'PROJ project' }] });
  expect(jira.requests.map(({ endpoint }) => endpoint)).not.toContain('GET /project/search');
  expect(await read('list_projects', {}, { projects: ['GONE', 'OTHER'] })).toEqual({
    projects: [{ key: 'OTHER', name: 'OTHER project' }],
  });
  const all = await read('list_projects', { maxResults: 62 }, { projects: null });
  expect(all['projects']).toHaveLength(62);
  expect(all).not.toHaveProperty('note');
  expect(all['projects']).toContainEqual({ key: 'P7', name: 'Line 7' });
  expect(await read('list_projects', {}, { projects: null })).toMatchObject({ note: 'there are more' });
});

it('says who an account id is, with the address only where its owner shows it', async () => {
  const hidden = await withPeople(false);
  const args = { accountId: annId };
  expect(await hidden.read('get_user', args)).toEqual({
    ...{ accountId: annId, displayName: 'Ann Example', emailAddress: null },
  });
  const seen = await withPeople(true);
  expect(await seen.read('get_user', args)).toMatchObject({ emailAddress: email });
  expect((await refusal(() => seen.read('get_user', { accountId: otherId }))).kind).toBe('tracker_not_found');
  expect((await refusal(() => seen.plan('get_user', { accountId: 'ann?x=1' }))).kind).toBe(
    'invalid_arguments',
  );
});
