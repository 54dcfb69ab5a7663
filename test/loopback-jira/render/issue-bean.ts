// An issue as it is answered: which fields were asked for, and what the expansions add.
// A name in `fields` that the site does not have is refused: real Jira ignores it, which hides typing errors.
import type { Caller } from '../accounts.ts';
import { violation } from '../answer.ts';
import { message } from '../messages.ts';
import type { IssueRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { issueValues } from './issue-values.ts';
import { api } from './links.ts';
import { transitionDetails } from './transition-details.ts';

export const issueExpansions = [
  'renderedFields',
  'names',
  'schema',
  'transitions',
  'operations',
  'editmeta',
  'changelog',
  'versionedRepresentations',
] as const;

/** `ids` alone makes an answer without `fields`, as search does by default. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly withKey: boolean;
  readonly withFields: boolean;
  /** Entity properties that were asked for, `*all` and `-key` among them; absent = none. */
  readonly properties?: readonly string[] | undefined;
}

export function selectFields(site: Site, asked: readonly string[] | undefined, byDefault: string): Selection {
  const names = asked === undefined || asked.length === 0 ? [byDefault] : asked;
  const chosen = new Set<string>();
  const everything = (navigableOnly: boolean): void => {
    for (const { id, navigable } of site.state.fields.values()) {
      if (!navigableOnly || navigable) chosen.add(id);
    }
  };
  if (names.every((name) => name.startsWith('-'))) everything(byDefault !== '*all');
  for (const name of names) {
    if (name === '*all' || name === '*navigable') everything(name === '*navigable');
    else if (name.startsWith('-')) chosen.delete(knownField(site, name.slice(1)));
    else chosen.add(knownField(site, name));
  }
  const bare = names.every((name) => name === 'id' || name === 'key' || name === 'issuekey');
  return { ids: chosen, withKey: !names.every((name) => name === 'id'), withFields: !bare };
}

function knownField(site: Site, name: string): string {
  if (name === 'id' || name === 'key' || name === 'issuekey' || site.state.fields.has(name)) return name;
  throw violation(`fields: the site has no field "${name}"`, message('invalidParameter', `fields=${name}`));
}

export function issueBean(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  selection: Selection,
  expand: readonly string[] = [],
): Record<string, unknown> {
  const { properties: asked } = selection;
  const properties = asked === undefined ? {} : { properties: chosenProperties(issue, asked) };
  if (!selection.withKey) return { id: issue.id, ...properties };
  const head = {
    expand: issueExpansions.join(','),
    id: issue.id,
    self: api(site, `/issue/${issue.id}`),
    key: issue.key,
    ...properties,
  };
  if (!selection.withFields) return head;
  const fields: Record<string, unknown> = {};
  for (const id of selection.ids) {
    const value = id in issue.custom ? issue.custom[id] : issueValues[id]?.(issue, site, caller);
    if (value !== undefined) fields[id] = value;
    else if (id.startsWith('customfield_')) fields[id] = null;
  }
  return { ...head, ...expansions(site, caller, issue, selection, expand), fields };
}

/** Those that the issue has not are left out, as in Jira. */
function chosenProperties(
  { properties }: IssueRecord,
  asked: readonly string[],
): Readonly<Record<string, unknown>> {
  const all = asked.includes('*all') || asked.every((name) => name.startsWith('-'));
  return Object.fromEntries(
    Object.entries(properties).filter(([key]) => (all || asked.includes(key)) && !asked.includes(`-${key}`)),
  );
}

function expansions(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  { ids }: Selection,
  expand: readonly string[],
): Record<string, unknown> {
  const added: Record<string, unknown> = {};
  const fields = [...site.state.fields.values()].filter(({ id }) => ids.has(id));
  if (expand.includes('names')) added['names'] = Object.fromEntries(fields.map(({ id, name }) => [id, name]));
  if (expand.includes('schema')) {
    added['schema'] = Object.fromEntries(fields.map(({ id, schema }) => [id, schema]));
  }
  if (expand.includes('renderedFields')) added['renderedFields'] = {};
  if (expand.includes('transitions')) added['transitions'] = transitionDetails(site, caller, issue, false);
  if (expand.includes('operations')) added['operations'] = { linkGroups: [] };
  if (expand.includes('changelog')) {
    added['changelog'] = { startAt: 0, maxResults: 0, total: 0, histories: [] };
  }
  return added;
}
