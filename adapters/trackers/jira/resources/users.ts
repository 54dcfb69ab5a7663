// Accounts: who we are, and whom a name, an e-mail address or an account id means. Jira hides most e-mail addresses
// and answers a search with whoever fits a little, so whom it finds need not be meant (person-match.ts).
import { z } from 'zod';
import { personMeant } from '../../../../src/contract/person-match.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { TrackerUser } from '../../../../src/contract/tracker-capabilities.ts';
import type { JiraClient } from '../client.ts';

const userWire = z.object({
  accountId: z.string().min(1),
  accountType: z.string().nullish(),
  active: z.boolean().nullish(),
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
});
type UserWire = z.infer<typeof userWire>;
const usersWire = z.array(userWire);

const myselfPath = '/rest/api/3/myself';
const searchLimit = 50;
const listedCandidates = 10;

export interface Myself extends TrackerUser {
  /** Jira's clock less ours; null when not told. */
  readonly clockAheadMs: number | null;
}

/** The one endpoint that answers 401 to bad credentials; others take them for an anonymous visitor's. */
export async function readMyself(client: JiraClient, signal: AbortSignal): Promise<Myself> {
  const call = { method: 'GET', path: myselfPath, schema: userWire, signal } as const;
  const { value, clockAheadMs } = await client.answer(call);
  return { ...userOf(value), clockAheadMs };
}

export async function findUsers(
  client: JiraClient,
  { query, project }: { readonly query: string; readonly project: string },
  signal: AbortSignal,
): Promise<TrackerUser[]> {
  const wanted = query.trim();
  if (wanted === '') return [];
  if (looksLikeAccountId(wanted)) {
    const user = await readUser(client, wanted, signal);
    if (user !== null) return [user];
  }
  // Who may be assigned needs the lesser permission; the search over all finds who may not.
  let users = await search(client, '/rest/api/3/user/assignable/search', { query: wanted, project }, signal);
  if (users.length === 0) users = await search(client, '/rest/api/3/user/search', { query: wanted }, signal);
  const meant = personMeant(wanted, users);
  return meant === null ? users : [meant];
}

/** The account that is meant. Throws `tracker_payload_error` when nobody or more than one fits, and lists these. */
export async function accountIdOf(
  client: JiraClient,
  { query, project }: { readonly query: string; readonly project: string },
  signal: AbortSignal,
): Promise<string> {
  const wanted = query.trim();
  if (looksLikeAccountId(wanted)) return wanted;
  const users = await findUsers(client, { query: wanted, project }, signal);
  const meant = personMeant(wanted, users);
  if (meant !== null) return meant.accountId;
  const path = '/rest/api/3/user/search';
  const listed = users.slice(0, listedCandidates).map(describe).join(', ');
  const more = users.length > listedCandidates ? `, and ${users.length - listedCandidates} more` : '';
  const detail =
    users.length === 0
      ? `no user fits ${JSON.stringify(wanted)}; give an account id`
      : `${JSON.stringify(wanted)} is no whole name or address of one user, but fits: ${listed}${more}; give an account id`;
  throw new TrackerError({ kind: 'tracker_payload_error', method: 'GET', path, detail });
}

/** `5b10ac8d82e05b22cc7d4ef5`, `557058:f58131cb-b67d-43c7-b30d-6b58d40bd077`, `qm:…:…`: never with @ or spaces. */
function looksLikeAccountId(text: string): boolean {
  return /^[A-Za-z0-9:_-]{10,128}$/.test(text) && /\d/.test(text);
}

/** Throws `tracker_not_found` for an account that Jira does not have, or does not take for one. */
export async function readUserById(
  client: JiraClient,
  accountId: string,
  signal: AbortSignal,
): Promise<TrackerUser> {
  const user = await readUser(client, accountId, signal);
  if (user !== null) return user;
  const detail = `Jira has no account ${JSON.stringify(accountId.slice(0, 128))}`;
  throw new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: '/rest/api/3/user', detail });
}

async function readUser(
  client: JiraClient,
  accountId: string,
  signal: AbortSignal,
): Promise<TrackerUser | null> {
  const call = {
    method: 'GET',
    path: '/rest/api/3/user',
    query: { accountId },
    schema: userWire,
    signal,
  } as const;
  try {
    return userOf(await client.request(call));
  } catch (error) {
    const unknown = ['tracker_not_found', 'tracker_payload_error'];
    if (error instanceof TrackerError && unknown.includes(error.kind)) return null;
    throw error;
  }
}

async function search(
  client: JiraClient,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TrackerUser[]> {
  const call = { method: 'GET', path, query: { ...query, maxResults: searchLimit }, signal } as const;
  const users = await client.request({ ...call, schema: usersWire });
  return users
    .filter(({ active, accountType }) => active !== false && accountType !== 'customer')
    .map(userOf);
}

function userOf(user: UserWire): TrackerUser {
  return {
    accountId: user.accountId,
    displayName: user.displayName ?? '',
    email: user.emailAddress ?? '',
  };
}

function describe({ displayName, email, accountId }: TrackerUser): string {
  return `${JSON.stringify(displayName)} (${email === '' ? '' : `${email}, `}${accountId})`;
}
