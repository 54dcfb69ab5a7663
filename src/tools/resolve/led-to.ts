// Where an action leads beside the issue that it is about: parents of new issues, and issues that stand in custom fields
// (an epic, a picker's choice). Each is read, because a key may stand for an issue that was moved elsewhere, and lies in
// the scope or the action is refused. Within one action each is read once.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { Json, JsonMap } from '../../contract/tool-operations.ts';
import type { TrackerSchema } from '../../contract/tracker-capabilities.ts';
import { demandKey, projectOfKey } from '../scope.ts';
import { findIssue } from './find-issue.ts';
import type { Ground } from './ground.ts';

/** More than any form has. */
const FIELD_ISSUES_LIMIT = 20;

/** What looks like a key in them is somebody's text: UTF-8, COVID-19. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['string', 'number', 'date', 'datetime']);

export interface Paths {
  /** The key of a parent as it is now. Throws ToolFault `project_scope_violation` or TrackerError. */
  parent(key: string): Promise<string>;
  /** @param values by field id. Throws as `parent` does. */
  fields(values: JsonMap): Promise<void>;
}

export function pathsOf(ground: Ground): Paths {
  const found = new Map<string, Promise<string>>();
  const find = (key: string): Promise<string> => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const identifier = findIssue(key, ground).then((issue) => issue.identifier);
    found.set(key, identifier);
    return identifier;
  };
  return {
    async parent(given) {
      const key = given.trim();
      const isJudged = ground.scope === null && projectOfKey(key) !== null;
      return isJudged ? key.toUpperCase() : find(key);
    },
    async fields(values) {
      if (ground.scope === null) return;
      const keys = [...new Set(issueFields(values, ground.schema).flatMap(keysIn))];
      for (const key of keys) demandKey(ground.scope, key, ground.own);
      if (keys.length > FIELD_ISSUES_LIMIT)
        throw new ToolFault('too_large', `customFields: names over ${FIELD_ISSUES_LIMIT} issues`);
      for (const key of keys) await find(key);
    },
  };
}

function issueFields(values: JsonMap, schema: TrackerSchema | null): readonly Json[] {
  return Object.entries(values)
    .filter(([id]) => !TEXT_TYPES.has(schema?.fields.find((field) => field.id === id)?.type ?? ''))
    .map(([, value]) => value);
}

/** Whole texts only; arguments are measured, so that they are not deep. */
function keysIn(value: Json): readonly string[] {
  if (typeof value === 'string') return projectOfKey(value) === null ? [] : [value.trim().toUpperCase()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(keysIn) : [];
}
