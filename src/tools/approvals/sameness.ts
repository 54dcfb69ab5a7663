// Whether a write is the same as one that waits for a person already: the same operation on the same things, with names
// resolved, while what it would change is as it was. Told by a hash, so that what waits need not be kept in memory.

import { createHash } from 'node:crypto';
import type { Approval } from '../../contract/approval.ts';
import type { WriteOperation } from '../../contract/tool-operations.ts';
import type { SeenIssue, TrackerWrite } from '../../contract/tracker-write.ts';
import { storedResolution } from '../resolve/stored.ts';

export interface Comparable {
  readonly operation: WriteOperation;
  readonly writes: readonly TrackerWrite[];
  readonly before: SeenIssue | null;
}

/** @param issueId the run's. */
export function sameness(issueId: string, { operation, writes, before }: Comparable): string {
  const sent = writes.map((write) =>
    // When it was asked for is no part of what was asked for.
    write.operation === 'add_worklog' ? { ...write, startedAtMs: 0 } : write,
  );
  const said = JSON.stringify(ordered([issueId, operation, sent, touched(operation, before)]));
  return createHash('sha256').update(said).digest('base64url');
}

/** null = it was kept in a form that is not known. */
export function samenessOf({ issueId, action, before, resolved }: Approval): string | null {
  const stored = storedResolution(resolved);
  return stored && sameness(issueId, { operation: action, writes: stored.writes, before });
}

/** What has changed since makes an approval of the earlier one worthless (staleness.ts); a move says its state itself. */
function touched(operation: WriteOperation, before: SeenIssue | null): SeenIssue['fields'] | null {
  return operation === 'update_issue' || operation === 'assign_issue' ? (before?.fields ?? null) : null;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, one]) => [name, ordered(one)]),
  );
}
