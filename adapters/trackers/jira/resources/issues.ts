// Issues that are known by id or key. One unknown id or key makes Jira refuse a whole batch (400), in words of the
// account's language; such a batch is asked for again with `bulkfetch`, which leaves out what it cannot show. A moved
// issue answers to its old key with its new one, so answers are matched to what was asked, never taken by their key.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { segment } from '../http/path.ts';
import { byIdsJql, byKeysJql, inBatches, isKey, isNumericId } from '../jql.ts';
import { issueFields, issueWire, statusWire, type IssueWire } from '../normalise-issue.ts';
import { searchAll, searchPageOf } from './search.ts';

const stateWire = z.object({
  id: z.string().min(1),
  key: z.string().min(1),
  fields: z.object({ status: statusWire }),
});
type StateWire = z.infer<typeof stateWire>;

const statePage = searchPageOf(stateWire);
const bulkPath = '/rest/api/3/issue/bulkfetch';
const bulkWire = z.object({
  issues: z.array(stateWire),
  issueErrors: z.array(z.object({ id: z.string().nullish() })).nullish(),
});

export function issuePath(id: string): string {
  return `/rest/api/3/issue/${segment(id)}`;
}

/** Throws `tracker_not_found`. */
export function readIssue(client: JiraClient, id: string, signal: AbortSignal): Promise<IssueWire> {
  const query = { fields: issueFields.join(',') };
  return client.request({ method: 'GET', path: issuePath(id), query, schema: issueWire, signal });
}

/** In any case, also by a key that it had before it was moved. Throws `tracker_not_found`. */
export async function readIssueByKey(
  client: JiraClient,
  key: string,
  signal: AbortSignal,
): Promise<IssueWire> {
  signal.throwIfAborted();
  if (isKey(key)) return await readIssue(client, key, signal);
  const detail = `no issue can have the key ${JSON.stringify(key.slice(0, 100))}; write one such as PROJ-42`;
  throw new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: '/rest/api/3/issue', detail });
}

/** From Jira's database, not its index: true at this moment. Throws `tracker_not_found`. */
export async function readState(client: JiraClient, id: string, signal: AbortSignal): Promise<string> {
  return (await readStateWire(client, id, signal)).fields.status.name;
}

function readStateWire(client: JiraClient, id: string, signal: AbortSignal): Promise<StateWire> {
  const query = { fields: 'status' };
  return client.request({ method: 'GET', path: issuePath(id), query, schema: stateWire, signal });
}

/** `fresh` says for which of the ids the index may lag behind a write of ours. */
export async function statesByIds(
  client: JiraClient,
  ids: readonly string[],
  fresh: (ids: readonly string[]) => readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const batch of inBatches(ids.filter(isNumericId))) {
    const issues = await batchStates(client, batch, byIdsJql(batch), fresh(batch), signal);
    const asked = new Set(batch);
    for (const { id, fields } of issues) if (asked.has(id)) states.set(id, fields.status.name);
  }
  return states;
}

/** Keyed as asked, also for an issue that was moved and has another key now. */
export async function statesByKeys(
  client: JiraClient,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const batch of inBatches(keys.filter(isKey))) {
    const issues = await batchStates(client, batch, byKeysJql(batch), [], signal);
    const byKey = new Map(issues.map((issue) => [issue.key.toUpperCase(), issue]));
    const missing: string[] = [];
    const matched = new Set<string>();
    for (const key of batch) {
      const issue = byKey.get(key.toUpperCase());
      if (issue) states.set(key, issue.fields.status.name);
      else missing.push(key);
      if (issue) matched.add(issue.id);
    }
    const moved = issues.filter(({ id }) => !matched.has(id));
    for (const [key, state] of await movedStates(client, missing, moved, signal)) states.set(key, state);
  }
  return states;
}

/** Which of the missing keys led to the issues that came back under another key. */
async function movedStates(
  client: JiraClient,
  missing: readonly string[],
  moved: readonly StateWire[],
  signal: AbortSignal,
): Promise<[string, string][]> {
  const [only] = moved;
  const [key] = missing;
  if (only === undefined || key === undefined) return [];
  if (moved.length === 1 && missing.length === 1) return [[key, only.fields.status.name]];
  const found: [string, string][] = [];
  for (const one of missing) {
    const issue = await readIfThere(client, one, signal);
    if (issue !== null) found.push([one, issue.fields.status.name]);
  }
  return found;
}

async function batchStates(
  client: JiraClient,
  batch: readonly string[],
  jql: string | null,
  reconcile: readonly string[],
  signal: AbortSignal,
): Promise<StateWire[]> {
  if (jql === null) return [];
  try {
    return await searchAll(client, { jql, fields: ['status'], schema: statePage, reconcile }, signal);
  } catch (error) {
    // A 400, or an answer that cannot be read: either way the other endpoint may do better, and fails by itself if not.
    if (!(error instanceof TrackerError) || error.kind !== 'tracker_payload_error') throw error;
  }
  const { issues, issueErrors } = await client.request({
    method: 'POST',
    path: bulkPath,
    body: { issueIdsOrKeys: batch, fields: ['status'] },
    access: 'read',
    schema: bulkWire,
    signal,
  });
  // Which Jira failed to read. Its description says that unknown ones are not among them, so each is asked for alone.
  for (const { id } of issueErrors ?? []) {
    const issue = await readIfThere(client, id ?? '', signal);
    if (issue !== null) issues.push(issue);
  }
  return issues;
}

/** Null: there is no such issue, or we may not see it. */
export async function readIfThere(
  client: JiraClient,
  id: string,
  signal: AbortSignal,
): Promise<StateWire | null> {
  try {
    return await readStateWire(client, id, signal);
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'tracker_not_found') return null;
    throw error;
  }
}
