// The block `jira:` and the tracker settings, as construction takes them or refuses them.
import { expect, it } from 'vitest';
import { connectJira } from '../../../../adapters/trackers/jira/connection.ts';
import { jiraSettings, readJiraSettings } from '../../../../adapters/trackers/jira/settings.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { jiraContext } from './jira-context.ts';

it('has the defaults of the contract', () => {
  expect(readJiraSettings(jiraContext())).toMatchObject({
    browseBase: 'https://acme.atlassian.net',
    apiBase: { kind: 'fixed', base: 'https://acme.atlassian.net' },
    project: 'PROJ',
    queryFilter: '',
    userAgent: 'sortie/dev',
    priorityOrder: [],
    maxCandidatePages: 20,
    webhookSecret: '',
    richText: 'plain',
    parkLabel: '',
    warnings: [],
  });
});

it.each([
  [{ apiKey: '' }, 'missing_tracker_api_key', 'tracker.api_key'],
  [{ apiKey: ' ' }, 'missing_tracker_api_key', 'tracker.api_key'],
  [{ project: '' }, 'missing_tracker_project', 'tracker.project'],
  [{ project: '  ' }, 'missing_tracker_project', 'tracker.project'],
  [{ apiKey: 'nocolon' }, 'tracker_auth_error', 'tracker.api_key'],
  [{ endpoint: 'acme.atlassian.net' }, 'tracker_payload_error', 'tracker.endpoint'],
  [{ queryFilter: 'a) OR (b' }, 'tracker_payload_error', 'tracker.query_filter: column 2'],
])('refuses to build on %j', (changes, kind, place) => {
  const context = jiraContext(changes);
  const build = () => connectJira(context);
  expect(build).toThrow(TrackerError);
  expect(build).toThrow(`tracker: ${kind}: create ${place}`);
});

it.each([
  [
    { api_base: 'https://api.atlassian.com/ex/jira/1/' },
    { kind: 'fixed', base: 'https://api.atlassian.com/ex/jira/1' },
  ],
  [{ cloud_id: '11111111-2222' }, { kind: 'gateway', cloudId: '11111111-2222' }],
  [{ cloud_id: 'auto' }, { kind: 'discover' }],
])('sends requests where %j says', (settings, expected) => {
  expect(readJiraSettings(jiraContext({ settings })).apiBase).toEqual(expected);
});

it.each<[object, string]>([
  [{ api_base: 'api.atlassian.com' }, 'api_base'],
  [{ api_base: 'https://u:p@api.atlassian.com' }, 'api_base'],
  [{ cloud_id: '../x' }, 'cloud_id'],
  [{ cloud_id: 'auto', api_base: 'https://a.b' }, 'cloud_id'],
  [{ user_agent: 'a\r\nX-Evil: 1' }, 'user_agent'],
  [{ user_agent: '' }, 'user_agent'],
  [{ priority_order: ['High', 'high'] }, 'priority_order'],
  [{ priority_order: ['High', ' '] }, 'priority_order'],
  [{ max_candidate_pages: 0 }, 'max_candidate_pages'],
  [{ max_candidate_pages: 'many' }, 'max_candidate_pages'],
  [{ max_candidate_pages: 1.5 }, 'max_candidate_pages'],
  [{ webhook_secret: 7 }, 'webhook_secret'],
])('refuses %j', (block, key) => {
  const result = jiraSettings.safeParse(block);
  expect(result.error?.issues[0]?.path[0]).toBe(key);
});

it('takes a number in quotes, as all settings do', () => {
  expect(jiraSettings.parse({ max_candidate_pages: '7' }).max_candidate_pages).toBe(7);
});

it('warns of an unencrypted way and of an empty list of terminal states', () => {
  const open = jiraContext({ endpoint: 'http://jira.example.com', terminalStates: [] });
  expect(readJiraSettings(open).warnings).toEqual([
    expect.stringContaining('unencrypted'),
    expect.stringContaining('tracker.terminal_states is empty'),
  ]);
  const base = jiraContext({ settings: { api_base: 'http://gateway.example.com' } });
  expect(readJiraSettings(base).warnings).toEqual([expect.stringContaining('jira.api_base')]);
});
