// Who goes first: priority ascending with null last, then oldest `created_at` first, then identifier. Total
// and stable, so that the same issues always come in the same order.

import type { Issue } from '../contract/index.ts';

export function compareForDispatch(a: Issue, b: Issue): number {
  return (
    compareNumbers(a.priority ?? Infinity, b.priority ?? Infinity) ||
    compareNumbers(createdAt(a), createdAt(b)) ||
    compareText(a.identifier, b.identifier) ||
    compareText(a.id, b.id)
  );
}

/** Trackers give offsets (`+0200`) and precisions of all kinds; an unreadable or absent time sorts last. */
function createdAt(issue: Issue): number {
  const parsed = Date.parse(issue.createdAt);
  return Number.isNaN(parsed) ? Infinity : parsed;
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
