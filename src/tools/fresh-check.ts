// Just before a write of an agent's is sent: is the issue still there, still in scope, and still what it was in the
// fields that the write changes? What was read within the same moment and was never tried is not read again.

import type { IssueRef } from '../contract/issue.ts';
import type { OutboxWrite } from '../contract/outbox.ts';
import type { SeenIssue, TrackerWrite } from '../contract/tracker-write.ts';
import { TrackerError, type TrackerAdapter } from '../contract/tracker.ts';
import type { FreshCheck, ToolsClock } from './ports.ts';
import { seeIssue } from './resolve/seen.ts';
import { whatChanged } from './resolve/staleness.ts';
import { projectOfKey, type Scope } from './scope.ts';

/** Of a write that nobody had to allow: it was looked at a moment ago, when it was asked for. */
const FRESH_MS = 2_000;

interface Place {
  readonly tracker: TrackerAdapter;
  readonly scope: Scope;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** The issue that the run was for: always in scope; "" = not known. */
  readonly ownId: string;
}

export function freshCheck(parts: {
  readonly tracker: TrackerAdapter;
  readonly clock: ToolsClock;
  readonly scope: () => Scope;
  /** The issue that its run was for; "" = not known. */
  readonly ownIdOf: (row: OutboxWrite) => Promise<string>;
}): FreshCheck {
  return async (row: OutboxWrite, signal: AbortSignal) => {
    const { write, before, approvalId, tries } = row;
    const nowMs = parts.clock.nowMs();
    const age = before === null ? Number.POSITIVE_INFINITY : nowMs - before.atMs;
    if (approvalId === null && tries === 0 && age >= 0 && age < FRESH_MS) return null;
    const ownId = await parts.ownIdOf(row);
    return checkNow(write, before, { tracker: parts.tracker, scope: parts.scope(), nowMs, signal, ownId });
  };
}

/** @returns null = go on; otherwise one line. Rejects as the tracker does, but not for an issue that is gone. */
export async function checkNow(
  write: TrackerWrite,
  before: SeenIssue | null,
  { tracker, scope, nowMs, signal, ownId }: Place,
): Promise<string | null> {
  if (write.operation === 'create_issue') {
    const { project } = write.issue;
    return scope === null || scope.includes(project.toUpperCase()) ? null : outOfScope(project);
  }
  if (write.operation === 'living_comment') return null;
  const outside = ({ id, identifier }: IssueRef, asked: IssueRef): string | null => {
    const project = projectOfKey(identifier);
    if (project === null || scope === null || id === ownId || scope.includes(project)) return null;
    // A run that has ended is forgotten: what it was allowed to write to may be its own issue. Only moving counts then.
    if (ownId === '' && projectOfKey(asked.identifier) === project) return null;
    return outOfScope(project);
  };
  try {
    const issue = await tracker.fetchIssueById(write.issue.id, signal);
    const left = outside(issue, write.issue);
    if (left !== null) return left;
    if (write.operation === 'link_issues' && scope !== null) {
      const leads = outside(await tracker.fetchIssueById(write.target.id, signal), write.target);
      if (leads !== null) return leads;
    }
    if (before === null) return null;
    const now = await seeIssue(write, issue, { tracker, nowMs, signal });
    return whatChanged(write.operation, issue.identifier, before, now);
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'tracker_not_found')
      return `${write.issue.identifier} is gone: it was removed, or is hidden from our account`;
    throw error;
  }
}

function outOfScope(project: string): string {
  return `project ${project} is out of scope by now (tools.projects)`;
}
