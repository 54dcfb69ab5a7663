// Trackers of ours over a loopback Jira. After each test everything is closed, and a request that Atlassian's
// description does not allow fails the test.
import { afterEach, expect } from 'vitest';
import { connectJira } from '../../../../adapters/trackers/jira/connection.ts';
import { Governor } from '../../../../adapters/trackers/jira/governor/governor.ts';
import type { JiraCapabilities } from '../../../../adapters/trackers/jira/capabilities.ts';
import { createJiraTracker } from '../../../../adapters/trackers/jira/jira-tracker.ts';
import type { JiraContext } from '../../../../adapters/trackers/jira/settings.ts';
import type { TrackerAdapter } from '../../../../src/contract/tracker.ts';
import { startLoopbackJira, type LoopbackJira, type LoopbackOptions } from '../../../loopback-jira/index.ts';
import { jiraContext, type Told } from './jira-context.ts';
import { quickClock } from './quick-clock.ts';

/** Atlassian documents it, the loopback does not have it; the doctor asks it and copes. */
const unknownHere = '/mypermissions';

const running: LoopbackJira[] = [];

afterEach(async () => {
  const ended = running.splice(0);
  await Promise.all(ended.map((jira) => jira.close()));
  for (const jira of ended) {
    const wrong = jira.violations().filter(({ path }) => path !== unknownHere);
    expect(wrong.map(({ url, violation }) => `${url}: ${violation}`)).toEqual([]);
  }
});

export async function loopback(options: LoopbackOptions = {}): Promise<LoopbackJira> {
  const jira = await startLoopbackJira(options);
  running.push(jira);
  return jira;
}

export interface Attached {
  readonly tracker: TrackerAdapter & JiraCapabilities;
  readonly told: Told[];
}

/** A tracker on it, with the bot's token and the board's states unless said otherwise; it waits in quick time. */
export function attach(
  jira: Pick<LoopbackJira, 'url'>,
  changes: Parameters<typeof jiraContext>[0] = {},
): Attached {
  const told: Told[] = [];
  const warn: JiraContext['warn'] = (message, fields) => {
    told.push({ message, fields });
  };
  const context = jiraContext({
    endpoint: jira.url,
    apiKey: 'bot@example.com:secret-token',
    activeStates: ['Selected for Development', 'In Progress'],
    terminalStates: ['Done'],
    warn,
    ...changes,
  });
  const governor = new Governor({ clock: quickClock, random: () => 0, warn });
  const connection = connectJira(context, { governor, clock: quickClock, random: () => 0 });
  return { tracker: createJiraTracker(connection), told };
}
