// What a write is about to change, as it stands now: for people's diff, for the audit, and for the check just before it
// is sent. Both readings are made here, in one form, because only then are they comparable.

import type { Issue } from '../../contract/issue.ts';
import { canReadFields, type IssueChanges } from '../../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../../contract/tracker.ts';
import type { SeenIssue, TrackerWrite } from '../../contract/tracker-write.ts';

type Value = SeenIssue['fields'][string];

export async function seeIssue(
  write: TrackerWrite,
  issue: Issue,
  {
    tracker,
    nowMs,
    signal,
  }: { readonly tracker: TrackerAdapter; readonly nowMs: number; readonly signal: AbortSignal },
): Promise<SeenIssue> {
  const { state, updatedAt } = issue;
  const fields = await touched(write, issue, tracker, signal);
  return { atMs: nowMs, state, updatedAt, fields };
}

async function touched(
  write: TrackerWrite,
  issue: Issue,
  tracker: TrackerAdapter,
  signal: AbortSignal,
): Promise<SeenIssue['fields']> {
  switch (write.operation) {
    case 'update_issue':
      return updated(write.changes, issue, tracker, signal);
    case 'assign_issue':
      return { assignee: nullIfEmpty(issue.assignee) };
    case 'add_labels':
    case 'remove_labels':
      return { labels: [...issue.labels] };
    case 'create_issue':
    case 'transition_issue':
    case 'add_comment':
    case 'add_worklog':
    case 'link_issues':
    case 'add_watcher':
    case 'living_comment':
      return {};
  }
}

async function updated(
  changes: IssueChanges,
  issue: Issue,
  tracker: TrackerAdapter,
  signal: AbortSignal,
): Promise<SeenIssue['fields']> {
  const seen = new Map<string, Value>();
  const known = ofIssue(issue);
  for (const name of Object.keys(changes)) {
    const value = known.get(name);
    if (value !== undefined) seen.set(detailName(name), value);
  }
  if (!canReadFields(tracker)) return Object.fromEntries(seen);
  const read = await tracker.readFields(issue.id, changes, signal);
  for (const [name, value] of Object.entries(read)) {
    // People know each other by name: the account id stays what is written, not what is shown.
    if (name !== 'accountId') seen.set(detailName(name), value);
  }
  return Object.fromEntries(seen);
}

function ofIssue(issue: Issue): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['title', issue.title],
    ['description', nullIfEmpty(issue.description)],
    ['priority', issue.priority === null ? null : String(issue.priority)],
    ['labels', [...issue.labels]],
    ['accountId', nullIfEmpty(issue.assignee)],
  ]);
}

/** From the name of a change to that of the detail. */
function detailName(name: string): string {
  if (name === 'title') return 'summary';
  if (name === 'accountId') return 'assignee';
  return name.startsWith('fields.') ? `customFields.${name.slice('fields.'.length)}` : name;
}

function nullIfEmpty(text: string): string | null {
  return text === '' ? null : text;
}
