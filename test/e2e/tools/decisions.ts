// A bulk creation of twelve tickets that a person must allow, and the doors by which people decide.

import type { Daemon } from '../daemon.ts';
import { getJson, until } from '../program.ts';
import type { Agent, Answer, Desk } from './desk.ts';

/** Seed of the API: twelve tickets of a night's log, of which a person will want fewer. */
export const TWELVE = {
  projectKey: 'PROJ',
  issueType: 'Bug',
  priority: 'High',
  labels: ['ai-generated'],
  issues: Array.from({ length: 12 }, (_, place) => ({ summary: `Night error ${place + 1}` })),
};

export const askForTwelve = (agent: Agent): Promise<Answer> =>
  agent.call('atlassian_jira_create_issues', TWELVE);

/** Of the tickets that exist: summary, priority. */
export function tickets(desk: Desk): readonly (readonly [string, string | undefined])[] {
  const { issues, priorities } = desk.jira.state;
  return [...issues.values()]
    .filter(({ summary }) => summary.startsWith('Night error'))
    .map(({ summary, priorityId }) => [summary, priorities.find(({ id }) => id === priorityId)?.name]);
}

export const ticketsUpTo = (count: number, priority: string) =>
  Array.from({ length: count }, (_, place) => [`Night error ${place + 1}`, priority]);

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly decided_by: string | null;
  readonly modifiedDetails: unknown;
  readonly decisionNote: string;
  readonly result: { readonly status: string; readonly issues: readonly string[] } | null;
  readonly [name: string]: unknown;
}

/** The only proposal that waits, as soon as it does. */
export async function waiting(
  { url }: Daemon,
  headers: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  return until('a proposal that waits', async () => {
    const response = await fetch(`${url}/api/v1/approvals?status=pending`, { headers });
    const { approvals } = (await response.json()) as { approvals: Shown[] };
    if (approvals.length > 1) throw new Error(`${approvals.length} proposals wait`);
    return approvals[0];
  });
}

/** The newest proposal, whatever has become of it, as soon as there is one. */
export const latest = ({ url }: Daemon): Promise<Shown> =>
  until('a proposal', async () => {
    const { approvals } = await getJson<{ approvals: Shown[] }>(`${url}/api/v1/approvals`);
    return approvals[0];
  });

export const approval = ({ url }: Daemon, id: string): Promise<Shown> =>
  getJson<Shown>(`${url}/api/v1/approvals/${id}`);

export async function decide(
  { url }: Daemon,
  id: string,
  decision: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Answer }> {
  const response = await fetch(`${url}/api/v1/approvals/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(decision),
  });
  return { status: response.status, body: await response.json() };
}

/** Approved, and its writes have ended. */
export function applied(daemon: Daemon, id: string, timeoutMs?: number): Promise<Shown> {
  return until(
    'the writes of the proposal to end',
    async () => {
      const shown = await approval(daemon, id);
      return shown.result !== null && shown.result.status !== 'applying' && shown;
    },
    timeoutMs,
  );
}
