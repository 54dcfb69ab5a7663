// What a person makes of a proposal: each field given replaces the one of that name, null takes it out. Says what was
// really changed, because giving back what stood there is no edit. Checks nothing: details.ts does that afterwards.

import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonMap, WriteOperation } from '../../contract/tool-operations.ts';

export interface EditedDetails {
  readonly details: JsonMap;
  /** Only what differs, null for what was taken out; null = nothing does. */
  readonly changed: JsonMap | null;
}

export function editDetails(operation: WriteOperation, details: JsonMap, edits: JsonMap): EditedDetails {
  const result = new Map<string, Json>(Object.entries(details));
  for (const [name, value] of Object.entries(consistent(operation, edits))) {
    if (value === null && !isNullAValue(operation, name)) result.delete(name);
    else result.set(name, value);
  }
  const changed = new Map<string, Json>();
  for (const name of new Set([...Object.keys(details), ...result.keys()])) {
    if (!isDeepStrictEqual(details[name], result.get(name))) changed.set(name, result.get(name) ?? null);
  }
  return {
    details: Object.fromEntries(result),
    changed: changed.size === 0 ? null : Object.fromEntries(changed),
  };
}

/** Nobody, said of an assignment, is somebody's word and not the lack of one. */
function isNullAValue(operation: WriteOperation, name: string): boolean {
  return operation === 'assign_issue' && name === 'assignee';
}

/** Who replaces the list of issues and does not say how many means all of them. */
function consistent(operation: WriteOperation, edits: JsonMap): JsonMap {
  const issues = edits['issues'];
  if (operation !== 'create_issues' || !Array.isArray(issues) || 'issueCount' in edits) return edits;
  return { ...edits, issueCount: issues.length };
}
