// What the kind `jira` declares, and what tells two of its trackers apart.
import { expect, it } from 'vitest';
import { tracker } from '../../../../adapters/trackers/jira/index.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { apiKey, jiraContext, token } from './jira-context.ts';

it('declares what the contract says', () => {
  expect(tracker).toMatchObject({
    kind: 'jira',
    requiresProject: true,
    requiresApiKey: true,
    defaultActiveStates: ['Backlog', 'Selected for Development', 'In Progress'],
    defaultTerminalStates: [],
    secretSettings: ['webhook_secret'],
  });
});

it('keeps its identity whatever the spelling of the endpoint, and never tells the key', () => {
  const identity = tracker.identity(jiraContext());
  expect(tracker.identity(jiraContext({ endpoint: 'https://ACME.atlassian.net:443/' }))).toBe(identity);
  expect(tracker.identity(jiraContext({ apiKey: `${apiKey}x` }))).toBe(identity);
  expect(tracker.identity(jiraContext({ project: 'OTHER' }))).not.toBe(identity);
  expect(identity).not.toContain(token);
});

it('refuses at construction what cannot work, and has no warnings to add to that', () => {
  const context = jiraContext({ apiKey: 'nocolon', terminalStates: [] });
  expect(() => tracker.create(context)).toThrow(TrackerError);
  expect(tracker.warnings?.(context)).toEqual([]);
});

it('warns before anything runs', () => {
  const context = jiraContext({ terminalStates: [] });
  expect(tracker.warnings?.(context)).toEqual([expect.stringContaining('tracker.terminal_states is empty')]);
  expect(tracker.warnings?.(jiraContext())).toEqual([]);
});
