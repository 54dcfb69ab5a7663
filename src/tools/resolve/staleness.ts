// Whether a write has become wrong because the issue is not what it was when the write was asked for. Only what the
// write changes is compared: somebody else's comment or another field does not stand in its way.

import { isDeepStrictEqual } from 'node:util';
import { oneLine } from '../one-line.ts';
import type { SeenIssue, TrackerWriteOperation } from '../../contract/tracker-write.ts';

const TEXT_LIMIT = 80;

/** @returns null = as it was; otherwise one line. */
export function whatChanged(
  operation: TrackerWriteOperation,
  identifier: string,
  before: SeenIssue,
  now: SeenIssue,
): string | null {
  if (operation === 'transition_issue')
    return before.state.toLowerCase() === now.state.toLowerCase()
      ? null
      : `${identifier} is in ${now.state} by now; when this was asked for it was in ${before.state}`;
  if (operation !== 'update_issue' && operation !== 'assign_issue') return null;
  for (const [name, then] of Object.entries(before.fields)) {
    const value = now.fields[name];
    if (value !== undefined && !same(then, value))
      return `${name} of ${identifier} is ${shown(value)} by now; when this was asked for it was ${shown(then)}`;
  }
  return null;
}

function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(sorted(one), sorted(other));
}

/** Trackers give sets (labels, components) in any order. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as readonly string[])].sort() : value;
}

function shown(value: SeenIssue['fields'][string]): string {
  if (value === null) return 'empty';
  const text = typeof value === 'string' ? value : value.join(', ');
  return `"${oneLine(text, TEXT_LIMIT)}"`;
}
