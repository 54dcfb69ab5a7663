// Settings → what the tracker is built on. All adapters of one site share its governor, and all share the sockets: a
// reload makes a new adapter while the old one still has requests under way, and Jira counts them together.
import { JiraClient, type JiraClientOptions } from './client.ts';
import { systemClock, type Clock } from './governor/clock.ts';
import { Governor } from './governor/governor.ts';
import { readJiraSettings, type JiraContext, type JiraSettings } from './settings.ts';

export interface JiraConnection {
  readonly settings: JiraSettings;
  readonly client: JiraClient;
  readonly governor: Governor;
  readonly warn: JiraContext['warn'];
  readonly clock: Clock;
}

/** By site. A process has one or two. */
const governors = new Map<string, Governor>();

/**
 * Throws TrackerError for settings that cannot work. No I/O. `overrides` are for tests; a governor of theirs is not
 * shared.
 */
export function connectJira(
  context: JiraContext,
  overrides: Partial<Omit<JiraClientOptions, 'settings'>> = {},
): JiraConnection {
  const settings = readJiraSettings(context);
  const { warn } = context;
  const governor = overrides.governor ?? governorOf(settings.browseBase, warn);
  const client = new JiraClient({ ...overrides, settings, governor });
  return { settings, client, governor, warn, clock: overrides.clock ?? systemClock };
}

function governorOf(site: string, warn: JiraContext['warn']): Governor {
  const known = governors.get(site);
  if (known) {
    known.speakThrough(warn);
    return known;
  }
  const governor = new Governor({ warn });
  governors.set(site, governor);
  return governor;
}
