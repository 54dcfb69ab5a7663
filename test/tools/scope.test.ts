// Nothing outside of the scope is read, shown or written, whatever name it is given.

import { describe, expect, it } from 'vitest';
import { dataOf, kindOf, openDesk } from './desk.ts';

const outside: readonly (readonly [string, string, object])[] = [
  ['a project', 'create_issue', { projectKey: 'OPS', issueType: 'Bug', summary: 'x' }],
  ['a project in small letters', 'create_issue', { projectKey: 'ops', issueType: 'Bug', summary: 'x' }],
  ['a parent', 'create_issue', { projectKey: 'ENG', issueType: 'Bug', summary: 'x', parentKey: 'OPS-1' }],
  [
    'a parent of one of many',
    'create_issues',
    { projectKey: 'ENG', issueType: 'Bug', issues: [{ summary: 'x', parentKey: 'OPS-1' }] },
  ],
  ['a key', 'add_comment', { issueKey: 'OPS-1', body: 'x' }],
  ['the target of a link', 'link_issues', { issueKey: 'ENG-1', targetIssueKey: 'OPS-1', linkType: 'blocks' }],
];

describe.each(outside)('%s of another project', (_what, operation, details) => {
  it('is refused before any request', async () => {
    const desk = await openDesk({ writeDefault: 'allow' });
    const run = await desk.run();
    const asked = desk.site.requests.filter((one) => one !== 'schema').length;
    expect(kindOf(await run.write(operation, details))).toBe('project_scope_violation');
    expect(desk.site.requests.filter((one) => one !== 'schema')).toHaveLength(asked);
  });
});

it('reads an id of another issue once, judges it, and shows nothing of it', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  for (const [tool, args] of [
    ['tracker_api', { operation: 'fetch_issue', issueKey: '9' }],
    ['tracker_api', { operation: 'fetch_comments', issueKey: '9' }],
    ['tracker_api', { operation: 'add_comment', issueKey: '9', body: 'x' }],
  ] as const) {
    const answer = await run.call(tool, args);
    expect(kindOf(answer)).toBe('project_scope_violation');
    expect(JSON.stringify(answer.body)).not.toContain('OPS');
  }
  expect(desk.site.writes).toEqual([]);
});

it('finds out that a key stands for an issue that was moved to another project', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const { tracker } = desk.site as unknown as { tracker: { fetchIssueByIdentifier: unknown } };
  tracker.fetchIssueByIdentifier = async () => desk.site.issues.get('9');
  expect(kindOf(await run.call('tracker_api', { operation: 'fetch_issue', issueKey: 'ENG-5' }))).toBe(
    'project_scope_violation',
  );
  expect(kindOf(await run.write('add_comment', { issueKey: 'ENG-5', body: 'x' }))).toBe(
    'project_scope_violation',
  );
});

it('always lets the run work on its own issue, and on others as the settings say', async () => {
  const desk = await openDesk({ writeDefault: 'allow', projects: ['OPS'] });
  const run = await desk.run();
  expect((await run.write('add_comment', { issueKey: 'eng-1', body: 'own' })).ok).toBe(true);
  expect((await run.write('add_comment', { issueKey: 'OPS-1', body: 'more' })).ok).toBe(true);
  expect(kindOf(await run.write('add_comment', { issueKey: 'ENG-2', body: 'x' }))).toBe(
    'project_scope_violation',
  );
  desk.settings.tools = { ...desk.settings.tools, projects: ['*'] };
  expect((await run.write('add_comment', { issueKey: 'ENG-2', body: 'all' })).ok).toBe(true);
});

it('has nothing to violate where the tracker has no projects; what is unknown is not found', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  desk.settings.project = '';
  const run = await desk.run();
  expect((await run.write('add_comment', { issueKey: 'OPS-1', body: 'x' })).ok).toBe(true);
  expect((await run.write('add_comment', { issueKey: '2', body: 'by id' })).ok).toBe(true);
  expect(kindOf(await run.write('add_comment', { issueKey: 'nowhere', body: 'x' }))).toBe(
    'tracker_not_found',
  );
});

it('bounds a search by the scope', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  expect(dataOf(await run.call('tracker_api', { operation: 'search_issues', query: 'all' }))).toHaveProperty(
    'issues',
  );
  expect(desk.site.requests.at(-1)).toBe('search all {"limit":25,"projects":["ENG"]}');
});
