// atlassian_jira_manage_issue: eight actions, each with exactly its own parameters.
import { expect, it } from 'vitest';
import { refusal, toolbox } from './toolbox.ts';

const issueKey = 'PROJ-7';

const right: readonly (readonly [
  action: string,
  args: Record<string, unknown>,
  operation: string,
  details: object,
])[] = [
  ['add_comment', { body: 'Deployed to **staging**' }, 'add_comment', { body: 'Deployed to **staging**' }],
  ['add_worklog', { timeSpent: '2h  30m' }, 'add_worklog', { timeSpent: '2h 30m' }],
  ['add_worklog', { timeSpent: '1d', worklogComment: 'c' }, 'add_worklog', { timeSpent: '1d', comment: 'c' }],
  [
    'link_issues',
    { targetIssueKey: 'proj-8', linkType: 'blocks' },
    'link_issues',
    { targetIssueKey: 'PROJ-8', linkType: 'blocks' },
  ],
  ['add_labels', { labels: ['a', 'b'] }, 'add_labels', { labels: ['a', 'b'] }],
  ['remove_labels', { labels: ['a'] }, 'remove_labels', { labels: ['a'] }],
  ['assign', { accountId: 'Ann Example' }, 'assign_issue', { assignee: 'Ann Example' }],
  ['unassign', {}, 'assign_issue', { assignee: null }],
  ['add_watcher', { accountId: 'ann@example.com' }, 'add_watcher', { watcher: 'ann@example.com' }],
];

it.each(right)('%s %j', async (action, args, operation, details) => {
  const { actions } = await toolbox();
  expect(actions('manage_issue', { issueKey, action, ...args })).toEqual([
    { operation, details: { issueKey, ...details } },
  ]);
});

const values: Readonly<Record<string, unknown>> = {
  ...{ body: 'b', timeSpent: '1h', worklogComment: 'c', targetIssueKey: 'PROJ-8', linkType: 'blocks' },
  ...{ labels: ['l'], accountId: 'Ann' },
};

it.each(right)('%s refuses every other parameter, and is refused without its own', async (action, args) => {
  const { plan } = await toolbox();
  const optional = action === 'add_worklog' ? ['worklogComment'] : [];
  for (const name of Object.keys(values)) {
    if (name in args || optional.includes(name)) continue;
    const found = await refusal(() =>
      plan('manage_issue', { issueKey, action, ...args, [name]: values[name] }),
    );
    expect(found.kind).toBe('invalid_arguments');
    expect(found.message).toMatch(new RegExp(`^action ${action}: ${name} not allowed; it takes `));
  }
  for (const name of Object.keys(args)) {
    if (optional.includes(name)) continue;
    const found = await refusal(() => plan('manage_issue', { issueKey, action, ...args, [name]: undefined }));
    expect(found.message).toMatch(new RegExp(`^action ${action}: ${name} missing; it takes `));
  }
});

it('names all that is wrong at once', async () => {
  const { plan } = await toolbox();
  const args = { issueKey, action: 'link_issues', body: 'b', labels: ['l'] };
  expect((await refusal(() => plan('manage_issue', args))).message).toBe(
    'action link_issues: targetIssueKey, linkType missing; body, labels not allowed; it takes targetIssueKey, linkType',
  );
});

it.each(['30', '2 hours', '1.5', '0m', '-1h', '30m 2h', '1h; rm', ''])(
  'takes no %j for a duration',
  async (timeSpent) => {
    const { plan, tool } = await toolbox();
    const args = { issueKey, action: 'add_worklog', timeSpent };
    if (timeSpent === '') expect(tool('manage_issue').input.safeParse(args).success).toBe(false);
    else
      expect((await refusal(() => plan('manage_issue', args))).message).toMatch(
        /^timeSpent: ".+" is no duration/,
      );
  },
);

it.each(['2h 30m', '1w 2d 3h 4m', '90m', '1.5h'])('takes %j for a duration', async (timeSpent) => {
  const { actions } = await toolbox();
  expect(actions('manage_issue', { issueKey, action: 'add_worklog', timeSpent })).toMatchObject([
    { details: { timeSpent } },
  ]);
});

it('refuses a link to itself, blank texts and labels with spaces', async () => {
  const { plan } = await toolbox();
  const say = async (args: object) =>
    (await refusal(() => plan('manage_issue', { issueKey, ...args }))).message;
  expect(await say({ action: 'link_issues', targetIssueKey: 'proj-7', linkType: 'blocks' })).toMatch(
    /^targetIssueKey: is issueKey/,
  );
  expect(await say({ action: 'add_comment', body: ' \n' })).toBe('body: is blank; write a text');
  expect(await say({ action: 'add_labels', labels: ['x y'] })).toMatch(/^labels: "x y"/);
  expect(await say({ action: 'add_watcher', accountId: ' ' })).toMatch(/^accountId: is blank/);
});
