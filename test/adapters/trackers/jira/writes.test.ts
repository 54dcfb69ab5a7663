// Labels, people, and issues that are made and changed: the requests, and what is refused before one is sent.
import { expect, it } from 'vitest';
import { me, scripted } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

const done = { status: 204 };

it('adds labels by verb, and none without a request', async () => {
  const { tracker, asked } = await scripted(() => done);
  await tracker.addLabels('7', ['One', 'two'], never);
  await tracker.addLabels('7', [], never);
  expect(asked.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    {
      method: 'PUT',
      path: '/rest/api/3/issue/7',
      body: { update: { labels: [{ add: 'One' }, { add: 'two' }] } },
    },
  ]);
});

it('takes off every spelling of a label, and writes nothing when there is none', async () => {
  let labels = ['Parked', 'other', 'PARKED'];
  const { tracker, asked } = await scripted(({ method }) =>
    method === 'GET' ? { body: { fields: { labels } } } : done,
  );
  await tracker.removeLabels('7', ['parked'], never);
  expect(asked[1]?.body).toEqual({ update: { labels: [{ remove: 'Parked' }, { remove: 'PARKED' }] } });
  labels = ['other'];
  await tracker.removeLabels('7', ['parked'], never);
  expect(asked.length).toBe(3);
});

it.each(['two words', '', 'tab\there'])('refuses the label %j without a request', async (label) => {
  const { tracker, asked } = await scripted(() => done);
  expect((await failure(tracker.addLabels('7', [label], never))).kind).toBe('tracker_payload_error');
  expect(asked).toEqual([]);
});

it('makes an issue of names and Markdown', async () => {
  const { tracker, asked } = await scripted(() => ({ status: 201, body: { id: '1', key: 'PROJ-1' } }));
  const issue = {
    project: 'PROJ',
    issueType: 'Bug',
    title: 'T',
    description: 'some *text*',
    accountId: me.accountId,
    priority: 'High',
    labels: ['x'],
    components: ['Backend'],
    parent: 'PROJ-9',
    fields: { customfield_1: 3 },
  };
  expect(await tracker.createKeyedIssue(issue, 'a-key', never)).toEqual({ id: '1', identifier: 'PROJ-1' });
  expect(asked.length).toBe(1);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    path: '/rest/api/3/issue',
    body: {
      fields: {
        project: { key: 'PROJ' },
        issuetype: { name: 'Bug' },
        summary: 'T',
        description: { type: 'doc', version: 1 },
        assignee: { id: me.accountId },
        priority: { name: 'High' },
        labels: ['x'],
        components: [{ name: 'Backend' }],
        parent: { key: 'PROJ-9' },
        customfield_1: 3,
      },
    },
  });
});

it('sends the making of an issue once, and says that it may exist when the answer is lost', async () => {
  const { tracker, asked } = await scripted(() => 'lost');
  const issue = { project: 'PROJ', issueType: 'Bug', title: 'T' };
  const error = await failure(tracker.createKeyedIssue(issue, 'a-key', never));
  expect(error.kind).toBe('tracker_transport_error');
  expect(error.message).toContain('may exist');
  expect(asked.length).toBe(1);
});

it('changes what is given and only that', async () => {
  const { tracker, asked } = await scripted(() => done);
  await tracker.updateIssue('7', { title: 'New', description: '' }, never);
  await tracker.updateIssue('7', {}, never);
  expect(asked.map(({ body }) => body)).toEqual([{ fields: { summary: 'New', description: null } }]);
});

const ada = { accountId: '5b0000000000000000000001', displayName: 'Ada', emailAddress: 'ada@example.com' };
const adam = { accountId: '5b0000000000000000000002', displayName: 'Adam' };
const gone = { accountId: '5b0000000000000000000003', displayName: 'Ada', active: false };

function people(users: object[]): (asked: { method: string; path: string }) => object | null {
  return ({ method, path }) => {
    if (method === 'PUT') return done;
    return path === '/rest/api/3/user/assignable/search' ? { body: users } : null;
  };
}

it('assigns an account id as it is, a person by an exact name or address, and nobody', async () => {
  const { tracker, asked } = await scripted(people([adam, ada, gone]));
  for (const who of [adam.accountId, 'ada', 'ADA@example.com', null])
    await tracker.assignIssue('7', who, never);
  const writes = asked.filter(({ method }) => method === 'PUT');
  expect(writes.map(({ path }) => path)).toEqual(Array(4).fill('/rest/api/3/issue/7/assignee'));
  expect(writes.map(({ body }) => body)).toEqual(
    [adam.accountId, ada.accountId, ada.accountId, null].map((accountId) => ({ accountId })),
  );
  const searches = asked.filter(({ path }) => path.includes('/user/'));
  expect(Object.fromEntries(searches[0]?.query ?? [])).toEqual({
    query: 'ada',
    project: 'PROJ',
    maxResults: '50',
  });
});

it('refuses a name that fits several, and lists them', async () => {
  const { tracker, asked } = await scripted(people([ada, adam]));
  const error = await failure(tracker.assignIssue('7', 'Ad', never));
  expect(error.kind).toBe('tracker_payload_error');
  expect(error.message).toContain(`"Ada" (ada@example.com, ${ada.accountId}), "Adam" (${adam.accountId})`);
  expect(asked.some(({ method }) => method === 'PUT')).toBe(false);
});

const hidden = { accountId: '5b0000000000000000000004', displayName: 'Bea' };
const posing = { accountId: '5b0000000000000000000005', displayName: 'bea@example.com' };

it.each([
  ['a beginning of the only name that fits', 'Ad', [adam], null],
  ['a name beside an address that contains it', 'Ada', [{ ...adam, emailAddress: 'ada@x.example' }], null],
  ['an address that its owner hides', 'bea@example.com', [hidden], hidden],
  ['an address that another shows', 'bea@example.com', [ada], null],
  ['an address that is somebody’s name', 'bea@example.com', [posing], null],
  ['an address that is another’s name', 'bea@example.com', [hidden, posing], null],
] as const)('takes %s for who is meant, or for nobody', async (_, who, users, meant) => {
  const { tracker, asked } = await scripted(people([...users]));
  if (meant === null) {
    expect((await failure(tracker.assignIssue('7', who, never))).message).toContain('give an account id');
  } else await tracker.assignIssue('7', who, never);
  const writes = asked.filter(({ method }) => method === 'PUT').map(({ body }) => body);
  expect(writes).toEqual(meant === null ? [] : [{ accountId: meant.accountId }]);
});

it('refuses a name that fits nobody, having asked all users too', async () => {
  const { tracker, asked } = await scripted(({ path }) => (path.includes('/user/') ? { body: [] } : null));
  expect((await failure(tracker.assignIssue('7', 'Nobody', never))).message).toContain(
    'no user fits "Nobody"',
  );
  expect(asked.map(({ path }) => path)).toEqual([
    '/rest/api/3/user/assignable/search',
    '/rest/api/3/user/search',
  ]);
});
