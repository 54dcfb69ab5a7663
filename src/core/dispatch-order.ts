// Who goes first: priority ascending with null last, then oldest `created_at` first, then identifier. Total
// and stable, so that the same issues always come in the same order.

import type { Issue } from '../contract/index.ts';

/** A sorted copy. Each time is read once: sorting thousands asks for it a dozen times an issue. */
export function inDispatchOrder(issues: readonly Issue[]): Issue[] {
  return issues
    .map(rank)
    .sort(compareRanks)
    .map(({ issue }) => issue);
}

export function compareForDispatch(a: Issue, b: Issue): number {
  return compareRanks(rank(a), rank(b));
}

interface Ranked {
  readonly issue: Issue;
  readonly priority: number;
  readonly createdAtMs: number;
}

/** Trackers give offsets (`+0200`) and precisions of all kinds; an unreadable or absent time sorts last. */
function rank(issue: Issue): Ranked {
  const parsed = Date.parse(issue.createdAt);
  const createdAtMs = Number.isNaN(parsed) ? Infinity : parsed;
  return { issue, priority: issue.priority ?? Infinity, createdAtMs };
}

function compareRanks(a: Ranked, b: Ranked): number {
  return (
    compareNumbers(a.priority, b.priority) ||
    compareNumbers(a.createdAtMs, b.createdAtMs) ||
    compareText(a.issue.identifier, b.issue.identifier) ||
    compareText(a.issue.id, b.issue.id)
  );
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
