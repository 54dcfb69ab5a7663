// Issues that carry the key of the write that made them, and finding one again. Two looks, because the search index lags:
// a search among our own new issues, and a read by key of those that may have been made since the newest that the index
// knows; keys of a project count upwards, and what is read by key lags behind nothing.
import { z } from 'zod';
import type { IssueRef } from '../../../../src/contract/issue.ts';
import type { JiraClient } from '../client.ts';
import { quoteJql } from '../jql.ts';
import { isKey, writeProperty } from '../write-key.ts';
import { searchAll, searchPage, searchPageOf } from './search.ts';

/** How much further back than it was sent an issue may seem to be made, by a clock of Jira's that differs from ours. */
const clockSlackMinutes = 10;
/** Keys that are read around the newest one that the index has: it may lack some before it, too. Jira takes 100. */
const keysBefore = 20;
const keysBehind = 80;
const bulkPath = '/rest/api/3/issue/bulkfetch';

const madeWire = z.object({
  id: z.string().min(1),
  key: z.string().min(1),
  fields: z.object({ creator: z.object({ accountId: z.string().nullish() }).nullish() }).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
type MadeWire = z.infer<typeof madeWire>;
const madePage = searchPageOf(madeWire);
const bulkWire = z.object({ issues: z.array(madeWire) });

export interface WantedIssue {
  readonly project: string;
  readonly key: string;
  readonly ourselves: string;
  /** Since it can have been sent first. */
  readonly ageMs: number;
}

/** Null: neither look shows it. With several (a write that was repeated by a mistake) the oldest. */
export async function findKeyedIssue(
  client: JiraClient,
  wanted: WantedIssue,
  signal: AbortSignal,
): Promise<IssueRef | null> {
  const indexed = await ownNewIssues(client, wanted.ageMs, signal);
  return pick(indexed, wanted) ?? pick(await newestByKey(client, wanted.project, signal), wanted);
}

/** In any project, so that one that was moved at once is found. Minutes from now mean the same in every time zone. */
function ownNewIssues(client: JiraClient, ageMs: number, signal: AbortSignal): Promise<MadeWire[]> {
  const minutes = Math.ceil(Math.max(0, ageMs) / 60_000) + clockSlackMinutes;
  const jql = `creator = currentUser() AND created >= "-${minutes}m" ORDER BY created DESC`;
  const search = { jql, fields: ['creator'], properties: [writeProperty], schema: madePage };
  return searchAll(client, search, signal);
}

async function newestByKey(client: JiraClient, project: string, signal: AbortSignal): Promise<MadeWire[]> {
  const jql = `project = ${quoteJql(project)} ORDER BY key DESC`;
  const page = await searchPage(
    client,
    { jql, fields: ['creator'], schema: madePage },
    ...([undefined, 1, signal] as const),
  );
  const { prefix, number } = partsOf(page.issues[0]?.key ?? `${project.toUpperCase()}-0`);
  const first = Math.max(1, number - keysBefore);
  const count = number + keysBehind - first;
  const keys = Array.from({ length: count }, (_, index) => `${prefix}-${first + index}`);
  const { issues } = await client.request({
    ...{ method: 'POST', path: bulkPath, access: 'read', signal },
    body: { issueIdsOrKeys: keys, fields: ['creator'], properties: [writeProperty] },
    schema: bulkWire,
  });
  return issues;
}

function pick(issues: readonly MadeWire[], { key, ourselves }: WantedIssue): IssueRef | null {
  const [oldest] = issues
    .filter(({ fields }) => (fields?.creator?.accountId ?? ourselves) === ourselves)
    .filter(({ properties }) => isKey(properties?.[writeProperty], key))
    .sort((one, other) => Number(one.id) - Number(other.id));
  return oldest ? { id: oldest.id, identifier: oldest.key } : null;
}

function partsOf(key: string): { prefix: string; number: number } {
  const dash = key.lastIndexOf('-');
  return { prefix: key.slice(0, dash), number: Number(key.slice(dash + 1)) || 0 };
}
