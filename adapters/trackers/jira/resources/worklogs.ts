// Work that was logged on an issue, and finding an entry again by its key. The start of an entry is fixed before it is
// sent, so Jira is asked only for entries that start there.
import { z } from 'zod';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { NewWorklog } from '../../../../src/contract/tracker-capabilities.ts';
import type { JiraClient } from '../client.ts';
import { documentOf } from '../document-of.ts';
import { carriesKey, keyProperties, propertiesWire } from '../write-key.ts';
import { issuePath } from './issues.ts';

/** Either side of the start: Jira may keep it without its seconds. */
const windowMs = 60_000;
const pageSize = 1_000;
/** Nobody starts a hundred thousand entries in two minutes. */
const pageLimit = 100;

const createdWire = z.object({ id: z.string().min(1) });
const pageWire = z.object({
  worklogs: z.array(z.object({ id: z.string().min(1), properties: propertiesWire })),
  total: z.number().nullish(),
});

interface Keyed {
  readonly id: string;
  readonly worklog: NewWorklog;
  readonly key: string;
}

/** Sent once; the new entry's id. */
export async function addWorklog(
  client: JiraClient,
  { id, worklog, key }: Keyed,
  signal: AbortSignal,
): Promise<string> {
  const path = worklogPath(id);
  const timeSpent = worklog.timeSpent.trim();
  if (!/^(?:\d+(?:\.\d+)?[wdhm]\s*)+$/.test(timeSpent)) {
    const detail = `${JSON.stringify(worklog.timeSpent)} is no time that Jira reads; write it like 2h 30m (w, d, h, m)`;
    throw new TrackerError({ kind: 'tracker_payload_error', method: 'POST', path, detail });
  }
  const body = {
    timeSpent,
    started: jiraDate(worklog.startedAtMs),
    ...(worklog.comment === '' ? {} : { comment: documentOf(worklog.comment) }),
    properties: keyProperties(key),
  };
  const call = { method: 'POST', path, body, issueId: id, signal } as const;
  return (await client.request({ ...call, schema: createdWire })).id;
}

/** Null: no entry that starts then carries the key. Throws `tracker_not_found` without the issue. */
export async function findWorklog(
  client: JiraClient,
  { id, worklog, key }: Keyed,
  signal: AbortSignal,
): Promise<string | null> {
  const window = {
    startedAfter: Math.max(0, worklog.startedAtMs - windowMs),
    startedBefore: worklog.startedAtMs + windowMs,
  };
  const path = worklogPath(id);
  let startAt = 0;
  for (let pages = 0; pages < pageLimit; pages += 1) {
    const query = { ...window, startAt, maxResults: pageSize, expand: 'properties' };
    const page = await client.request({ method: 'GET', path, query, schema: pageWire, signal });
    const found = page.worklogs.find(({ properties }) => carriesKey(properties, key));
    if (found) return found.id;
    startAt += page.worklogs.length;
    if (page.worklogs.length === 0 || startAt >= (page.total ?? Infinity)) return null;
  }
  const detail = `there is no end after ${pageLimit} pages, so the worklogs cannot be read whole`;
  throw new TrackerError({ kind: 'tracker_missing_end_cursor', method: 'GET', path, detail });
}

/** `2026-11-22T01:48:09.123+0000`: Jira takes neither `Z` nor a colon in the offset. */
function jiraDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function worklogPath(id: string): string {
  return `${issuePath(id)}/worklog`;
}
