// What every tool that finds issues does: search within the projects that are open, show the fields that were asked for,
// and stop before the answer is larger than a model can read. It says where the next call goes on.
import { z } from 'zod';
import type { ToolPlace, ToolPlan } from '../../../../src/contract/agent-tools.ts';
import type { JsonMap } from '../../../../src/contract/tool-operations.ts';
import type { Scope } from './scope.ts';
import { searchWindow, startAtLimit } from './search-window.ts';
import { showFields, type FieldView } from './show/fields.ts';
import type { JiraToolParts } from './tool.ts';

/** Seed 002's default. */
export const defaultFields: readonly string[] = [
  ...['summary', 'status', 'assignee', 'priority', 'issuetype', 'created', 'updated'],
];

export const startAtInput = z
  .int()
  .min(0)
  .max(startAtLimit, `startAt is at most ${startAtLimit}: narrow the JQL, e.g. by created < "2026-01-01"`)
  .optional()
  .describe(`Index of the first result, from 0 (default 0, max ${startAtLimit})`);

/** Characters of JSON in one answer. */
const answerLimit = 100_000;
const textLimit = 2_000;

export interface Find {
  /** Bounded already. */
  readonly jql: string;
  readonly fields: readonly string[];
  readonly startAt: number;
  readonly maxResults: number;
}

/** The reading part of a plan; `find` may ask the site first. */
export function findingPlan(
  { parts, scope }: { readonly parts: JiraToolParts; readonly scope: Scope },
  place: ToolPlace,
  projects: readonly string[],
  find: (signal: AbortSignal) => Find | Promise<Find>,
): ToolPlan {
  const run = (signal: AbortSignal): Promise<JsonMap> =>
    parts.loggedIn(signal, async () => findIssues({ parts, scope, place }, await find(signal), signal));
  return { kind: 'read', operation: 'search_issues', projects, issueKeys: [], run };
}

async function findIssues(
  { parts, scope, place }: { parts: JiraToolParts; scope: Scope; place: ToolPlace },
  find: Find,
  signal: AbortSignal,
): Promise<JsonMap> {
  const { startAt, maxResults, fields } = find;
  const { issues: found, more } = await searchWindow(parts.client, find, signal);
  const inside = new Set(await scope.within(found, place, signal));
  const view: FieldView = {
    mayShow: (key) => scope.mayShow(key, place),
    schema: place.schema,
    asked: new Set(fields),
    textLimit,
  };
  const issues: JsonMap[] = [];
  let left = answerLimit;
  let read = 0;
  for (const issue of found) {
    const { id, key } = issue;
    const shown = { id, key, ...showFields(issue.fields ?? {}, view) };
    const length = JSON.stringify(shown).length;
    if (issues.length > 0 && length > left) break;
    read += 1;
    if (!inside.has(issue)) continue;
    left -= length;
    issues.push(shown);
  }
  const cut = read < found.length;
  const next = cut ? startAt + read : startAt + maxResults;
  const goesOn = (cut || more) && next <= startAtLimit;
  const notes = [
    ...(cut ? [`only ${read} of ${found.length} fit into one answer; ask for fewer fields`] : []),
    ...((cut || more) && !goesOn ? ['there are more; narrow the JQL to see them'] : []),
  ];
  return {
    issues,
    startAt,
    maxResults,
    nextStartAt: goesOn ? next : null,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}
