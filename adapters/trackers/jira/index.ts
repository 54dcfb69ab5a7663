// `tracker.kind: jira`: Jira Cloud through its REST API v3. docs/adapters/jira.md is its page.
import { TrackerError, type TrackerRegistration } from '../../../src/contract/tracker.ts';
import { connectJira } from './connection.ts';
import { trimBase } from './endpoint.ts';
import { createJiraTracker } from './jira-tracker.ts';
import { defaultActiveStates, jiraSettings, readJiraSettings } from './settings.ts';

export const tracker: TrackerRegistration = {
  kind: 'jira',
  requiresProject: true,
  requiresApiKey: true,
  defaultActiveStates: [...defaultActiveStates],
  defaultTerminalStates: [],
  settingsSchema: jiraSettings,
  pathSettings: [],
  secretSettings: ['webhook_secret'],
  identity: ({ endpoint, project }) => `${trimBase(endpoint) ?? endpoint.trim()} ${project.trim()}`,
  warnings(context) {
    try {
      return readJiraSettings(context).warnings;
    } catch (error) {
      if (error instanceof TrackerError) return [];
      throw error;
    }
  },
  create: (context) => createJiraTracker(connectJira(context)),
};
