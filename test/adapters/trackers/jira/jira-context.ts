// A workflow's Jira settings with everything that is required, and a client on them.
import { setMaxListeners } from 'node:events';
import { afterEach } from 'vitest';
import { connectJira, type JiraConnection } from '../../../../adapters/trackers/jira/connection.ts';
import type { JiraClientOptions } from '../../../../adapters/trackers/jira/client.ts';
import { Governor } from '../../../../adapters/trackers/jira/governor/governor.ts';
import { closeConnections } from '../../../../adapters/trackers/jira/http/connections.ts';
import { jiraSettings, type JiraContext } from '../../../../adapters/trackers/jira/settings.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { FaultServer, type Answerer } from './fault-server.ts';

export const token = 'ATATT3xFfGF0secretTokenOfTheTest=1A2B3C4D';
export const apiKey = `agent@example.com:${token}`;
export const never = new AbortController().signal;
setMaxListeners(0, never);

export function jiraContext(
  changes: Partial<Omit<JiraContext, 'settings'>> & { settings?: object } = {},
): JiraContext {
  const { settings, ...rest } = changes;
  return {
    kind: 'jira',
    endpoint: 'https://acme.atlassian.net',
    apiKey,
    project: 'PROJ',
    queryFilter: '',
    activeStates: ['To Do'],
    terminalStates: ['Done'],
    richText: 'plain',
    workflowDirectory: '/nowhere',
    warn: () => undefined,
    ...rest,
    settings: jiraSettings.parse(settings ?? {}),
  };
}

const running: FaultServer[] = [];

/** Ended after the test. */
export async function serve(answer: Answerer): Promise<FaultServer> {
  const server = await FaultServer.start(answer);
  running.push(server);
  return server;
}

afterEach(async () => {
  await closeConnections();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

export interface Told {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** On a server, with short waits: random is 0, so that a back-off is at its shortest. */
export function connect(
  server: FaultServer,
  overrides: Partial<Omit<JiraClientOptions, 'settings'>> = {},
  settings: object = {},
): JiraConnection & { told: Told[] } {
  const told: Told[] = [];
  const warn = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    told.push({ message, fields });
  };
  const { clock } = overrides;
  const governor = new Governor({ ...(clock ? { clock } : {}), random: () => 0, warn });
  const context = jiraContext({ endpoint: server.origin, settings, warn });
  return { ...connectJira(context, { governor, random: () => 0, ...overrides }), told };
}

export async function failure(promise: Promise<unknown>): Promise<TrackerError> {
  const error = await promise.then(
    (value) => new Error(`succeeded: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TrackerError)) throw error;
  return error;
}
