// A tracker on a server that answers as a test says, for what an honest Jira would not do: endless tokens, odd shapes,
// lost answers. What was asked is kept, with path, query and body apart.
import type { TrackerAdapter } from '../../../../src/contract/tracker.ts';
import type { JiraCapabilities } from '../../../../adapters/trackers/jira/capabilities.ts';
import { createJiraTracker } from '../../../../adapters/trackers/jira/jira-tracker.ts';
import { connectJira } from '../../../../adapters/trackers/jira/connection.ts';
import { Governor } from '../../../../adapters/trackers/jira/governor/governor.ts';
import type { JiraContext } from '../../../../adapters/trackers/jira/settings.ts';
import { jiraContext, serve, type Told } from './jira-context.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** `lost`: the request arrives and is remembered, its answer never comes. */
export type Reply = { readonly status?: number; readonly body?: unknown } | 'lost';

export interface Scripted {
  readonly tracker: TrackerAdapter & JiraCapabilities;
  readonly asked: Asked[];
  readonly told: Told[];
}

/** `/myself` is answered unless the script does so itself. */
export async function scripted(
  script: (asked: Asked) => Reply | null,
  context: Parameters<typeof jiraContext>[0] = {},
): Promise<Scripted> {
  const asked: Asked[] = [];
  const server = await serve((seen, response) => {
    const url = new URL(seen.url, 'http://jira');
    const body: unknown = seen.body === '' ? undefined : JSON.parse(seen.body);
    const request = { method: seen.method, path: url.pathname, query: url.searchParams, body };
    asked.push(request);
    const reply = script(request) ?? unasked(request);
    if (reply === 'lost') {
      response.socket?.destroy();
      return;
    }
    const { status = 200, body: answer } = reply;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  });
  const told: Told[] = [];
  const warn: JiraContext['warn'] = (message, fields) => {
    told.push({ message, fields });
  };
  const governor = new Governor({ random: () => 0, warn });
  const whole = jiraContext({ endpoint: server.origin, warn, ...context });
  const tracker = createJiraTracker(connectJira(whole, { governor, random: () => 0 }));
  return { tracker, asked, told };
}

export const me = { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Sortie', emailAddress: '' };

function unasked({ path }: Asked): Reply {
  if (path === '/rest/api/3/myself') return { body: me };
  return { status: 404, body: { errorMessages: ['nichts da'] } };
}

/** An issue as Jira writes it, with the fields that are asked for. */
export function issueJson(
  number: number,
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    id: String(10_000 + number),
    key: `PROJ-${number}`,
    self: 'https://jira/x',
    fields: { summary: `Issue ${number}`, status: { name: 'To Do' }, labels: [], issuelinks: [], ...fields },
  };
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
