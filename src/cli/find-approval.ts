// One proposal by its id, or by a beginning that no other one has.

import { APPROVAL_FIELDS, type ShownApproval } from './approval-text.ts';
import type { DaemonClient } from './client/daemon-client.ts';

interface Page {
  readonly approvals: readonly ShownApproval[];
  readonly next_cursor: string | null;
}

/** A whole UUID is asked for as it is. */
const WHOLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHORTEST = 4;
const MOST_PAGES = 40;

/** Throws an Error with one line for people. */
export async function findApproval(client: DaemonClient, given: string): Promise<ShownApproval> {
  const id = given.toLowerCase();
  if (WHOLE.test(id)) return client.get(`/api/v1/approvals/${id}`, APPROVAL_FIELDS);
  if (!/^[0-9a-f-]+$/.test(id) || id.length < SHORTEST) {
    throw new Error(`args: ${JSON.stringify(given)} is no id, nor ${SHORTEST} or more characters of one`);
  }
  const found: ShownApproval[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null && page < MOST_PAGES; page += 1) {
    const answer: Page = await approvalPage(client, { limit: '500', cursor });
    found.push(...answer.approvals.filter((approval) => approval.id.startsWith(id)));
    cursor = answer.next_cursor;
  }
  const [only, ...others] = found;
  if (only === undefined) throw new Error(`no proposal begins with ${id}; see sortie approvals list --all`);
  if (others.length > 0) {
    const ids = found.slice(0, 5).map((approval) => approval.id);
    throw new Error(`${found.length} proposals begin with ${id}: ${ids.join(', ')}; write more of it`);
  }
  return only;
}

/** Empty values are left out. */
export async function approvalPage(
  client: DaemonClient,
  filters: Readonly<Record<string, string>>,
): Promise<Page> {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  return client.get<Page>(`/api/v1/approvals?${query.toString()}`, ['approvals', 'next_cursor']);
}
